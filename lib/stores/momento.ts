import { Construct } from 'constructs';
import type { Configuration } from '../configuration';
import type { FunctionSettings } from '../store-function';
import { type Store, STORE_TITLES, type StoreCalls } from './store';
import { callsByFunction } from './store-functions';
import { UploadedSecret } from './uploaded-secret';

export type MomentoStoreProps = FunctionSettings & Pick<Configuration, 'momentoCacheName' | 'momentoStrategy'>;

/** Counters in Momento: a cache created in Momento's console, reached over the internet with an uploaded key. */
export class MomentoStore extends Construct implements Store {
  readonly name = 'momento';
  readonly title = STORE_TITLES.momento;
  readonly holdsData = false;
  readonly calls: StoreCalls;

  constructor(scope: Construct, id: string, props: MomentoStoreProps) {
    super(scope, id);
    const { secretArn } = new UploadedSecret(this, 'Key', { store: this.name, description: 'Momento API key' });
    this.calls = callsByFunction(this, this.name, {
      secretArn,
      settings: props,
      environment: { MOMENTO_CACHE_NAME: props.momentoCacheName, MOMENTO_STRATEGY: props.momentoStrategy },
    });
  }
}

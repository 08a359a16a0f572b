import { Construct } from 'constructs';
import type { FunctionSettings } from '../store-function';
import { type Store, STORE_TITLES, type StoreCalls, type StoreSetup } from './store';
import { callsByFunction, setupByFunction } from './store-functions';
import { UploadedSecret } from './uploaded-secret';

/** Counters in TiDB: a cluster created in TiDB Cloud's console, reached over the internet with uploaded credentials. */
export class TidbStore extends Construct implements Store {
  readonly name = 'tidb';
  readonly title = STORE_TITLES.tidb;
  readonly holdsData = false;
  readonly calls: StoreCalls;
  readonly setup: StoreSetup;

  constructor(scope: Construct, id: string, settings: FunctionSettings) {
    super(scope, id);
    const { secretArn } = new UploadedSecret(this, 'Credentials', {
      store: this.name,
      description: 'TiDB address and credentials',
    });
    const access = { secretArn, settings };
    this.calls = callsByFunction(this, this.name, access);
    this.setup = setupByFunction(this, this.name, 'the database and the table', access);
  }
}

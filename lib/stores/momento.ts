import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Configuration } from '../configuration';
import { type FunctionSettings, StoreFunction } from '../store-function';
import type { Store } from './store';
import { UploadedSecret } from './uploaded-secret';

export type MomentoStoreProps = FunctionSettings & Pick<Configuration, 'momentoCacheName' | 'momentoStrategy'>;

/** Counters in Momento: a cache made in its console, reached over the internet with an uploaded key. */
export class MomentoStore extends Construct implements Store {
  readonly name = 'momento';
  readonly title = 'Momento';
  readonly taskSubstitutions: Record<string, string>;
  private readonly increment: StoreFunction;

  constructor(scope: Construct, id: string, props: MomentoStoreProps) {
    super(scope, id);
    const secret = new UploadedSecret(this, 'Key', {
      description: 'Momento API key (momento_key_info.json)',
      store: this.name,
      outputKey: 'MomentoSecretArn',
    });
    this.increment = new StoreFunction(this, 'Increment', {
      description: 'Increments and reads counters in Momento',
      entry: 'functions/momento/handler.ts',
      secretArn: secret.secretArn,
      settings: props,
      environment: { MOMENTO_CACHE_NAME: props.momentoCacheName, MOMENTO_STRATEGY: props.momentoStrategy },
    });
    this.taskSubstitutions = { MomentoFunctionArn: this.increment.function.functionArn };
  }

  throttles(): Metric {
    return this.increment.function.metricThrottles();
  }

  grantIncrement(grantee: IGrantable): void {
    this.increment.grantInvoke(grantee);
  }

  grantRead(grantee: IGrantable): void {
    this.increment.grantInvoke(grantee);
  }
}

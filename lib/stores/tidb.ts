import { Duration } from 'aws-cdk-lib';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { type FunctionSettings, StoreFunction } from '../store-function';
import type { Store } from './store';
import { UploadedSecret } from './uploaded-secret';

/** Counters in TiDB: a cluster made in TiDB Cloud's console, reached over the internet with uploaded credentials. */
export class TidbStore extends Construct implements Store {
  readonly name = 'tidb';
  readonly title = 'TiDB';
  readonly taskSubstitutions: Record<string, string>;
  readonly setup: Store['setup'] & object;
  private readonly increment: StoreFunction;

  constructor(scope: Construct, id: string, settings: FunctionSettings) {
    super(scope, id);
    const { secretArn } = new UploadedSecret(this, 'Credentials', {
      description: 'TiDB address and credentials (tidb_info.json)',
      store: this.name,
      outputKey: 'TidbSecretArn',
    });
    this.increment = new StoreFunction(this, 'Increment', {
      description: 'Increments and reads counters in TiDB',
      entry: 'functions/tidb/handler.ts',
      secretArn,
      settings,
    });
    const setup = new StoreFunction(this, 'Setup', {
      description: 'Makes the database and the table of the counters in TiDB',
      entry: 'functions/tidb/setup-handler.ts',
      secretArn,
      settings,
      timeout: Duration.seconds(30),
    });
    this.taskSubstitutions = { TiDBFunctionArn: this.increment.function.functionArn };
    this.setup = { function: setup, substitutions: { TiDBSetupFunctionArn: setup.function.functionArn } };
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

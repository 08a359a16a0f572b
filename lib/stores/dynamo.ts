import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Configuration } from '../configuration';
import { type Store, STORE_TITLES, type StoreCalls } from './store';

/** Counters in DynamoDB: an on-demand table that the state machines use without a function in between. */
export class DynamoStore extends Construct implements Store {
  readonly name = 'dynamo';
  readonly title = STORE_TITLES.dynamo;
  readonly holdsData = true;
  readonly calls: StoreCalls;

  constructor(
    scope: Construct,
    id: string,
    { retainData, dynamoShards: shards }: Pick<Configuration, 'retainData' | 'dynamoShards'>,
  ) {
    super(scope, id);
    const table = new Table(this, 'Counters', {
      partitionKey: { name: 'id', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.AWS_MANAGED,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: retainData,
      removalPolicy: retainData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    const grant = (grantee: IGrantable, ...actions: string[]): Grant =>
      Grant.addToPrincipal({ grantee, actions, resourceArns: [table.tableArn] });
    const isSharded = shards > 1;
    this.calls = {
      substitutions: { CounterTableName: table.tableName },
      constants: isSharded ? inShards(shards) : IN_ONE_ITEM,
      throttles: () => table.metricThrottledRequestsForOperation('UpdateItem'),
      readThrottles: () => table.metricThrottledRequestsForOperation(isSharded ? 'BatchGetItem' : 'GetItem'),
      grantIncrement: (grantee) =>
        grant(
          grantee,
          'dynamodb:UpdateItem',
          'dynamodb:GetItem', // to read why a key was refused, and which may be forgotten
          ...(isSharded ? ['dynamodb:BatchGetItem'] : []),
        ),
      grantRead: (grantee) => grant(grantee, isSharded ? 'dynamodb:BatchGetItem' : 'dynamodb:GetItem'),
    };
  }
}

/** What the states do that know a counter as one item; those of a striped counter are left out. */
const IN_ONE_ITEM = {
  UnshardedTableName: '${CounterTableName}',
  CounterItem: '$states.context.Execution.Input.id',
  CountInItem: '$states.input.counter',
  Remaining: ", 'remaining': $number($states.context.Execution.Input.max) - $states.input.counter",
};

/** The same of a striped counter (docs/hot-counters.md). The value that a shard's n-th increment has written tells n. */
const inShards = (shards: number): Record<string, string> => ({
  Shards: String(shards),
  CounterItem: "$states.context.Execution.Input.id & '#' & $string($order[$place])",
  CountInItem: `$ceil($states.input.counter / ${shards})`,
  Remaining: '', // no shard knows
});

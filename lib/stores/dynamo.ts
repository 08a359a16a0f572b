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

  constructor(scope: Construct, id: string, { retainData }: Pick<Configuration, 'retainData'>) {
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
    this.calls = {
      substitutions: { CounterTableName: table.tableName },
      throttles: () => table.metricThrottledRequestsForOperation('UpdateItem'),
      readThrottles: () => table.metricThrottledRequestsForOperation('GetItem'),
      grantIncrement: (grantee) => grant(grantee, 'dynamodb:UpdateItem', 'dynamodb:GetItem'), // to read why a key was refused
      grantRead: (grantee) => grant(grantee, 'dynamodb:GetItem'),
    };
  }
}

import { RemovalPolicy } from 'aws-cdk-lib';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Configuration } from '../configuration';
import type { Store } from './store';

/** Counters in DynamoDB: an on-demand table that the state machines use without a function in between. */
export class DynamoStore extends Construct implements Store {
  readonly name = 'dynamo';
  readonly title = 'DynamoDB';
  readonly taskSubstitutions: Record<string, string>;
  private readonly table: Table;

  constructor(scope: Construct, id: string, { retainData }: Pick<Configuration, 'retainData'>) {
    super(scope, id);
    this.table = new Table(this, 'Counters', {
      partitionKey: { name: 'id', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.AWS_MANAGED,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: retainData,
      removalPolicy: retainData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    this.taskSubstitutions = { CounterTableName: this.table.tableName };
  }

  throttles(): Metric {
    return this.table.metricThrottledRequestsForOperation('UpdateItem');
  }

  readThrottles(): Metric {
    return this.table.metricThrottledRequestsForOperation('GetItem');
  }

  grantIncrement(grantee: IGrantable): void {
    Grant.addToPrincipal({ grantee, actions: ['dynamodb:UpdateItem'], resourceArns: [this.table.tableArn] });
  }

  grantRead(grantee: IGrantable): void {
    Grant.addToPrincipal({ grantee, actions: ['dynamodb:GetItem'], resourceArns: [this.table.tableArn] });
  }
}

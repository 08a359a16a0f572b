import { Annotations, CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { beginBundles } from './bundling/function-bundle';
import type { Configuration, StoreName } from './configuration';
import { CounterAlarms } from './counter-alarms';
import { CounterApi } from './counter-api/counter-api';
import { CounterDashboard } from './counter-dashboard';
import { CounterMetrics } from './counter-metrics';
import { IncrementWorkflow } from './increment-workflow';
import { trustOwnAccountOnly } from './own-account';
import { ReadWorkflow } from './read-workflow';
import { SetupWorkflow } from './setup-workflow';
import { DocdbStore } from './stores/docdb';
import { DynamoStore } from './stores/dynamo';
import { MomentoStore } from './stores/momento';
import { StoreNetwork } from './stores/network';
import { RedisStore } from './stores/redis';
import type { Store } from './stores/store';
import { functionEntries } from './stores/store-functions';
import { TidbStore } from './stores/tidb';

export interface AtomicCounterStackProps extends StackProps {
  readonly configuration: Configuration;
}

/** The whole system: the stores, the workflows that increment, read and prepare, the API and the metrics. */
export class AtomicCounterStack extends Stack {
  private network?: StoreNetwork;

  constructor(scope: Construct, id: string, { configuration, ...props }: AtomicCounterStackProps) {
    super(scope, id, {
      description: 'Atomic counters on several datastores behind one HTTP API',
      stackName: configuration.stackName,
      ...props,
    });
    if (this.bundlingRequired) beginBundles(functionEntries(configuration.stores));
    const stores = configuration.stores.map((name) => this.createStore(name, configuration));

    const { stateMachine: increment, log } = new IncrementWorkflow(this, 'IncrementWorkflow', {
      settings: configuration,
      stores,
    });
    const { stateMachine: read } = new ReadWorkflow(this, 'ReadWorkflow', { settings: configuration, stores });
    const { api, apiKey } = new CounterApi(this, 'CounterApi', { increment, read, configuration });
    new CounterMetrics(this, 'CounterMetrics', { ...configuration, log, stores });
    const setups = stores.flatMap((store) => store.setup ?? []);
    const setup =
      setups.length > 0 ? new SetupWorkflow(this, 'SetupWorkflow', { setups, settings: configuration }) : undefined;
    if (setup) this.exportStateMachine('Setup', setup.stateMachine);

    const observed = { api, increment, read, stores, ...(setup ? { setup } : {}) };
    const alarms = configuration.alarms
      ? new CounterAlarms(this, 'CounterAlarms', { ...observed, settings: configuration }).alarms
      : [];
    if (configuration.dashboard)
      new CounterDashboard(this, 'CounterDashboard', { ...observed, alarms, settings: configuration });

    this.export('Stores', configuration.stores.join(','), 'Deployed stores');
    this.export('Mode', describeMode(configuration), 'When an increment is made');
    this.export('ApiUrl', api.url, 'Base URL of the API');
    this.export(
      'ApiKeyCommand',
      `aws apigateway get-api-key --region ${this.region} --api-key ${apiKey.keyId} --include-value --query value --output text`,
      'Prints the API key',
    );
    this.export(
      'CurlExample',
      `curl -X POST ${api.url}${configuration.stores[0]}/votes -H "x-api-key: $(aws apigateway get-api-key --region ${this.region} --api-key ${apiKey.keyId} --include-value --query value --output text)"`,
      'Increments a counter',
    );
    this.exportStateMachine('Increment', increment);
    this.exportStateMachine('Read', read);
    this.export('ExecutionLogGroup', log.logGroupName, 'Log of the increments, which the metrics are computed from');
    trustOwnAccountOnly(this);
    this.tellWhatIsDeleted(configuration, stores);
  }

  /** CloudFormation follows the policies of the last deployment, so setting them in the next comes too late. */
  private tellWhatIsDeleted({ retainData }: Configuration, stores: readonly Store[]): void {
    const deleted = stores.filter(({ holdsData }) => holdsData).map(({ name }) => name);
    if (retainData || deleted.length === 0) return;
    Annotations.of(this).addInfoV2(
      'atomic-counter:data-is-deleted',
      `RETAIN_DATA=false: the counters in ${deleted.join(', ')} are deleted with the stack, or as soon as STORES leaves their store out`,
    );
  }

  private createStore(name: StoreName, configuration: Configuration): Store {
    switch (name) {
      case 'dynamo':
        return new DynamoStore(this, 'Dynamo', configuration);
      case 'redis':
        return new RedisStore(this, 'Redis', { network: this.storeNetwork(configuration), settings: configuration });
      case 'momento':
        return new MomentoStore(this, 'Momento', configuration);
      case 'docdb':
        return new DocdbStore(this, 'Docdb', { network: this.storeNetwork(configuration), settings: configuration });
      case 'tidb':
        return new TidbStore(this, 'Tidb', configuration);
    }
  }

  /** Created for the first store that needs it, and shared. */
  private storeNetwork(configuration: Configuration): StoreNetwork {
    return (this.network ??= new StoreNetwork(this, 'Network', configuration));
  }

  private export(key: string, value: string, description: string): void {
    new CfnOutput(this, key, { value, description });
  }

  private exportStateMachine(name: string, { stateMachineArn }: StateMachine): void {
    this.export(`${name}StateMachineArn`, stateMachineArn, `${name} state machine`);
    this.export(
      `${name}StateMachineConsole`,
      `https://${this.region}.console.aws.amazon.com/states/home?region=${this.region}#/statemachines/view/${stateMachineArn}`,
      `${name} state machine in the console`,
    );
  }
}

function describeMode({ useConditionalWrites, maxCounterValue }: Configuration): string {
  return useConditionalWrites ? `conditional, below ${maxCounterValue}` : 'unconditional';
}

import { Aws, Duration } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  Stats,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Configuration } from './configuration';
import { counterValueMetric, type Ending, endingMetric } from './counter-metrics';
import type { SetupWorkflow } from './setup-workflow';
import type { Store } from './stores/store';

export interface CounterDashboardProps {
  readonly api: RestApi;
  readonly increment: StateMachine;
  readonly read: StateMachine;
  readonly stores: readonly Store[];
  /** @default - no store needs a setup */
  readonly setup?: SetupWorkflow;
  /** @default - none are deployed */
  readonly alarms?: readonly Alarm[];
  readonly settings: Pick<Configuration, 'executionLogLevel' | 'metricsPerCounter'>;
}

const PERIOD = Duration.minutes(5);
const COLUMNS = 24;

/** What happens, on one page: the counters of each store, the API, the executions and the setup. */
export class CounterDashboard extends Construct {
  constructor(scope: Construct, id: string, props: CounterDashboardProps) {
    super(scope, id);
    const { api, increment, read, stores, setup, alarms = [] } = props;
    const stage = api.deploymentStage;
    const dashboard = new Dashboard(this, 'Dashboard', {
      // Dashboard names are shared by all regions of an account.
      dashboardName: `${Aws.STACK_NAME}-${Aws.REGION}`,
      defaultInterval: Duration.hours(3),
    });
    if (alarms.length > 0) {
      dashboard.addWidgets(new AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width: COLUMNS, height: 3 }));
    }
    if (props.settings.executionLogLevel === 'ALL') dashboard.addWidgets(...counterWidgets(props));
    dashboard.addWidgets(
      graph('Requests', [
        stage.metricCount({ label: 'all' }),
        stage.metricClientError({ label: '4xx', statistic: Stats.SUM }),
        stage.metricServerError({ label: '5xx', statistic: Stats.SUM }),
      ]),
      // Latency itself also averages the preflight requests of browsers.
      graph('Latency of the integration, ms', [
        stage.metricIntegrationLatency({ label: 'p50', statistic: 'p50' }),
        stage.metricIntegrationLatency({ label: 'p99', statistic: 'p99' }),
      ]),
      graph('Executions of the increment', executions(increment)),
      graph('Executions of the read', executions(read)),
      graph(
        'Throttled',
        stores.flatMap(({ title, calls }) => [
          calls.throttles().with({ label: title, statistic: Stats.SUM }),
          ...(calls.readThrottles
            ? [calls.readThrottles().with({ label: `${title}, reads`, statistic: Stats.SUM })]
            : []),
        ]),
      ),
      ...(setup
        ? [
            graph('Setup', [
              ...executions(setup.stateMachine),
              setup.stateMachine.metricThrottled({ label: 'throttled' }),
            ]),
          ]
        : []),
    );
  }
}

/** What the metric filters count. They need the execution log at level ALL. */
function counterWidgets({ stores, settings }: CounterDashboardProps): IWidget[] {
  const each = (title: string, ending: Ending): IWidget =>
    graph(
      title,
      stores.map((store) => endingMetric(store.name, ending).with({ label: store.title })),
    );
  return [
    each('Increments', 'Increments'),
    each('Limit reached', 'LimitReached'),
    each('Store unavailable', 'Unavailable'),
    each('Outcome unknown', 'OutcomeUnknown'),
    graph(
      'Largest counter value',
      stores.map((store) => counterValueMetric(store.name, store.title, settings)),
    ),
  ];
}

function executions(stateMachine: StateMachine): IMetric[] {
  return [
    stateMachine.metricStarted({ label: 'started' }),
    stateMachine.metricFailed({ label: 'failed' }),
    stateMachine.metricTimedOut({ label: 'timed out' }),
  ];
}

const graph = (title: string, left: IMetric[]): GraphWidget =>
  new GraphWidget({ title, left, period: PERIOD, leftYAxis: { min: 0 }, width: 8, height: 6 });

import { consoleRoute } from '../../console';
import { startHttpServer } from '../../http/server';
import { createLogs } from '../../cloudwatch/logs';
import { startMetrics } from '../../cloudwatch/metrics';
import {
  type Clock,
  type Integration,
  startStepFunctions,
  stateMachinesFromTemplate,
  TaskError,
} from '../../step-functions';
import type { StepFunctions, StepFunctionsOptions } from '../../step-functions';
import { type RawTemplate, resolveTemplate, stackLocation } from '../../cloudformation';
import type { TemplateResource } from '../../cloudformation/resource';
import { arnOf, machine } from '../step-functions/machines';
import { synthesized } from '../../../../test/lib/synthesized';

export const INCREMENT = arnOf('Increment');
export const ORDERS = arnOf('Orders');
export const FAILING = arnOf('Failing');
export const BATCH = arnOf('Batch');

const LOG_GROUP = 'executions';

/** The console over Step Functions alone, with services that answer at once. */
export interface DemoSystem {
  readonly url: string;
  readonly port: number;
  readonly stepFunctions: StepFunctions;
  /** Increments by executing the machine; the counter `full` is at its limit. */
  increment(store: string, id: string): Promise<string>;
  close(): Promise<void>;
}

export async function startDemoSystem(options: Partial<StepFunctionsOptions> = {}): Promise<DemoSystem> {
  const logs = createLogs();
  const metrics = startMetrics({ resources: [filter('Increments', 'Incremented in DynamoDB')], logs });
  const stepFunctions = startStepFunctions({
    region: 'eu-west-1',
    account: '123456789012',
    integrations: {
      'arn:aws:states:::aws-sdk:dynamodb:updateItem': counter(),
      'arn:aws:states:::aws-sdk:dynamodb:getItem': () => Promise.resolve({}),
      'arn:aws:lambda:': counter(),
    },
    stateMachines: [increment(), orders(), failing(), batch()],
    clock,
    writeLog: (group, message) => logs.put(group, 'executions', message),
    ...options,
  });
  const http = await startHttpServer({ port: 0, routes: [consoleRoute({ stepFunctions, metrics, logs })] });
  return {
    url: `http://127.0.0.1:${http.port}/console`,
    port: http.port,
    stepFunctions,
    async increment(store, id) {
      const input = JSON.stringify({ store, id, useConditionalWrites: true, max: '10' });
      return (await stepFunctions.startSyncExecution({ stateMachineArn: INCREMENT, input })).executionArn;
    },
    async close() {
      await http.close();
      await stepFunctions.close();
      metrics.close();
    },
  };
}

/** Waits of up to a second are over at once, longer ones never are: a state that waits goes on waiting. */
const clock: Clock = {
  now: Date.now,
  after(delayMs, callback) {
    if (delayMs > 1000) return () => undefined;
    const soon = setImmediate(callback);
    return () => clearImmediate(soon);
  },
};

/** The definition that is deployed. Made once: a synthesis takes longer than a test. */
const DEFINITION = stateMachinesFromTemplate(
  resolveTemplate(synthesized().toJSON() as RawTemplate, stackLocation('AtomicCounter')).resources,
).find(({ definition }) => definition.includes('Increment in'))?.definition;

function increment() {
  const logging = { level: 'ALL', includeExecutionData: true, logGroupName: LOG_GROUP } as const;
  return { arn: INCREMENT, name: 'Increment', type: 'EXPRESS', definition: DEFINITION ?? '', logging } as const;
}

/** Adds one to a counter of its own, as the store's table or function would. */
function counter(): Integration {
  const counters = new Map<string, number>();
  return async ({ resource, arguments: call }) => {
    const { id, Key } = call as { id?: string; Key?: { id: { S: string } } };
    const name = id ?? Key?.id.S ?? '';
    const next = (counters.get(name) ?? 0) + 1;
    counters.set(name, next);
    if (name === 'full')
      throw new TaskError('DynamoDb.ConditionalCheckFailedException', 'The conditional request failed');
    if (name === 'busy-once' && next === 1) throw new TaskError('Busy', 'Try again');
    if (name === 'refused') throw new TaskError('CardRefused', 'The card was refused');
    const answer = { outcome: 'incremented', counter: next };
    return Promise.resolve(
      resource.includes('dynamodb') ? { Attributes: { atomic_counter: { N: String(next) } } } : answer,
    );
  };
}

/** A Standard machine with a branch, iterations, variables, a retry, a catcher and a wait. */
function orders() {
  const flaky = 'arn:aws:lambda:eu-west-1:123456789012:function:Flaky';
  return machine(
    'Orders',
    {
      'Note the customer': {
        Type: 'Pass',
        Assign: { customer: '{% $states.input.customer %}' },
        Next: 'Check and price',
      },
      'Check and price': {
        Type: 'Parallel',
        Branches: [
          { StartAt: 'Check stock', States: { 'Check stock': { Type: 'Pass', Output: 'in stock', End: true } } },
          {
            StartAt: 'Price each item',
            States: {
              'Price each item': {
                Type: 'Map',
                Items: '{% $states.input.items %}',
                ItemProcessor: {
                  StartAt: 'Price',
                  States: { Price: { Type: 'Pass', Output: '{% $states.input * 2 %}', End: true } },
                },
                End: true,
              },
            },
          },
        ],
        Next: 'Charge',
      },
      Charge: {
        Type: 'Task',
        Resource: flaky,
        Arguments: { id: '{% $customer %}' },
        Retry: [{ ErrorEquals: ['Busy'], IntervalSeconds: 1, MaxAttempts: 2 }],
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Wait for a person' }],
        Next: 'Charged',
      },
      'Wait for a person': { Type: 'Wait', Seconds: 3600, Next: 'Charged' },
      Charged: { Type: 'Succeed' },
    },
    { type: 'STANDARD', arn: ORDERS },
  );
}

function failing() {
  return machine('Failing', {
    'Look at it': { Type: 'Pass', Next: 'Give up' },
    'Give up': { Type: 'Fail', Error: 'OutOfStock', Cause: '{% "No more of " & $states.input.id %}' },
  });
}

/** Many iterations; the one of a negative item fails. */
function batch() {
  const processor = {
    StartAt: 'Is it negative?',
    States: {
      'Is it negative?': {
        Type: 'Choice',
        Choices: [{ Condition: '{% $states.input < 0 %}', Next: 'Refuse it' }],
        Default: 'Double it',
      },
      'Refuse it': { Type: 'Fail', Error: 'Negative', Cause: '{"item":"{% $states.input %}"}' },
      'Double it': { Type: 'Pass', Output: '{% $states.input * 2 %}', End: true },
    },
  };
  return machine('Batch', {
    Each: { Type: 'Map', Items: '{% $states.input %}', MaxConcurrency: 1, ItemProcessor: processor, End: true },
  });
}

function filter(metricName: string, state: string): TemplateResource {
  return {
    logicalId: metricName,
    type: 'AWS::Logs::MetricFilter',
    physicalId: metricName,
    attributes: {},
    metadata: {},
    properties: {
      LogGroupName: LOG_GROUP,
      FilterPattern: `{ $.type = "SucceedStateEntered" && $.details.name = "${state}" }`,
      MetricTransformations: [{ MetricName: metricName, MetricNamespace: 'AtomicCounter/dynamo', MetricValue: '1' }],
    },
  };
}

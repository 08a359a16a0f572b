import { consoleRoute } from '../../console';
import { type Route, sendJson, startHttpServer } from '../../http/server';
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
export const READ = arnOf('Read');
export const ORDERS = arnOf('Orders');
export const FAILING = arnOf('Failing');
export const BATCH = arnOf('Batch');

const LOG_GROUP = 'executions';

/** The console over Step Functions alone, with services that answer at once. */
export interface DemoSystem {
  readonly url: string;
  readonly port: number;
  readonly stepFunctions: StepFunctions;
  /** The counters by function and id, those in DynamoDB by `dynamo` and id: what is written there, the console hasn't seen. */
  readonly counters: Map<string, number>;
  /** What the stores' route tells. */
  readonly stores: Record<string, DemoStore>;
  /**
   * Increments by executing the machine; the counter `full` is at its limit, `down` is in a store that refuses connections, and
   * what became of an increment of `lost` is unknown.
   */
  increment(store: string, id: string): Promise<string>;
  close(): Promise<void>;
}

export interface DemoStore {
  readonly host: string;
  readonly port: number;
  readonly embedded: boolean;
  state?: 'running' | 'stopped' | 'frozen' | 'ended';
}

export interface DemoOptions extends Partial<StepFunctionsOptions> {
  /** Whether it has a route that stops stores. @default false */
  readonly hasStores?: boolean;
}

export async function startDemoSystem({ hasStores = false, ...options }: DemoOptions = {}): Promise<DemoSystem> {
  const logs = createLogs();
  const metrics = startMetrics({
    resources: [
      filter('Increments', 'Incremented in DynamoDB'),
      filter('LimitReached', 'Limit reached in DynamoDB'),
      filter('OutcomeUnknown', 'DynamoDB outcome unknown'),
    ],
    logs,
  });
  const counters = new Map<string, number>();
  const stepFunctions = startStepFunctions({
    region: 'eu-west-1',
    account: '123456789012',
    integrations: {
      'arn:aws:states:::aws-sdk:dynamodb:updateItem': counter(counters),
      'arn:aws:states:::aws-sdk:dynamodb:getItem': ({ arguments: call }) => {
        const { Key } = call as { Key: { id: { S: string } } };
        const value = counters.get(`dynamo ${Key.id.S}`);
        return Promise.resolve(value === undefined ? {} : { Item: { atomic_counter: { N: String(value) } } });
      },
      'arn:aws:lambda:': counter(counters),
    },
    stateMachines: [increment(), orders(), failing(), reading(), batch()],
    clock,
    writeLog: (group, log, number, type) => logs.putLater(group, 'executions', log, number, type),
    ...options,
  });
  const routes: Route[] = [];
  const http = await startHttpServer({ port: 0, routes });
  const stores: Record<string, DemoStore> = {
    redis: { host: '127.0.0.1', port: 6379, embedded: true, state: 'running' },
    tidb: { host: 'db.example', port: 4000, embedded: false },
  };
  routes.push(
    consoleRoute({
      stepFunctions,
      metrics,
      logs,
      apiMethods: [
        { method: 'POST', url: `http://127.0.0.1:${http.port}/prod/{store}/{id}`, needsKey: true },
        { method: 'GET', url: `http://127.0.0.1:${http.port}/prod/{store}/{id}`, needsKey: true },
        { method: 'GET', url: `http://127.0.0.1:${http.port}/prod/health`, needsKey: false },
      ],
      apiKey: 'the-key',
      ...(hasStores && { storesPath: '/_local/stores' }),
    }),
    readRoute(stepFunctions),
    storesRoute(stores),
  );
  return {
    url: `http://127.0.0.1:${http.port}/console`,
    port: http.port,
    stepFunctions,
    counters,
    stores,
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

/** The definitions that are deployed. Made once: a synthesis takes longer than a test. */
const DEFINITIONS = stateMachinesFromTemplate(
  resolveTemplate(synthesized().toJSON() as RawTemplate, stackLocation('AtomicCounter')).resources,
).map(({ definition }) => definition);
const definitionWith = (state: string): string => DEFINITIONS.find((definition) => definition.includes(state)) ?? '';

function increment() {
  const logging = { level: 'ALL', includeExecutionData: true, logGroupName: LOG_GROUP } as const;
  const definition = definitionWith('Increment in');
  return { arn: INCREMENT, name: 'Increment', type: 'EXPRESS', definition, logging } as const;
}

function reading() {
  return { arn: READ, name: 'Read', type: 'EXPRESS', definition: definitionWith('Read in') } as const;
}

/** Reads or increments a counter as the store's table or function would. */
function counter(counters: Map<string, number>): Integration {
  return ({ resource, arguments: call }) => {
    const { id, Key, operation } = call as { id?: string; Key?: { id: { S: string } }; operation?: string };
    const name = id ?? Key?.id.S ?? '';
    const key = `${resource.includes('dynamodb') ? 'dynamo' : resource.slice(resource.lastIndexOf(':') + 1)} ${name}`;
    if (operation === 'read') return Promise.resolve({ counter: counters.get(key) ?? 0 });
    const next = (counters.get(key) ?? 0) + 1;
    if (name === 'lost') throw new TaskError('UnknownOutcomeError', 'No answer');
    if (name === 'down') throw new TaskError('StoreUnavailableError', 'Connection refused');
    counters.set(key, next);
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

/** A read as the API has it: with a key, and with the execution's ARN on the answer. */
function readRoute(stepFunctions: StepFunctions): Route {
  return (request, response) => {
    const [, store, id] = /^\/prod\/([^/]+)\/([^/]+)$/.exec(request.url ?? '') ?? [];
    if (request.method !== 'GET' || store === undefined || id === undefined) return undefined;
    if (request.headers['x-api-key'] !== 'the-key' || id === 'forbidden') {
      sendJson(response, 403, { message: 'Forbidden' });
      return Promise.resolve();
    }
    const input = JSON.stringify({ store, id });
    return stepFunctions.startSyncExecution({ stateMachineArn: READ, input }).then(({ executionArn, output }) => {
      response.setHeader('X-Execution-Arn', executionArn);
      sendJson(response, 200, output);
    });
  };
}

/** The route of the embedded stores, over none. */
function storesRoute(stores: Record<string, DemoStore>): Route {
  const states = { stop: 'stopped', start: 'running', freeze: 'frozen' } as const;
  return (request, response) => {
    const [, name = '', action = ''] = /^\/_local\/stores\/(\w+)\/(stop|start|freeze)$/.exec(request.url ?? '') ?? [];
    const store = stores[name];
    if (request.method === 'GET' && request.url === '/_local/stores') sendJson(response, 200, stores);
    else if (request.method === 'POST' && store) {
      store.state = states[action as keyof typeof states];
      sendJson(response, 200, { message: `${name} is ${store.state}` });
    } else return undefined;
    return Promise.resolve();
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

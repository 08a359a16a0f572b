import {
  type CounterStore,
  InvalidRequestError,
  type Operation,
  type Outcome,
  StoreUnavailableError,
  UnknownOutcomeError,
} from '../../functions/counter-store';
import type { KeyedIncrement, KeyedOutcome } from '../../functions/keyed-increment';
import {
  dynamoDbIntegrations,
  startStepFunctions,
  type StepFunctions,
  stateMachinesFromTemplate,
} from 'template-runtime/step-functions';
import { type Clock, systemClock } from 'template-runtime/clock';
import { createTables } from 'template-runtime/dynamodb';
import { type RawTemplate, resolveTemplate, stackLocation } from 'template-runtime/cloudformation';
import { synthesized } from '../lib/synthesized';

/** What the state machines put out. */
interface Output {
  readonly outcome: string;
  readonly counter?: number;
  readonly max?: number;
  readonly remaining?: number;
  readonly error?: string;
}

/** How long keys are kept and how many, as the settings of a deployment. */
type KeySettings = Pick<KeyedIncrement, 'windowSeconds' | 'cap'>;

type Resources = ReturnType<typeof resolveTemplate>['resources'];

/** How much faster the machines' timeouts and pauses pass: a task gives up after two seconds, as the other stores do. */
const SPEED = 2.5;

const synthesizedBefore = new Map<string, Resources>();

/** Resources of the template that the settings make: synthesized once, however many stores are opened. */
function resourcesOf(settings: Readonly<Record<string, string>> = {}): Resources {
  const name = JSON.stringify(settings);
  const before = synthesizedBefore.get(name);
  if (before) return before;
  const template = synthesized({ STORES: 'dynamo', ...settings }).toJSON() as RawTemplate;
  const { resources } = resolveTemplate(template, stackLocation('AtomicCounter'));
  synthesizedBefore.set(name, resources);
  return resources;
}

const resources = resourcesOf();
const stateMachines = stateMachinesFromTemplate(resources);

/** The name of the template's table. */
export const TABLE = resources.find(({ type }) => type === 'AWS::DynamoDB::Table')?.physicalId ?? '';

/** Makes the template's table. */
export async function prepareDynamo(endpoint: string): Promise<void> {
  const { call, close } = dynamoDbIntegrations(endpoint);
  await createTables(resources, call);
  close();
}

/**
 * DynamoDB as a counter store: it has no code of its own, so each call is an execution of a state machine.
 *
 * @param deployment settings of the deployment. @default - the defaults
 */
export function dynamoMachineStore(endpoint: string, deployment: Readonly<Record<string, string>> = {}): CounterStore {
  const { integrations, close } = dynamoDbIntegrations(endpoint);
  let nowMs: number | undefined;
  const clock: Clock = {
    ...systemClock,
    now: () => nowMs ?? systemClock.now(),
    after: (ms, call) => systemClock.after(ms / SPEED, call),
  };
  const start = (made: Resources): StepFunctions =>
    startStepFunctions({
      region: 'us-east-1',
      account: '000000000000',
      stateMachines: stateMachinesFromTemplate(made),
      integrations,
      clock,
    });
  const stepFunctions = start(resourcesOf(deployment));
  const keyed = new Map<string, StepFunctions>();
  const keyedBy = ({ windowSeconds, cap }: KeySettings): StepFunctions => {
    const settings = {
      ...deployment,
      IDEMPOTENCY_WINDOW_SECONDS: String(windowSeconds),
      IDEMPOTENCY_KEYS_PER_COUNTER: String(cap),
    };
    const name = JSON.stringify(settings);
    const running = keyed.get(name) ?? start(resourcesOf(settings));
    keyed.set(name, running);
    return running;
  };
  const read = async (id: string): Promise<number> => {
    const output = await run(stepFunctions, 'read', { id });
    return output.outcome === 'read' ? (output.counter ?? NaN) : fail(output);
  };
  /** A refused step tells what remains. Where nothing does, the counter may be above the limit: it is read. */
  const refusedAt = async (id: string, { outcome, remaining }: Output, by = 1): Promise<{ counter?: number }> =>
    outcome === 'limit-reached' && remaining === 0 && by > 1 ? { counter: await read(id) } : {};
  return {
    increment: async (id, options = {}) => {
      const output = await run(stepFunctions, 'increment', { id, ...amountOf(options) });
      return { ...toOutcome(output), ...(await refusedAt(id, output, options.by)) };
    },
    incrementKeyed: async (id, { key, max, by, sentAt, ...settings }) => {
      const input = { id, key, ...amountOf({ max, by }) };
      const machines = keyedBy(settings);
      nowMs = sentAt * 1000; // the execution takes the time when it starts for the sender's
      const running = run(machines, 'increment', input);
      nowMs = undefined;
      const output = await running;
      return { ...toKeyedOutcome(output), ...(await refusedAt(id, output, by)) };
    },
    read,
    close: async () => {
      await Promise.all([stepFunctions, ...keyed.values()].map((running) => running.close()));
      close();
    },
  };
}

/** The limit and the step of an increment in an execution's input. */
function amountOf({ max, by }: Pick<KeyedIncrement, 'max' | 'by'>): object {
  return { useConditionalWrites: max !== undefined, max, ...(by === undefined ? {} : { by: String(by) }) };
}

async function run(stepFunctions: StepFunctions, operation: Operation, input: object): Promise<Output> {
  const { status, output } = await stepFunctions.startSyncExecution({
    stateMachineArn: stateMachines.find(({ name }) => name.endsWith(`-${operation}`))?.arn ?? '',
    input: JSON.stringify({ store: 'dynamo', ...input }),
  });
  if (status !== 'SUCCEEDED') throw new UnknownOutcomeError(`the execution ended as ${status}`);
  return JSON.parse(output ?? '{}') as Output;
}

function toKeyedOutcome(output: Output): KeyedOutcome {
  switch (output.outcome) {
    case 'replayed':
      return { status: 'replayed', counter: output.counter ?? NaN };
    case 'no-room':
      return { status: 'full' };
    case 'late':
      return { status: 'late' };
    default:
      return toOutcome(output);
  }
}

function toOutcome(output: Output): Outcome {
  const { outcome, counter, max = 0, remaining = 0 } = output;
  switch (outcome) {
    case 'incremented':
      return { status: 'incremented', counter: counter ?? NaN };
    case 'limit-reached':
      return { status: 'limit-reached', ...(remaining > 0 ? { counter: max - remaining } : {}) };
    default:
      return fail(output);
  }
}

function fail({ outcome, error = outcome }: Output): never {
  switch (outcome) {
    case 'invalid-request':
      throw new InvalidRequestError(error);
    case 'unavailable':
      throw new StoreUnavailableError(error);
    default:
      throw new UnknownOutcomeError(error);
  }
}

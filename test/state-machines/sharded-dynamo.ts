import {
  dynamoDbIntegrations,
  type Integration,
  startStepFunctions,
  type StepFunctions,
  stateMachinesFromTemplate,
} from 'template-runtime/step-functions';
import { systemClock } from 'template-runtime/clock';
import { type RawTemplate, resolveTemplate, stackLocation } from 'template-runtime/cloudformation';
import { prepareDynamo, TABLE } from '../functions/dynamo-machine';
import { keyHash } from '../../functions/keyed-increment';
import { synthesized } from '../lib/synthesized';
import { impatientClock } from './impatient-clock';

/** What an execution puts out. */
export interface Output {
  readonly outcome: string;
  readonly counter?: number;
  readonly max?: number;
  readonly remaining?: number;
  readonly error?: string;
}

export interface Call {
  /** The limit. @default - none */
  readonly max?: number;
  /** An idempotency key. @default - none */
  readonly key?: string;
  /** When it was sent, in seconds. @default - now */
  readonly sentAt?: number;
  /** @default - 1 */
  readonly by?: string;
}

export type Item = Readonly<Record<string, { readonly N?: string; readonly S?: string }>>;

interface BatchAnswer {
  readonly Responses: Record<string, Item[]>;
  readonly UnprocessedKeys?: object;
}

/** A request, as a fault may answer it instead. */
export interface Request {
  readonly operation: string;
  readonly input: Record<string, unknown>;
  /** Sends it. */
  readonly send: () => Promise<unknown>;
}

/** The state machines of deployments that differ in their number of shards, on one DynamoDB. */
export interface ShardedDynamo {
  /** An increment by the deployment with so many shards. */
  increment(id: string, shards: number, call?: Call): Promise<Output>;
  /** A read by it. */
  /** @param max up to which it asks what remains. @default - it doesn't ask */
  read(id: string, shards: number, max?: number): Promise<Output>;
  item(id: string): Promise<Item | undefined>;
  put(item: Item): Promise<unknown>;
  /** Puts there what calls leave behind: how many values each of the shards has handed out. */
  arrange(id: string, max: number, used: readonly number[], more?: Readonly<Record<number, Item>>): Promise<void>;
  /** The operations since the last look, with the id of their item. */
  requests(): string[];
  /** Answers the requests from now on. @default - DynamoDB does */
  answer(by?: (request: Request) => Promise<unknown>): void;
  close(): Promise<void>;
}

/** The limit of a counter without one. */
export const NO_LIMIT = Number.MAX_SAFE_INTEGER;

/** How many keys a counter of these deployments remembers. */
export const CAP = 40;

/** @param options.isPatient whether pauses are waited for. @default false */
export async function openShardedDynamo(endpoint: string, { isPatient = false } = {}): Promise<ShardedDynamo> {
  await prepareDynamo(endpoint);
  const dynamo = dynamoDbIntegrations(endpoint);
  const deployments = new Map<number, { stepFunctions: StepFunctions; arnOf: (operation: string) => string }>();
  let nowMs: number | undefined;
  const made: string[] = [];
  let answerBy: ((request: Request) => Promise<unknown>) | undefined;
  const clock = { ...(isPatient ? systemClock : impatientClock), now: () => nowMs ?? systemClock.now() };

  const integrations = Object.fromEntries(
    Object.entries(dynamo.integrations).map(([prefix, integration]): [string, Integration] => [
      prefix,
      (task) => {
        const input = task.arguments as Record<string, unknown>;
        const operation = task.resource.slice(task.resource.lastIndexOf(':') + 1);
        made.push(`${operation} ${(input as { Key?: Item }).Key?.['id']?.S ?? ''}`.trim());
        const send = async (): Promise<unknown> => integration(task);
        return answerBy ? answerBy({ operation, input, send }) : send();
      },
    ]),
  );
  const deploymentOf = (shards: number): { stepFunctions: StepFunctions; arnOf: (operation: string) => string } => {
    const running = deployments.get(shards);
    if (running) return running;
    const settings = { STORES: 'dynamo', DYNAMO_SHARDS: String(shards), IDEMPOTENCY_KEYS_PER_COUNTER: String(CAP) };
    const { resources } = resolveTemplate(
      synthesized(settings).toJSON() as RawTemplate,
      stackLocation('AtomicCounter'),
    );
    const stateMachines = stateMachinesFromTemplate(resources);
    const stepFunctions = startStepFunctions({
      region: 'us-east-1',
      account: '000000000000',
      stateMachines,
      integrations,
      clock,
    });
    const arnOf = (operation: string): string =>
      stateMachines.find(({ name }) => name.endsWith(`-${operation}`))?.arn ?? '';
    deployments.set(shards, { stepFunctions, arnOf });
    return { stepFunctions, arnOf };
  };
  const run = async (operation: string, shards: number, input: object, sentAt?: number): Promise<Output> => {
    const { stepFunctions, arnOf } = deploymentOf(shards);
    nowMs = sentAt === undefined ? undefined : sentAt * 1000;
    const running = stepFunctions.startSyncExecution({
      stateMachineArn: arnOf(operation),
      input: JSON.stringify({ store: 'dynamo', ...input }),
    });
    nowMs = undefined;
    const { status, output, cause } = await running;
    return output === undefined ? { outcome: status, error: cause ?? '' } : (JSON.parse(output) as Output);
  };
  const put = (item: Item): Promise<unknown> => dynamo.call('PutItem', { TableName: TABLE, Item: item });

  return {
    increment: (id, shards, { max, sentAt, ...call } = {}) => {
      const limit = max === undefined ? {} : { max: String(max) };
      return run('increment', shards, { id, useConditionalWrites: max !== undefined, ...limit, ...call }, sentAt);
    },
    read: (id, shards, max) => run('read', shards, { id, ...(max === undefined ? {} : { max: String(max) }) }),
    item: async (id) => {
      const request = { TableName: TABLE, Key: { id: { S: id } }, ConsistentRead: true };
      return ((await dynamo.call('GetItem', request)) as { Item?: Item }).Item;
    },
    put,
    arrange: async (id, max, used, more = {}) => {
      const striped = { shards: { N: String(used.length) }, max: { N: String(max) } };
      await put({ id: { S: id }, ...striped, atomic_counter: { S: 'striped' } });
      for (const [shard, count] of used.entries()) {
        await put({ id: { S: `${id}#${shard}` }, ...striped, atomic_counter: { N: String(count) }, ...more[shard] });
      }
    },
    requests: () => made.splice(0),
    answer: (by) => {
      answerBy = by;
    },
    close: async () => {
      await Promise.all([...deployments.values()].map(({ stepFunctions }) => stepFunctions.close()));
      dynamo.close();
    },
  };
}

/** At which of its shards a key starts. */
export function homeOf(key: string, shards: number): number {
  return parseInt(keyHash(key).slice(0, 4), 16) % shards;
}

/** The answer of a look without all shards but the first: what a throttled DynamoDB leaves out. */
export function withoutAllButOne(answer: unknown): unknown {
  const { Responses } = answer as BatchAnswer;
  const [first, ...others] = Responses[TABLE] ?? [];
  const left = others.map(({ id }) => ({ id }));
  return {
    Responses: { [TABLE]: first ? [first] : [] },
    UnprocessedKeys: left.length ? { [TABLE]: { Keys: left } } : {},
  };
}

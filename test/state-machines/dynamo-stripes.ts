import { createHash } from 'node:crypto';

/** Calls one operation of DynamoDB. */
type Call = (operation: string, input: unknown) => Promise<unknown>;

/** How a call wants its counter to be striped. */
export interface Stripes {
  /** K */
  readonly shards: number;
  /** M, at most 2^53-1. */
  readonly limit: number;
}

/** An idempotency key, and how long it is kept. */
export interface KeyOfCall {
  readonly key: string;
  /** Seconds since the epoch. */
  readonly sentAt: number;
  /** When it may be forgotten, likewise. */
  readonly until: number;
  /** How many keys a shard remembers at most. */
  readonly cap: number;
}

export type StripedOutcome =
  | { readonly status: 'incremented' | 'replayed'; readonly counter: number }
  | { readonly status: 'limit-reached' | 'full' | 'late' }
  /** The counter is striped otherwise. */
  | ({ readonly status: 'other' } & Stripes);

/** A striped counter of a table. */
export interface StripedCounter {
  /** @param home the shard at which a call without a key starts. @default - any */
  increment(id: string, stripes: Stripes, options?: { home?: number; key?: KeyOfCall }): Promise<StripedOutcome>;
  /** How often it was incremented. */
  read(id: string, shards: number): Promise<number>;
}

type Item = Readonly<Record<string, { readonly N?: string; readonly S?: string; readonly BOOL?: boolean }>>;

/** What BatchGetItem takes at most. */
const MOST_KEYS = 100;

const NAMES = { '#c': 'atomic_counter', '#shards': 'shards', '#max': 'max' };

/**
 * The requests of docs/hot-counters.md in their order, as the state machine is to make them: nothing is repeated here, and an
 * error that isn't a refusal ends the call.
 */
export function stripedCounter(call: Call, table: string): StripedCounter {
  /** @returns undefined where the condition doesn't hold */
  const update = async (id: string, input: object): Promise<unknown> => {
    try {
      return await call('UpdateItem', { TableName: table, Key: { id: { S: id } }, ...input });
    } catch (error) {
      if ((error as Error).name === 'DynamoDb.ConditionalCheckFailedException') return undefined;
      throw error;
    }
  };

  const look = async (ids: readonly string[], consistent: boolean): Promise<ReadonlyMap<string, Item>> => {
    const request = { Keys: ids.map((id) => ({ id: { S: id } })), ConsistentRead: consistent };
    const answer = await call('BatchGetItem', { RequestItems: { [table]: request } });
    const { Responses: found } = answer as { Responses: Record<string, Item[]> };
    return new Map(found[table]?.map((item) => [item['id']?.S ?? '', item]));
  };

  const increment: StripedCounter['increment'] = async (id, stripes, { home, key } = {}) => {
    const { shards, limit } = stripes;
    const asked = Math.min(shards, limit); // the others own no value
    const hash = key && createHash('sha256').update(key.key).digest('hex').slice(0, 16);
    const first =
      home ?? (hash === undefined ? Math.floor(Math.random() * asked) : parseInt(hash.slice(0, 4), 16) % asked);
    const others = Array.from({ length: asked - 1 }, (_, index) => (first + 1 + index) % asked);
    // A key keeps to its order; the others spread over what is left.
    const order = [first, ...(key ? others : shuffled(others))];
    const close = async (): Promise<StripedOutcome> => {
      await update(shardId(id, first), {
        UpdateExpression: 'SET #closed = :true',
        ExpressionAttributeNames: { '#closed': 'closed' },
        ExpressionAttributeValues: { ':true': { BOOL: true } },
      });
      return { status: 'limit-reached' };
    };

    let [place, isPinned] = [0, false];
    for (;;) {
      const shard = order[place] ?? first;
      const counted = await update(shardId(id, shard), incrementOf(stripes, shard, isPinned, key, hash));
      if (counted !== undefined) {
        const { Attributes: after } = counted as { Attributes: Item };
        return { status: 'incremented', counter: valueOf(stripes, shard, numberOf(after['atomic_counter'])) };
      }

      const item = (await look([shardId(id, shard)], true)).get(shardId(id, shard));
      if (item === undefined) {
        if (!(await update(id, pinOf(stripes)))) {
          const head = (await look([id], true)).get(id) ?? {};
          return { status: 'other', shards: numberOf(head['shards'], 1), limit: numberOf(head['max'], 0) };
        }
        isPinned = true;
        continue;
      }
      if (numberOf(item['shards']) !== shards || numberOf(item['max']) !== limit) {
        return { status: 'other', shards: numberOf(item['shards']), limit: numberOf(item['max']) };
      }
      const refusal = refusalBy(stripes, shard, item, key, hash);
      if (refusal === undefined) continue; // what stood in the way has gone
      if (refusal.status !== 'limit-reached') return refusal;
      if (item['closed']?.BOOL === true && key === undefined) return place === 0 ? refusal : close();

      // It is full for ever, and so is each that is shown to be, however old the answer.
      place += 1;
      while (place < asked) {
        const next = order.slice(place, place + MOST_KEYS);
        if (next.length === 1) break; // a write tells as much
        const ids = next.map((other) => shardId(id, other));
        const seen = await look(ids, false);
        const refusals = next.map((other) => {
          const found = seen.get(shardId(id, other));
          return found && refusalBy(stripes, other, found, key, hash);
        });
        const passed = refusals.findIndex((one) => one?.status !== 'limit-reached');
        const found = refusals[passed];
        if (found?.status === 'replayed' || found?.status === 'late') return found;
        place += passed === -1 ? next.length : passed;
        if (passed !== -1) break;
      }
      if (place >= asked) return close();
    }
  };

  return {
    increment,
    read: async (id, shards) => {
      let sum = 0;
      for (let from = 0; from < shards; from += MOST_KEYS) {
        const page = Array.from({ length: Math.min(MOST_KEYS, shards - from) }, (_, index) =>
          shardId(id, from + index),
        );
        for (const item of (await look(page, true)).values()) sum += numberOf(item['atomic_counter']);
      }
      return sum;
    },
  };
}

/** No counter id has a number sign. */
function shardId(id: string, shard: number): string {
  return `${id}#${shard}`;
}

/** How many values a shard owns. */
function quotaOf({ shards, limit }: Stripes, shard: number): number {
  const rest = limit % shards;
  return (limit - rest) / shards + (shard < rest ? 1 : 0);
}

function valueOf({ shards }: Stripes, shard: number, used: number): number {
  return shard + 1 + shards * (used - 1);
}

/** K and M become the counter's, unless others are. The text keeps an increment of an unsharded deployment out. */
function pinOf({ shards, limit }: Stripes): object {
  return {
    UpdateExpression: 'SET #shards = :shards, #max = :max, #c = :striped',
    ConditionExpression: 'attribute_not_exists(#id) OR (#shards = :shards AND #max = :max)',
    ExpressionAttributeNames: { ...NAMES, '#id': 'id' },
    ExpressionAttributeValues: {
      ':shards': { N: String(shards) },
      ':max': { N: String(limit) },
      ':striped': { S: 'striped' },
    },
    ReturnValues: 'UPDATED_NEW',
  };
}

function incrementOf(stripes: Stripes, shard: number, isPinned: boolean, key?: KeyOfCall, hash?: string): object {
  const same = '#shards = :shards AND #max = :max';
  return {
    UpdateExpression: key
      ? 'SET #c = if_not_exists(#c, :zero) + :one, #key = if_not_exists(#c, :zero) + :until, #keys = if_not_exists(#keys, :zero) + :one, #shards = :shards, #max = :max'
      : 'SET #c = if_not_exists(#c, :zero) + :one, #shards = :shards, #max = :max',
    ConditionExpression: [
      isPinned ? `(attribute_not_exists(#shards) OR (${same}))` : same,
      '(attribute_not_exists(#c) OR #c < :quota OR NOT attribute_type(#c, :number))',
      ...(key
        ? [
            'attribute_not_exists(#key)',
            '(attribute_not_exists(#floor) OR #floor <= :sent)',
            '(attribute_not_exists(#keys) OR #keys < :cap)',
          ]
        : []),
    ].join(' AND '),
    ExpressionAttributeNames: { ...NAMES, ...(key && { '#key': hash, '#keys': 'keys', '#floor': 'keys_floor' }) },
    ExpressionAttributeValues: {
      ':zero': { N: '0' },
      ':one': { N: '1' },
      ':number': { S: 'N' },
      ':quota': { N: String(quotaOf(stripes, shard)) },
      ':shards': { N: String(stripes.shards) },
      ':max': { N: String(stripes.limit) },
      ...(key && {
        ':until': { N: `0.${key.until}1` },
        ':sent': { N: String(key.sentAt) },
        ':cap': { N: String(key.cap) },
      }),
    },
    ReturnValues: 'UPDATED_NEW',
  };
}

/** Why a shard refuses, in the order in which it is told. @returns undefined where it doesn't */
function refusalBy(
  stripes: Stripes,
  shard: number,
  item: Item,
  key?: KeyOfCall,
  hash = '',
): Exclude<StripedOutcome, { status: 'other' }> | undefined {
  const used = numberOf(item['atomic_counter']);
  const recorded = item[hash]?.N;
  if (recorded !== undefined) return { status: 'replayed', counter: valueOf(stripes, shard, parseInt(recorded) + 1) };
  // Before it is passed: what a full shard has forgotten must not be counted in the next.
  if (key && numberOf(item['keys_floor']) > key.sentAt) return { status: 'late' };
  if (used >= quotaOf(stripes, shard)) return { status: 'limit-reached' };
  if (key && numberOf(item['keys']) >= key.cap) return { status: 'full' };
  return undefined;
}

function shuffled<Item>(items: readonly Item[]): Item[] {
  return items
    .map((item) => ({ item, place: Math.random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

function numberOf(attribute: Item[string] | undefined, otherwise = 0): number {
  return attribute?.N === undefined ? otherwise : Number(attribute.N);
}

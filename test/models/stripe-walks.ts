import { setImmediate as turn } from 'node:timers/promises';
import { keyHash } from '../../functions/keyed-increment';
import { TaskError } from 'template-runtime/step-functions';
import { CAP, homeOf, type Output, type Request, type ShardedDynamo } from '../state-machines/sharded-dynamo';
import { type StripedKey, stripesModel, type StripesScenario, type StripesState } from './stripes.model';
import { distinct, isSame } from './values';

/** How the answer to a write is lost: it has counted, it never arrives, or it arrives when the walk says so. */
type Loss = 'after it has arrived' | 'and the write' | 'and the write is late';

/** A call that a walk makes. */
interface WalkedCall {
  readonly key?: StripedKey | undefined;
  /** Which of its writes have no answer, by their order. */
  readonly losses: readonly (Loss | undefined)[];
}

type Event =
  /** Calls at once. */
  | { readonly does: 'call'; readonly calls: readonly WalkedCall[] }
  /** A call is sent, which is made later. */
  | { readonly does: 'send'; readonly key: StripedKey }
  | { readonly does: 'make what was sent'; readonly call: WalkedCall }
  /** A late write arrives. */
  | { readonly does: 'deliver' }
  /** The shard that has recorded a key forgets all of its own. */
  | { readonly does: 'forget' }
  | { readonly does: 'crowd' }
  | { readonly does: 'make room' };

/** All of a walk follows from its seed. */
export interface StripeWalk {
  readonly seed: number;
  readonly shards: number;
  readonly limit: number;
  readonly events: readonly Event[];
}

/** What is seen of a counter between two events. */
interface Seen {
  readonly used: readonly number[];
  /** As `a@1=2`: key, shard and value. */
  readonly records: readonly string[];
}

type Told = readonly [status: string, counter?: number];

interface Place {
  readonly state: StripesState;
  readonly told: readonly Told[];
}

/** Each key's calls start at a shard of their own, so far as there are enough. */
const NAMES: Readonly<Record<StripedKey, string>> = { a: 'order-17', b: 'order-2' };

const SENT = Math.floor(Date.now() / 1000);
/** What was sent before is late where keys have been forgotten. */
const FLOOR = SENT + 10;

export function makeStripeWalk(seed: number): StripeWalk {
  const random = randomOf(seed);
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
  const losses: readonly (Loss | undefined)[] = [
    ...Array<undefined>(6).fill(undefined),
    'after it has arrived',
    'and the write',
    'and the write is late',
  ];
  const call = (key = pick(['a', 'a', 'b', undefined, undefined, undefined] as const)): WalkedCall => ({
    key,
    losses: [pick(losses), pick(losses), pick(losses)],
  });
  const special = pick(['forget', 'crowd', undefined] as const);
  const events: Event[] = Array.from({ length: 5 }, (): Event => {
    const chance = random();
    if (chance < 0.15) return { does: 'deliver' };
    return { does: 'call', calls: chance < 0.35 ? [call(), call()] : [call()] };
  });
  if (special === 'forget') {
    const key = pick(['a', 'b'] as const);
    events.splice(2, 0, { does: 'send', key });
    events.splice(4, 0, { does: 'forget' });
    events.push({ does: 'make what was sent', call: call(key) });
  }
  if (special === 'crowd') {
    events.splice(pick([0, 1, 2]), 0, { does: 'crowd' });
    events.splice(pick([4, 5]), 0, { does: 'make room' });
  }
  return { seed, shards: special === 'forget' ? 2 : pick([2, 3]), limit: pick([1, 2, 3, 4, 5]), events };
}

/**
 * Takes a walk on a real counter of its own, and follows it in the model: all states are kept that agree with how its calls
 * ended and with what its shards hold.
 *
 * @returns what its calls were told
 * @throws Error telling the walk where the counter does what the protocol doesn't allow
 */
export async function takeStripeWalk(walk: StripeWalk, dynamo: ShardedDynamo): Promise<readonly string[]> {
  const { shards, limit } = walk;
  const id = `walk-${process.pid}-${Date.now()}-${walk.seed}`;
  const crowded = homeOf(NAMES.a, Math.min(shards, limit));
  const model = stripesModel(scenarioOf(walk, crowded));
  const lines = [`walk ${walk.seed}: ${shards} shards, limit ${limit}`];
  const met: string[] = [];
  const late: (() => Promise<unknown>)[] = [];
  let states: readonly StripesState[] = [model.initial];
  let pending = 0;
  let sentAt = SENT;

  const see = async (): Promise<Seen> => {
    const items = await Promise.all(Array.from({ length: shards }, (_, shard) => dynamo.item(`${id}#${shard}`)));
    const records = items.flatMap((item, shard) =>
      (['a', 'b'] as const).flatMap((key) => {
        const record = item?.[keyHash(NAMES[key])]?.N;
        return record === undefined ? [] : [`${key}@${shard}=${shard + 1 + shards * parseInt(record)}`];
      }),
    );
    return { used: items.map((item) => Number(item?.['atomic_counter']?.N ?? 0)), records: records.sort() };
  };
  /** Keeps what agrees with the counter. */
  const keep = async (what: string, places: readonly Place[], told: readonly Told[] = []): Promise<void> => {
    const seen = await see();
    lines.push(`${what}: ${JSON.stringify(told)}, then ${JSON.stringify(seen)}`);
    const allowed = places.filter(
      ({ state, told: by }) => isSame(seenOf(state), seen) && by.length === told.length && isToldAs(by, told),
    );
    if (allowed.length === 0) {
      const others = distinct(places.map(({ state, told: by }) => ({ told: by, seen: seenOf(state) })));
      throw new Error([...lines, 'The protocol allows here:', ...others.map((one) => JSON.stringify(one))].join('\n'));
    }
    states = distinct(allowed.map(({ state }) => state));
  };
  /** Where the states may get by steps that are taken, and by late writes, which arrive at any time. */
  const reach = async (
    isTaken: (step: string) => boolean,
    isOver: (state: StripesState) => boolean,
    waiting = 0,
  ): Promise<Place[]> => {
    let frontier = states.map((state): Place => ({ state, told: [] }));
    const all = new Map<string, Place>();
    while (frontier.length > 0) {
      // A server ends a connection that is idle for seconds, and that has to be heard before the next request.
      await turn();
      const found = frontier.filter((place) => !all.has(JSON.stringify(place)));
      for (const place of found) all.set(JSON.stringify(place), place);
      frontier = found.flatMap(({ state, told }) =>
        [...model.next(state)].flatMap(([step, to]) => {
          if (!step.startsWith('a late write') && !isTaken(step)) return [];
          if (waitingIn(to) < waiting) return [];
          const by = step.startsWith('a late write') ? undefined : toldBy(step, state, to);
          return [{ state: to, told: by ? [...told, by] : told }];
        }),
      );
    }
    return [...all.values()].filter(({ state }) => isOver(state));
  };
  const byCalls = (keys: readonly (StripedKey | undefined)[], begun: number): Promise<Place[]> => {
    const waiting = Math.min(...states.map((state) => waitingIn(state))) - begun;
    return reach(
      (step) =>
        keys.some((key) => new RegExp(`^a call ${key === undefined ? '(?!with)' : `with key ${key} `}`).test(step)),
      (state) => waitingIn(state) === waiting && activeIn(state) === pending,
      waiting,
    );
  };
  const make = async (calls: readonly WalkedCall[], at: number): Promise<Told[]> => {
    const left = calls.map(({ losses }) => [...losses]);
    dynamo.answer(async (request) => {
      if (!isIncrementIn(id, request)) return request.send();
      const index = calls.findIndex(({ key }) => isOf(request, key));
      const loss = left[index]?.shift();
      // A copy of a write with a key may arrive at any time, one without a key only if it hasn't yet.
      if (calls[index]?.key !== undefined || loss === 'and the write is late') late.push(request.send);
      if (loss === 'after it has arrived') await request.send();
      if (loss === undefined) return request.send();
      throw new TaskError('DynamoDb.SdkClientException', 'Unable to execute HTTP request: Read timed out');
    });
    const outputs = await Promise.all(
      calls.map(({ key }) =>
        dynamo.increment(id, shards, { max: limit, sentAt: at, ...(key !== undefined && { key: NAMES[key] }) }),
      ),
    );
    dynamo.answer();
    return outputs.map(({ outcome, counter }: Output): Told =>
      counter === undefined ? [outcome] : [outcome, counter],
    );
  };

  await dynamo.arrange(id, limit, Array<number>(shards).fill(0));
  for (const event of walk.events) {
    if (event.does === 'call') {
      const told = await make(event.calls, sentAt);
      met.push(...told.map(([status]) => status));
      const keys = event.calls.map(({ key }) => key);
      await keep(JSON.stringify(event.calls), await byCalls(keys, keys.length), told);
    } else if (event.does === 'make what was sent') {
      const told = await make([event.call], SENT);
      met.push(...told.map(([status]) => status));
      pending -= 1;
      await keep(`sent before: ${JSON.stringify(event.call)}`, await byCalls([event.call.key], 0), told);
    } else if (event.does === 'send') {
      pending += 1;
      const waiting = Math.min(...states.map(waitingIn)) - 1;
      const isSent = (step: string): boolean => step === `a call with key ${event.key} is sent`;
      await keep(`key ${event.key} is sent`, await reach(isSent, (state) => waitingIn(state) === waiting, waiting));
    } else if (event.does === 'deliver') {
      await late
        .shift()?.()
        .catch(() => undefined);
      await keep(
        'a late write arrives',
        await reach(
          () => false,
          () => true,
        ),
      );
    } else if (event.does === 'forget') {
      const [record] = (await see()).records;
      if (record === undefined) continue;
      const shard = Number(/@(\d)/.exec(record)?.[1]);
      const hashes = [NAMES.a, NAMES.b].map(keyHash);
      const item = Object.fromEntries(
        Object.entries((await dynamo.item(`${id}#${shard}`)) ?? {}).filter(([name]) => !hashes.includes(name)),
      );
      await dynamo.put({ ...item, keys: { N: '0' }, keys_floor: { N: String(FLOOR) } });
      sentAt = FLOOR;
      await keep(`shard ${shard} forgets`, await environment(reach, `shard ${shard} forgets its keys`));
    } else {
      const item = (await dynamo.item(`${id}#${crowded}`)) ?? {};
      const [room, keys] = event.does === 'crowd' ? ['has no room', CAP] : ['has room', -CAP];
      await dynamo.put({ ...item, keys: { N: String(Number(item['keys']?.N ?? 0) + keys) } });
      await keep(`shard ${crowded} ${room}`, await environment(reach, `shard ${crowded} ${room} for another key`));
    }
  }
  return met;
}

async function environment(
  reach: (isTaken: (step: string) => boolean, isOver: (state: StripesState) => boolean) => Promise<Place[]>,
  only: string,
): Promise<Place[]> {
  const places = await reach(
    (step) => step === only,
    () => true,
  );
  return places.map(({ state }) => ({ state, told: [] }));
}

function scenarioOf({ shards, limit, events }: StripeWalk, crowded: number): StripesScenario {
  const asked = Math.min(shards, limit);
  return {
    shards,
    limit,
    calls: events.flatMap((event) =>
      event.does === 'call' ? event.calls.map(({ key }) => key) : event.does === 'send' ? [event.key] : [],
    ),
    homes: { a: homeOf(NAMES.a, asked), b: homeOf(NAMES.b, asked) },
    ...(events.some(({ does }) => does === 'crowd') && { crowded }),
    forgets: events.some(({ does }) => does === 'forget'),
  };
}

/** What a step tells its call, if it ends it. */
function toldBy(step: string, from: StripesState, to: StripesState): Told | undefined {
  const value = Number(/: (\d+)$/.exec(step)?.[1]);
  if (countOf(to, 'give up') > countOf(from, 'give up')) return ['unknown'];
  if (/counts in shard/.test(step)) return ['incremented', value];
  if (/(?:finds|sees) its key/.test(step)) return ['replayed', value];
  if (/the last one$|sees the marker$/.test(step)) return ['limit-reached'];
  if (/no room/.test(step)) return ['no-room'];
  if (/ late /.test(step)) return ['late'];
  return undefined;
}

/** Who has been in doubt about an earlier shard is told no more than that, though the protocol could tell. */
function isToldAs(model: readonly Told[], told: readonly Told[]): boolean {
  const left = [...model];
  return [...told]
    .sort(([one]) => (one === 'unknown' ? 1 : -1))
    .every((one) => {
      const at = left.findIndex(
        (other) => isSame(one, other) || (one[0] === 'unknown' && ['no-room', 'late'].includes(other[0])),
      );
      if (at === -1) return false;
      left.splice(at, 1);
      return true;
    });
}

function seenOf({ used, records }: StripesState): Seen {
  return { used, records: records.map(({ key, shard, value }) => `${key}@${shard}=${value}`).sort() };
}

const countOf = ({ calls }: StripesState, ...does: readonly string[]): number =>
  calls.filter((call) => does.includes(call.does)).length;
const waitingIn = (state: StripesState): number => countOf(state, 'wait');
const activeIn = (state: StripesState): number => countOf(state, 'write', 'read');

function isIncrementIn(id: string, { input }: Request): boolean {
  const { UpdateExpression: update, Key: key } = input as { UpdateExpression?: string; Key?: { id: { S: string } } };
  return (update ?? '').startsWith('SET #c') && (key?.id.S ?? '').startsWith(`${id}#`);
}

function isOf({ input }: Request, key: StripedKey | undefined): boolean {
  const { ExpressionAttributeNames: names } = input as { ExpressionAttributeNames?: Record<string, string> };
  return names?.['#key'] === (key && keyHash(NAMES[key]));
}

/** Numbers from 0 to 1, always the same ones: a linear congruential generator. */
function randomOf(seed: number): () => number {
  let state = seed * 2_654_435_761;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

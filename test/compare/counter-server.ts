import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** How a counter's API may be written, well or badly. The name is the first part of its path. */
export type Behaviour =
  | 'atomic'
  /** Reads, waits, writes: increments that meet are lost. */
  | 'read-then-write'
  /** Acknowledges every fifth increment, and forgets it. */
  | 'forgetful'
  /** Lets one more pass than its limit. */
  | 'past-limit'
  /** Refuses one before its limit. */
  | 'early-limit'
  /** Breaks connections, before or after it has counted. */
  | 'breaking'
  /** Shows readers the value before the last. */
  | 'stale-reads'
  /** Counts what is left of a step at the limit. */
  | 'partial-step'
  /** Exact, but spread over shards: its values come in any order. */
  | 'striped'
  /** As `striped`, but refuses as soon as one shard is full. */
  | 'striped-early'
  /** Counts every key once, and answers its repeats as the first. */
  | 'keyed'
  /** As `keyed`, but two calls with one key that meet both count. */
  | 'keyed-late'
  /** As `keyed`, but a repeat counts again before it gets the first value. */
  | 'keyed-double'
  /** As `keyed`, but a repeat gets the value of the moment. */
  | 'keyed-forgetful';

export interface CounterServer {
  /** Without a slash at its end. */
  readonly url: string;
  /** How many requests came. */
  readonly requests: () => number;
  close(): Promise<void>;
}

interface Counter {
  value: number;
  calls: number;
  readonly keys: Map<string, number>;
  /** What each shard has used. */
  readonly shards: number[];
}

const SHARDS = 4;

/**
 * A counter's API of each kind: `POST /{behaviour}/{id}?max=5&by=2` counts, `GET` reads, and `idempotency-key` is the header of a
 * key. Every request takes up to 2 ms before it is carried out, and up to 2 ms after.
 */
export async function startCounterServer(): Promise<CounterServer> {
  const counters = new Map<string, Counter>();
  let requests = 0;
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    requests += 1;
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const counter = counters.get(pathname) ?? { value: 0, calls: 0, keys: new Map<string, number>(), shards: [] };
    counters.set(pathname, counter);
    await moment();
    const behaviour = pathname.split('/')[1] as Behaviour;
    const key = request.headers['idempotency-key']?.toString();
    const max = Number(searchParams.get('max') ?? Infinity);
    const by = Number(searchParams.get('by') ?? 1);
    const reply =
      request.method === 'GET'
        ? { status: 200, counter: counter.value - (behaviour === 'stale-reads' && counter.value > 1 ? 1 : 0) }
        : await increment(behaviour, counter, { max, by, key });
    await moment();
    if (reply === 'broken') request.socket.destroy();
    else response.writeHead(reply.status).end(JSON.stringify({ counter: reply.counter }));
  };
  const server = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: () => requests,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

type Reply = { readonly status: number; readonly counter: number } | 'broken';

interface Call {
  readonly max: number;
  readonly by: number;
  readonly key: string | undefined;
}

async function increment(behaviour: Behaviour, counter: Counter, { max, by, key }: Call): Promise<Reply> {
  counter.calls += 1;
  if (behaviour === 'breaking' && counter.calls % 5 === 0) {
    if (counter.calls % 2 === 0 && counter.value < max) counter.value += 1;
    return 'broken';
  }
  const before = key === undefined ? undefined : counter.keys.get(key);
  if (before !== undefined && behaviour.startsWith('keyed')) {
    if (behaviour === 'keyed-double') counter.value += 1;
    return { status: 200, counter: behaviour === 'keyed-forgetful' ? counter.value : before };
  }
  if (behaviour === 'keyed-late') await moment();
  if (behaviour === 'striped' || behaviour === 'striped-early') return incrementShard(behaviour, counter, max);
  const limit = max + (behaviour === 'past-limit' ? 1 : behaviour === 'early-limit' ? -1 : 0);
  const { value } = counter;
  const step = behaviour === 'partial-step' ? Math.max(1, Math.min(by, limit - value)) : by;
  if (value > limit - step) return { status: 409, counter: value };
  if (behaviour === 'read-then-write') await moment();
  if (behaviour !== 'forgetful' || counter.calls % 5 !== 0) counter.value = value + step;
  if (key !== undefined) counter.keys.set(key, value + step);
  return { status: 200, counter: value + step };
}

/** Each shard has every fourth value. */
function incrementShard(behaviour: Behaviour, counter: Counter, max: number): Reply {
  const shards = Array.from({ length: SHARDS }, (_, index) => (counter.calls + index) % SHARDS);
  const next = (shard: number): number => shard + 1 + SHARDS * (counter.shards[shard] ?? 0);
  const free = shards.filter((shard) => next(shard) <= max);
  const [shard] = free;
  if (shard === undefined || (behaviour === 'striped-early' && free.length < SHARDS)) {
    return { status: 409, counter: counter.value };
  }
  const value = next(shard);
  counter.shards[shard] = (counter.shards[shard] ?? 0) + 1;
  counter.value += 1;
  return { status: 200, counter: value };
}

function moment(): Promise<void> {
  return pause(Math.random() * 2);
}

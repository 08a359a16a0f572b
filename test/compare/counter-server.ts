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
}

/**
 * A counter's API of each kind: `POST /{behaviour}/{id}?max=5` counts, `GET` reads, and `idempotency-key` is the header of a
 * key. Every request takes up to 2 ms before it is carried out, and up to 2 ms after.
 */
export async function startCounterServer(): Promise<CounterServer> {
  const counters = new Map<string, Counter>();
  let requests = 0;
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    requests += 1;
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const counter = counters.get(pathname) ?? { value: 0, calls: 0, keys: new Map<string, number>() };
    counters.set(pathname, counter);
    await moment();
    const behaviour = pathname.split('/')[1] as Behaviour;
    const key = request.headers['idempotency-key'];
    const reply =
      request.method === 'GET'
        ? { status: 200, counter: counter.value - (behaviour === 'stale-reads' && counter.value > 1 ? 1 : 0) }
        : await increment(behaviour, counter, Number(searchParams.get('max') ?? Infinity), key?.toString());
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

async function increment(behaviour: Behaviour, counter: Counter, max: number, key: string | undefined): Promise<Reply> {
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
  const limit = max + (behaviour === 'past-limit' ? 1 : behaviour === 'early-limit' ? -1 : 0);
  const { value } = counter;
  if (value >= limit) return { status: 409, counter: value };
  if (behaviour === 'read-then-write') await moment();
  if (behaviour !== 'forgetful' || counter.calls % 5 !== 0) counter.value = value + 1;
  if (key !== undefined) counter.keys.set(key, value + 1);
  return { status: 200, counter: value + 1 };
}

function moment(): Promise<void> {
  return pause(Math.random() * 2);
}

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/**
 * What a proxy does with the bytes between a client and a store.
 *
 * - `pass` forwards them
 * - `delay` forwards each later, in both directions
 * - `throttle` forwards so many bytes a second
 * - `cut-requests` cuts a connection when its client sends something, before the store sees it
 * - `cut-answers` cuts a connection when the store answers: what was asked has been done
 * - `reset-answers` does so with a reset (RST), which a client sees as an error instead of an end
 * - `cut-second-answers` lets a connection have one answer more, and cuts it at the next: the write's, after a read's
 * - `cut-within-requests` lets a part of what a client sends reach the store, and cuts the connection
 * - `cut-within-answers` lets a part of an answer reach the client, and cuts the connection
 * - `freeze` forwards nothing and closes nothing; what was sent meanwhile arrives when it ends
 *
 * Cuts within a message come after half of it on one connection, before its last byte on the next; and up to three messages
 * go through first, so that handshakes, reads and writes are met alike.
 */
export type Fault =
  | 'pass'
  | 'delay'
  | 'throttle'
  | 'cut-requests'
  | 'cut-answers'
  | 'reset-answers'
  | 'cut-second-answers'
  | 'cut-within-requests'
  | 'cut-within-answers'
  | 'freeze';

/** Where a store listens. */
export interface Target {
  readonly host: string;
  readonly port: number;
}

/** Counts the answers in the bytes that a store sends over one connection, chunk after chunk. */
export type CountAnswers = (bytes: Buffer) => number;

export interface FaultProxyOptions {
  /** How long `delay` holds bytes back, in each direction. @default - 10 */
  readonly delayMs?: number;
  /** What `throttle` lets through, in each direction of each connection. @default - 20,000 */
  readonly bytesPerSecond?: number;
  /** Made for each connection's answers. @default - every chunk is an answer */
  readonly makeCounter?: () => CountAnswers;
}

/** A TCP proxy in front of a store that can fail in a chosen way. */
export interface FaultProxy {
  readonly port: number;
  /** How many connections clients have made in all. */
  readonly accepted: number;
  /** How many connections are open. */
  readonly open: number;
  /** How many bytes clients have sent in all. */
  readonly bytesSent: number;
  set(fault: Fault): void;
  /** Cuts every connection and refuses new ones. */
  refuse(): Promise<void>;
  /** Listens again, passing. */
  accept(): Promise<void>;
  /** Resolves when no more connections than this are open. */
  untilAtMost(connections: number): Promise<void>;
  close(): Promise<void>;
}

/** One connection through the proxy. */
interface Link {
  cut(): void;
  /** Cuts, and lets the client know by a reset. */
  reset(): void;
  /** Takes note of another fault: what waits may go on, and answers are counted anew. */
  refresh(): void;
}

/** Starts a proxy on a free loopback port in front of a store. */
export async function startFaultProxy(target: Target, options: FaultProxyOptions = {}): Promise<FaultProxy> {
  const { delayMs = 10, bytesPerSecond = 20_000, makeCounter = () => () => 1 } = options;
  let fault: Fault = 'pass';
  let accepted = 0;
  let bytesSent = 0;
  const links = new Set<Link>();
  const waiters = new Set<{ readonly atMost: number; readonly resolve: () => void }>();

  /** When a chunk may be forwarded, in milliseconds. */
  const dueAt = (lastDue: number, bytes: number): number => {
    const now = performance.now();
    if (fault === 'delay') return Math.max(lastDue, now + delayMs);
    if (fault === 'throttle') return Math.max(lastDue, now) + (bytes * 1000) / bytesPerSecond;
    return Math.max(lastDue, now);
  };

  const server = createServer((client) => {
    accepted += 1;
    const store = connect(target);
    const requests = flow(store, () => fault, dueAt);
    const answers = flow(client, () => fault, dueAt);
    const countAnswers = makeCounter();
    const isHalved = accepted % 2 === 1;
    const spared = Math.floor(accepted / 2) % 4;
    let asked = 0;
    let answered = 0;
    let isEnding = false;
    const link: Link = {
      cut: () => {
        for (const end of [requests, answers]) end.close();
        client.destroy();
        store.destroy();
        links.delete(link);
        for (const { atMost, resolve } of waiters) if (links.size <= atMost) resolve();
      },
      reset: () => {
        client.resetAndDestroy();
        link.cut();
      },
      refresh: () => {
        asked = 0;
        answered = 0;
        for (const end of [requests, answers]) end.resume();
      },
    };
    links.add(link);
    const cutWithin = (bytes: Buffer, to: Socket): void => {
      isEnding = true;
      to.write(bytes.subarray(0, isHalved ? Math.floor(bytes.length / 2) : -1), link.cut);
    };
    client.on('data', (bytes) => {
      bytesSent += bytes.length;
      asked += 1;
      if (isEnding) return;
      if (fault === 'cut-requests') link.cut();
      else if (fault === 'cut-within-requests' && asked > spared) cutWithin(bytes, store);
      else requests.push(bytes);
    });
    store.on('data', (bytes) => {
      answered += countAnswers(bytes);
      if (isEnding) return;
      if ((fault === 'cut-answers' && answered > 0) || (fault === 'cut-second-answers' && answered > 1)) link.cut();
      else if (fault === 'reset-answers' && answered > 0) link.reset();
      else if (fault === 'cut-within-answers' && answered > spared) cutWithin(bytes, client);
      else answers.push(bytes);
    });
    for (const socket of [client, store]) {
      socket.setNoDelay(true);
      socket.on('error', link.cut);
      socket.on('close', link.cut);
    }
  });

  const listen = async (port: number): Promise<void> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  const stop = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    for (const link of links) link.cut();
    await closed;
  };
  const set = (next: Fault): void => {
    fault = next;
    for (const link of links) link.refresh();
  };

  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    port,
    get accepted() {
      return accepted;
    },
    get open() {
      return links.size;
    },
    get bytesSent() {
      return bytesSent;
    },
    set,
    refuse: stop,
    async accept() {
      set('pass');
      if (!server.listening) await listen(port);
    },
    untilAtMost: (atMost) =>
      links.size <= atMost ? Promise.resolve() : new Promise((resolve) => waiters.add({ atMost, resolve })),
    close: stop,
  };
}

/** Bytes on their way to a socket, in their order. */
interface Flow {
  push(bytes: Buffer): void;
  resume(): void;
  close(): void;
}

function flow(to: Socket, fault: () => Fault, dueAt: (lastDue: number, bytes: number) => number): Flow {
  const waiting: { readonly bytes: Buffer; readonly due: number }[] = [];
  let lastDue = 0;
  let timer: NodeJS.Timeout | undefined;
  const forward = (): void => {
    clearTimeout(timer);
    for (let next = waiting[0]; next && fault() !== 'freeze'; next = waiting[0]) {
      const waitMs = next.due - performance.now();
      if (waitMs > 0) {
        timer = setTimeout(forward, waitMs);
        return;
      }
      waiting.shift();
      to.write(next.bytes);
    }
  };
  return {
    push(bytes) {
      lastDue = dueAt(lastDue, bytes.length);
      waiting.push({ bytes, due: lastDue });
      forward();
    },
    resume: forward,
    close() {
      clearTimeout(timer);
      waiting.length = 0;
    },
  };
}

const FRAME_HEAD_BYTES = 9;
const DATA_FRAME = 0;

/**
 * Counts the data frames of HTTP/2's server: one for each answer of gRPC that has a message. Frames that keep the
 * connection itself, such as pings, aren't answers.
 *
 * Source: https://www.rfc-editor.org/rfc/rfc9113.html#section-4.1
 */
export function countDataFrames(): CountAnswers {
  let rest = Buffer.alloc(0);
  return (bytes) => {
    rest = Buffer.concat([rest, bytes]);
    let count = 0;
    while (rest.length >= FRAME_HEAD_BYTES) {
      const frameBytes = FRAME_HEAD_BYTES + rest.readUIntBE(0, 3);
      if (rest.length < frameBytes) break;
      if (rest[3] === DATA_FRAME) count += 1;
      rest = rest.subarray(frameBytes);
    }
    return count;
  };
}

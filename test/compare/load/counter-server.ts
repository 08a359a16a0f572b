import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HttpTarget } from '../../../compare/load';

/** A counter's API on a free port of this machine. */
export interface CounterServer {
  readonly target: HttpTarget;
  /** Values of the counters, by id. */
  readonly counters: ReadonlyMap<string, number>;
  /** Calls that arrived. */
  arrived(): number;
  close(): Promise<void>;
}

/** What a call is answered: by default `{"counter": …}` with its status. */
export type Answering = (call: {
  readonly id: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Which call it is, from 1. */
  readonly number: number;
  readonly counters: Map<string, number>;
  /** Adds one, atomically. */
  count(): number;
  answer(status: number, body: unknown): void;
}) => void | Promise<void>;

export async function startCounterServer(answering: Answering): Promise<CounterServer> {
  const counters = new Map<string, number>();
  let number = 0;
  const server = createServer((request, response) => {
    const id = decodeURIComponent((request.url ?? '/').slice(1));
    number += 1;
    request.resume();
    void answering({
      id,
      request,
      response,
      number,
      counters,
      count() {
        const counter = (counters.get(id) ?? 0) + 1;
        counters.set(id, counter);
        return counter;
      },
      answer(status, body) {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      },
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    target: { kind: 'http', method: 'POST', url: `http://127.0.0.1:${port}/{id}`, headers: {}, valuePath: '$.counter' },
    counters,
    arrived: () => number,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Counts, and is right about it. */
export const exactly: Answering = ({ count, answer }) => answer(200, { counter: count() });

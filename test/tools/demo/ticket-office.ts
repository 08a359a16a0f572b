import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Mistakes that a counter API may have; each oversells, undersells or sells a seat twice. */
export const MISTAKES = [
  'ignores by',
  'ignores max',
  'adds less than by now and then',
  'refuses one early',
  'forgets keys',
  'tells the value before',
  'counts and answers 503',
  'tells a remainder of yesterday',
] as const;
export type Mistake = (typeof MISTAKES)[number];

export interface TicketOffice {
  readonly port: number;
  readonly apiKey: string;
  /** None that could fail. */
  readonly stores: Record<string, never>;
  close(): void;
}

/** An HTTP API like ours over a counter in memory, right but for a mistake. */
export async function openTicketOffice(mistake?: Mistake): Promise<TicketOffice> {
  const values = new Map<string, { counter: number; keys: Map<string, number> }>();
  let requests = 0;
  const server = createServer(({ method, url = '', headers }, response) => {
    const { pathname, searchParams } = new URL(url, 'http://127.0.0.1');
    const [, , store = '', id = ''] = pathname.split('/');
    const max = Number(searchParams.get('max'));
    const by = mistake === 'ignores by' ? 1 : Number(searchParams.get('by') ?? 1);
    const value = values.get(id) ?? { counter: 0, keys: new Map<string, number>() };
    values.set(id, value);
    const answer = (status: number, body: object, more = {}): void => {
      const told = { store, id, useConditionalWrites: true, ...body };
      response.writeHead(status, { 'Content-Type': 'application/json', ...more }).end(JSON.stringify(told));
    };
    const remaining = (): number => Math.max(0, max - value.counter);

    if (method === 'GET') {
      return answer(200, { counter: value.counter, consistency: 'strong', max, remaining: remaining() });
    }
    const key = headers['idempotency-key']?.toString() ?? '';
    const known = mistake === 'forgets keys' ? undefined : value.keys.get(key);
    if (known !== undefined) {
      return answer(200, { counter: known, max, remaining: max - known }, { 'Idempotent-Replay': 'true' });
    }
    const room = mistake === 'ignores max' && value.counter < max + 50 ? by : max - value.counter;
    const isLess = mistake === 'adds less than by now and then' && requests % 10 === 9;
    const step = isLess ? Math.max(1, by - 1) : by;
    if (step > room - (mistake === 'refuses one early' ? 1 : 0)) {
      const error = 'Counter has reached its maximum value';
      return answer(409, { error, counter: value.counter, max, remaining: remaining() });
    }
    const before = value.counter;
    value.counter += step;
    value.keys.set(key, value.counter);
    requests += 1;
    if (mistake === 'counts and answers 503' && requests === 20) {
      value.keys.delete(key);
      return answer(503, { error: 'unavailable', retryable: true });
    }
    const counter = mistake === 'tells the value before' ? before : value.counter;
    answer(200, { counter, max, remaining: max - (mistake === 'tells a remainder of yesterday' ? before : counter) });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    apiKey: 'key',
    stores: {},
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

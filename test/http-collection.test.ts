import { readFileSync } from 'node:fs';
import path from 'node:path';
import { startLocal, type Local } from '../local/main';
import { assembly } from './local/assembly';

interface CollectedRequest {
  readonly title: string;
  readonly expected: number;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

const COLLECTION = readFileSync(path.join(__dirname, '..', 'docs', 'atomic-counter.http'), 'utf8');

/** The requests of an .http file: `### title: status`, the request line, headers, an empty line, the body. */
function requestsOf(collection: string, host: string): CollectedRequest[] {
  const [head = '', ...sections] = collection.split(/^### /m);
  const variables = new Map(
    Array.from(head.matchAll(/^@(\w+) = (.+)$/gm), ([, name = '', value = '']) => [name, value] as const),
  );
  variables.set('host', host);
  const resolve = (text: string): string => {
    const resolved = text.replace(/\{\{(\w+)\}\}/g, (whole, name: string) => variables.get(name) ?? whole);
    return resolved === text ? text : resolve(resolved);
  };
  return sections.map((section) => {
    const [title = '', request = '', ...rest] = resolve(section).trimEnd().split('\n');
    const [method = '', url = ''] = request.split(' ');
    const empty = rest.indexOf('');
    const headers = empty === -1 ? rest : rest.slice(0, empty);
    return {
      title,
      expected: Number(/: (\d{3})$/.exec(title)?.[1]),
      method,
      url,
      headers: Object.fromEntries(headers.map((line) => line.split(/: (.*)/).slice(0, 2) as [string, string])),
      body: empty === -1 ? undefined : rest.slice(empty + 1).join('\n'),
    };
  });
}

describe('the collection of requests', () => {
  let local: Local;

  beforeAll(async () => {
    local = await startLocal({ assembly: await assembly('unconditional') });
  }, 120_000);

  afterAll(async () => {
    await local?.close();
  });

  it('gets the status of each title, and an ending of each kind', async () => {
    const requests = requestsOf(COLLECTION, new URL(local.url).origin);

    const answers: { title: string; status: number }[] = [];
    for (const { title, method, url, headers, body } of requests) {
      const { status } = await fetch(url, { method, headers, body });
      answers.push({ title, status });
    }

    expect(answers).toEqual(requests.map(({ title, expected }) => ({ title, status: expected })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(
      new Set([200, 204, 400, 403, 404, 405, 409, 415, 503, 504]),
    );
  }, 60_000);

  it('counts once with an idempotency key, and says that the second answer is a replay', async () => {
    const keyed = requestsOf(COLLECTION, new URL(local.url).origin).filter(
      ({ headers }) => 'Idempotency-Key' in headers,
    );

    const answers = [];
    for (const { method, url, headers } of keyed) {
      const response = await fetch(url.replace('orders', 'orders-of-this-test'), { method, headers });
      const { counter } = (await response.json()) as { counter?: number };
      answers.push([response.status, counter, response.headers.get('Idempotent-Replay')]);
    }

    expect(answers).toEqual([
      [200, 1, null],
      [200, 1, 'true'],
      [400, undefined, null],
    ]);
  });

  it('adds a step whole or not at all, and tells what remains', async () => {
    const limited = requestsOf(COLLECTION, new URL(local.url).origin).filter(({ url }) => /\?.*(max|by)=/.test(url));

    const answers = [];
    for (const { method, url, headers } of limited) {
      const response = await fetch(url.replace('tickets', 'tickets-of-this-test'), { method, headers });
      const { counter, max, remaining, error } = (await response.json()) as Record<string, unknown>;
      answers.push([response.status, counter, max, remaining, ...(response.status === 400 ? [error] : [])]);
    }

    expect(answers).toEqual([
      [200, 4, 10, 6],
      [409, undefined, 10, 6],
      [200, 10, 10, 0],
      [200, 10, 10, 0],
      [400, undefined, undefined, undefined, expect.stringContaining('got "0"')],
      [400, undefined, undefined, undefined, expect.stringContaining('got "ten"')],
    ]);
  });

  it('reaches the limit by the second of its executions', async () => {
    const [first, second] = requestsOf(COLLECTION, new URL(local.url).origin)
      .filter(({ headers }) => 'X-Amz-Target' in headers)
      .map(({ body }) => body?.replace('seats', 'seats-of-this-test'));

    const outcomes = [];
    for (const body of [first, second]) {
      const headers = { 'X-Amz-Target': 'AWSStepFunctions.StartSyncExecution' };
      const response = await fetch(new URL('/', local.url), { method: 'POST', headers, body });
      const { output } = (await response.json()) as { output: string };
      outcomes.push((JSON.parse(output) as { outcome: string }).outcome);
    }

    expect(outcomes).toEqual(['incremented', 'limit-reached']);
  });
});

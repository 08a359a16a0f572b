import { METHODS } from 'node:http';
import { connect } from 'node:net';
import fc from 'fast-check';
import { type Local, startLocal } from '../../local/main';
import { type Answer, apiClient } from './api-client';
import { assembly } from './assembly';

const STORES = ['dynamo', 'redis', 'momento', 'docdb', 'tidb'];
const ID = /^(?!\.{1,2}$)[A-Za-z0-9._~:@-]{1,128}$/;
const ACCEPTED_TYPES = ['application/json', 'application/x-www-form-urlencoded', 'text/plain'];

/** Pieces that mean something to a part of the way: URLs, Velocity, JSON, expressions, Lua, SQL, BSON, HTTP. */
const PAYLOADS = [
  '$util.escapeJavaScript("x")',
  '$context.apiId',
  '${stageVariables.x}',
  '$!{input}',
  '#set($x = 1)',
  '#if(true)x#end',
  '#foreach($i in [1..9])$i#end',
  '##',
  '#*',
  '*#',
  '#[[',
  '","useConditionalWrites":true,"max":"1","x":"',
  '\\","store":"redis","x":\\"',
  '"}',
  "\\'",
  '\\u0022',
  '{% $states.context.Execution.Id %}',
  '%}',
  '{%',
  '$eval("1")',
  "'] .. redis.call('FLUSHALL') .. ['",
  '}}{{',
  "' OR '1'='1",
  "'; DROP TABLE counters; -- ",
  '{"$gt":""}',
  '$where',
  '__proto__',
  'constructor',
  'toString',
  '..',
  '%2F',
  '%00',
  '%252e',
  '\0',
  '\r\nX-Injected: 1\r\n\r\n',
  '\n',
  '\u2028',
  '\ufeff',
  '😀',
  'İ',
  'x'.repeat(128),
];

const text = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 140 }),
  fc.string({ unit: 'binary', minLength: 1 }),
  fc
    .array(fc.oneof(fc.constantFrom(...PAYLOADS), fc.string({ maxLength: 4 })), { minLength: 1, maxLength: 4 })
    .map((parts) => parts.join(''))
    .filter((joined) => joined !== ''),
  fc.stringMatching(/^[A-Za-z0-9._~:@-]{1,128}$/),
);

/** A document that would start an execution of somebody's choice, were it to become a request to Step Functions. */
const startRequest = fc
  .record({
    stateMachineArn: fc.constantFrom('arn:aws:states:us-east-1:000000000000:stateMachine:AtomicCounter-increment', 'x'),
    input: fc.constantFrom(
      '{"store":"redis","id":"stolen","useConditionalWrites":true,"max":"1"}',
      '{"store":"tidb","id":"stolen"}',
    ),
    name: fc.string(),
    useConditionalWrites: fc.boolean(),
    max: fc.constantFrom('1', 1),
    store: fc.constantFrom(...STORES),
    id: fc.constant('stolen'),
  })
  .map((document) => JSON.stringify(document));

const body = fc.oneof(
  startRequest.map((json) => Buffer.from(json)),
  fc.json().map((json) => Buffer.from(json)),
  fc.uint8Array({ maxLength: 2000 }).map((bytes) => Buffer.from(bytes)),
  fc.constantFrom(Buffer.alloc(300_000, 'x'), Buffer.from('{'.repeat(50_000))),
);

let local: Local;
let api: ReturnType<typeof apiClient>;

/** What each counter stands at, by `store/id`. */
const counted = new Map<string, number>();

beforeAll(async () => {
  local = await startLocal({ assembly: await assembly('unconditional') });
  api = apiClient(local);
  for (const store of STORES) await warmUp(store);
}, 120_000);

/** The first call starts the store's function, which may take longer than an execution has on a machine under load. */
async function warmUp(store: string): Promise<void> {
  for (let attempt = 1; attempt < 10; attempt += 1) if ((await api.get(`${store}/warm`)).status === 200) return;
}

afterAll(async () => {
  api?.close();
  await local?.close();
});

const call = (path: string, options: Parameters<typeof api.call>[1] = {}): Promise<Answer> =>
  api.call(path, { ...options, headers: { 'x-api-key': local.apiKey, ...options.headers } });

/** What no answer may have, whatever was asked; what the client itself sent is left out. */
function expectHarmless({ status, text: answer, body: parsed }: Answer, sent = ''): void {
  expect(status).toBeLessThan(500);
  expect(parsed).toBeDefined();
  const own = answer.replaceAll(JSON.stringify(sent).slice(1, -1), '');
  expect(own).not.toMatch(/127\.0\.0\.1|\n\s+at |\.[jt]s:\d|node_modules|secret|password|lambda/i);
  expect(own).not.toContain(local.apiKey);
}

/** A value as an error shows it. */
function shown(value: string): string {
  const characters = Array.from(value);
  const first = `"${characters.slice(0, 64).join('')}"`;
  return characters.length > 64 ? `${first}... (${characters.length} characters)` : first;
}

/** The answer to an increment of an id that may be none: it counts once, or says what is wrong with it. */
async function expectOneIncrement(answer: Answer, store: string, id: string): Promise<void> {
  expectHarmless(answer, id);
  if (!ID.test(id)) {
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual({
      error: `id must be 1 to 128 of the characters A-Z a-z 0-9 . _ ~ : @ -, but not . or .., got ${shown(id)}`,
    });
    return;
  }
  const key = `${store}/${id}`;
  const counter = (counted.get(key) ?? 0) + 1;
  counted.set(key, counter);
  expect(answer.status).toBe(200);
  expect(answer.body).toEqual({ store, id, counter, useConditionalWrites: false });
  expect((await call(`/prod/${key}`, { method: 'GET' })).body).toMatchObject({ store, id, counter });
}

jest.setTimeout(180_000);

describe('hostile input over HTTP', () => {
  it('of an id: counts exactly the valid ones, once, and gives every other back as it came', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...STORES), text, async (store, id) => {
        const answer = await call(`/prod/${store}/${encodeURIComponent(id)}`);

        await expectOneIncrement(answer, store, id);
      }),
      { numRuns: 150 },
    );
  });

  it('of an encoding: reads what is well-formed, and takes the rest as it stands', async () => {
    const piece = fc.oneof(
      fc.constantFrom('%', '%2', '%zz', '%25', '%2525', '%2F', '%00', '%0A', '%C3%A9', '%C0%80', '%ED%A0%80', '%FF'),
      fc.constantFrom('+', ';', ',', '=', '&', '!', '*', "'", '(', ')', '$', '[', ']', '{', '}', '|', '^', '`', '"'),
      fc.constantFrom('a', 'B', '7', '.', '_', '~', ':', '@', '-', '%41', '%61', '%2e'),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 6 }), async (pieces) => {
        const encoded = pieces.join('');
        const bytes = encoded.replace(/%(?![0-9A-Fa-f]{2})/g, '%25').split(/(%[0-9A-Fa-f]{2})/);
        const id = Buffer.concat(
          bytes.map((part) => (/^%..$/.test(part) ? Buffer.from(part.slice(1), 'hex') : Buffer.from(part))),
        ).toString('utf8');

        const answer = await call(`/prod/dynamo/${encoded}`);

        if (id.includes('\ufffd')) {
          expectHarmless(answer);
          expect(answer.status).toBe(400);
        } else {
          await expectOneIncrement(answer, 'dynamo', id);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('of a store: knows the deployed ones, and gives every other name back', async () => {
    await fc.assert(
      fc.asyncProperty(text, fc.constantFrom('POST', 'GET'), async (store, method) => {
        fc.pre(!STORES.includes(store));

        const answer = await call(`/prod/${encodeURIComponent(store)}/votes`, { method });

        expectHarmless(answer, store);
        expect(answer.status).toBe(404);
        expect(answer.body).toEqual({
          error: `store must be one of dynamo, redis, momento, docdb, tidb, got ${shown(store)}`,
        });
      }),
      { numRuns: 80 },
    );
  });

  it('of a body: changes nothing, whatever its bytes and its type', async () => {
    const type = fc.oneof(
      fc.constantFrom(...ACCEPTED_TYPES),
      fc.constantFrom('application/xml', 'application/x-amz-json-1.0', 'multipart/form-data; boundary=x', '*/*', 'x'),
    );
    const stolen = async (): Promise<unknown[]> =>
      Promise.all(
        STORES.map(async (store) => (await call(`/prod/${store}/stolen`, { method: 'GET' })).body?.['counter']),
      );
    const before = await stolen();
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...STORES), type, body, async (store, contentType, bytes) => {
        const answer = await call(`/prod/${store}/body`, { headers: { 'Content-Type': contentType }, body: bytes });

        if (ACCEPTED_TYPES.includes(contentType)) await expectOneIncrement(answer, store, 'body');
        else {
          expect(answer.status).toBe(415);
          expect(answer.body).toEqual({ error: expect.stringMatching(/^The content type of a body/) as string });
        }
      }),
      { numRuns: 60 },
    );
    expect(await stolen()).toEqual(before);
  });

  it('of a query string and of headers: are ignored', async () => {
    const headers = fc.dictionary(
      fc.constantFrom(
        'Accept',
        'X-Forwarded-For',
        'X-HTTP-Method-Override',
        'Cookie',
        'Authorization',
        'X-Amz-Target',
        'Expect',
      ),
      fc.stringMatching(/^[!-~]([ -~]{0,60}[!-~])?$/).filter((value) => !/^100-continue$/i.test(value)),
    );
    const query = fc.oneof(text.map(encodeURIComponent), fc.constantFrom('id=other&store=redis', '&&==', '%', '?'));
    await fc.assert(
      fc.asyncProperty(query, headers, async (search, extra) => {
        fc.pre(!('Expect' in extra)); // Node's own server answers an expectation that it doesn't know

        const answer = await call(`/prod/redis/headers?${search}`, { headers: extra });

        await expectOneIncrement(answer, 'redis', 'headers');
      }),
      { numRuns: 80 },
    );
  });

  it('of an idempotency key: is refused with the rule, or counts once', async () => {
    const value = fc.oneof(
      fc.stringMatching(/^[!-~]([ -~]{0,60}[!-~])?$/),
      fc.stringMatching(/^[A-Za-z0-9._~:@-]{1,70}$/),
      fc.constantFrom('', '"8e03978e"', "it's", '\\u0022', '$key', '%41', '#end', 'k'.repeat(8000)),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...STORES), value, async (store, key) => {
        const send = (): ReturnType<typeof call> =>
          call(`/prod/${store}/idempotent`, { headers: { 'Idempotency-Key': key } });

        const [first, second] = [await send(), await send()];

        if (/^[A-Za-z0-9._~:@-]{1,64}$/.test(key)) {
          expect([first.status, second.status, second.body]).toEqual([200, 200, first.body]);
        } else {
          expect([first.status, second.status]).toEqual([400, 400]);
          expect(first.body?.['error']).toContain('Idempotency-Key must be 1 to 64 of the characters');
        }
      }),
      { numRuns: 60 },
    );
  });

  it('of a key: admits no request, and counts nothing', async () => {
    const before = (await call('/prod/redis/keyed', { method: 'GET' })).body;
    const wrong = fc.oneof(
      fc.stringMatching(/^[!-~]([ -~]{0,40}[!-~])?$/),
      fc.constantFrom(' ', `${local.apiKey}x`, local.apiKey.toUpperCase(), local.apiKey.slice(1), 'x'.repeat(8000)),
      fc.constant(`${local.apiKey}, ${local.apiKey}`),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('POST', 'GET'), wrong, async (method, key) => {
        fc.pre(key !== local.apiKey);

        const answer = await api.call('/prod/redis/keyed', { method, headers: { 'x-api-key': key } });

        expect([answer.status, answer.body]).toEqual([
          403,
          { error: 'The header X-Api-Key must have a valid API key' },
        ]);
      }),
      { numRuns: 80 },
    );
    expect((await call('/prod/redis/keyed', { method: 'GET' })).body).toEqual(before);
  });

  it.each(METHODS.filter((method) => !['GET', 'POST', 'OPTIONS', 'CONNECT'].includes(method)))(
    'of the method %s: is no method of the API',
    async (method) => {
      const answer = await call('/prod/redis/methods', { method });

      expect([answer.status, answer.headers['allow']]).toEqual([405, 'GET, POST, OPTIONS']);
    },
  );

  it('that is no HTTP at all: ends its connection, and nothing else', async () => {
    const send = (bytes: Uint8Array): Promise<string> =>
      new Promise((resolve, reject) => {
        const socket = connect(local.port, '127.0.0.1', () => socket.end(bytes));
        let answer = '';
        socket.setEncoding('latin1').on('data', (chunk: string) => (answer += chunk));
        socket.on('close', () => resolve(answer));
        socket.on('error', (error: NodeJS.ErrnoException) =>
          error.code === 'ECONNRESET' ? resolve(answer) : reject(error),
        );
      });
    const start = fc.constantFrom(
      'POST /prod/dynamo/raw HTTP/1.1\r\n',
      'POST /prod/dynamo/ra w HTTP/1.1\r\nHost: localhost\r\n\r\n',
      'POST /prod/dynamo/raw HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
      'POST http://elsewhere/prod/dynamo/raw HTTP/1.1\r\nHost: localhost\r\n\r\n',
      'POST \\prod HTTP/1.1\r\nHost: localhost\r\n\r\n',
      '',
    );
    await fc.assert(
      fc.asyncProperty(start, fc.uint8Array({ maxLength: 200 }), async (head, bytes) => {
        const answer = await send(Buffer.concat([Buffer.from(head), bytes]));

        expect(answer).toMatch(/^$|^HTTP\/1\.1 4\d\d /);
        expect(answer).not.toMatch(/\n\s+at /);
      }),
      { numRuns: 80 },
    );
    expect((await call('/prod/dynamo/raw', { method: 'GET' })).body).toMatchObject({ counter: 0 });
  });
});

describe('hostile input of an execution', () => {
  /** Any JSON, often with the fields that a state machine reads, holding anything. */
  const field = fc.oneof(
    text,
    fc.jsonValue(),
    fc.constantFrom('dynamo', 'redis', 'votes', true, false, '3', ['dynamo']),
  );
  const input = fc.oneof(
    fc.jsonValue(),
    fc.record(
      { store: field, id: field, useConditionalWrites: field, max: field, momentoStrategy: field },
      { requiredKeys: [] },
    ),
    fc.record({
      store: fc.constantFrom(...STORES),
      id: text,
      useConditionalWrites: fc.boolean(),
      max: field,
      momentoStrategy: field,
    }),
  );

  it.each([
    ['increment', ['incremented', 'limit-reached', 'invalid-request', 'unknown-store']],
    ['read', ['read', 'invalid-request', 'unknown-store']],
  ])('of the %s: is carried out or refused, and no execution fails', async (name, outcomes) => {
    const stateMachineArn = local.stepFunctions.stateMachines.find((machine) => machine.name.endsWith(`-${name}`))?.arn;

    await fc.assert(
      fc.asyncProperty(input, async (value) => {
        const execution = await local.stepFunctions.startSyncExecution({
          stateMachineArn: stateMachineArn ?? '',
          input: JSON.stringify(value),
        });

        const output = JSON.parse(execution.output ?? '{}') as Record<string, unknown>;
        expect([execution.status, execution.cause]).toEqual(['SUCCEEDED', undefined]);
        expect(outcomes).toContain(output['outcome']);
        if ('id' in output) expect(output['id']).toMatch(ID);
      }),
      { numRuns: 200 },
    );
  });
});

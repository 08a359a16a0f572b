import { counterClient } from '../../client/src';

const VALID = { url: 'http://127.0.0.1:1/prod', apiKey: 'key' };
const clientOf = (options: object) => () => counterClient({ ...VALID, ...options });
const call = (options: object) => counterClient(VALID).increment('dynamo', 'votes', options);

describe('a client', () => {
  it.each([
    ['prod', /^url must be an absolute http or https URL .* got "prod": pass the stack's output ApiUrl/],
    [undefined, /got undefined/],
    ['ftp://127.0.0.1/prod', /^url must be/],
    ['https://user:password@example.com/prod', /^url must be .* without credentials/],
    ['https://example.com/prod?stage=1', /^url must be/],
    ['https://example.com/prod#1', /^url must be/],
  ])('refuses the url %j', (url, message) => {
    expect(clientOf({ url })).toThrow(TypeError);
    expect(clientOf({ url })).toThrow(message);
  });

  it('takes a URL as an object, and a slash at its end', () => {
    expect(clientOf({ url: new URL('https://example.com/prod/') })).not.toThrow();
  });

  it.each([undefined, '', 'a b', 'a\n', 'ä', 7])('refuses the API key %j, and does not print it', (apiKey) => {
    expect(clientOf({ apiKey })).toThrow(
      new TypeError(
        'apiKey must be a string of visible ASCII characters: pass what ApiKeyCommand of the stack prints.',
      ),
    );
  });

  it.each(['deadlineMs', 'attemptTimeoutMs', 'idempotencyWindowMs'])('refuses a %s that is no time', (name) => {
    for (const value of [0, -1, 1.5, NaN, Infinity, '5', 2 ** 31, null]) {
      if (value === null) continue; // the default
      expect(clientOf({ [name]: value })).toThrow(
        `${name} must be a whole number of milliseconds from 1 to 2147483647, got`,
      );
    }
  });

  it('refuses to repeat longer than a key is remembered', () => {
    expect(clientOf({ deadlineMs: 120_001 })).toThrow(
      new TypeError(
        'deadlineMs must be at most idempotencyWindowMs (120000), got 120001: after the window a repeat may count again. ' +
          'Shorten it, or set idempotencyWindowMs to what the deployment has.',
      ),
    );
    expect(clientOf({ deadlineMs: 300_000, idempotencyWindowMs: 300_000 })).not.toThrow();
    expect(clientOf({ idempotencyWindowMs: 10_000 })).not.toThrow();
  });
});

describe('a call', () => {
  it.each([
    [{ deadlineMs: 120_001 }, /^deadlineMs must be at most idempotencyWindowMs \(120000\), got 120001/],
    [{ deadlineMs: 0.5 }, /^deadlineMs must be a whole number/],
    [{ signal: 'stop' }, /^signal must be an AbortSignal, got "stop": pass the signal of an AbortController/],
    [{ idempotencyKey: 7 }, /^idempotencyKey must be a string, got 7/],
    [{ idempotencyKey: true }, /^idempotencyKey must be a string, got true/],
  ])('rejects %j', async (options, message) => {
    await expect(call(options)).rejects.toThrow(TypeError);
    await expect(call(options)).rejects.toThrow(message);
  });

  it.each([
    ['by', 1_000_000, [0, -1, 1.5, 1_000_001, NaN, Infinity, '4', null]],
    ['max', Number.MAX_SAFE_INTEGER, [0, 0.5, 2 ** 53, '500', null]],
  ] as const)('rejects a %s that is no whole number from 1 to %d', async (name, most, values) => {
    for (const value of values) {
      const shown = typeof value === 'string' ? `"${value}"` : value;
      await expect(call({ [name]: value })).rejects.toThrow(
        new TypeError(`${name} must be a whole number from 1 to ${most}, got ${shown}.`),
      );
    }
  });

  it('rejects a limit to read about that is none', async () => {
    await expect(counterClient(VALID).read('dynamo', 'votes', { max: 0 })).rejects.toThrow(
      new TypeError('max must be a whole number from 1 to 9007199254740991, got 0.'),
    );
  });

  it('rejects a store or an id that is no string', async () => {
    const counters = counterClient(VALID);

    await expect(counters.increment('dynamo', 7 as unknown as string)).rejects.toThrow(/^id must be a string, got 7/);
    await expect(counters.read(undefined as unknown as string, 'a')).rejects.toThrow(/^store must be a string/);
  });
});

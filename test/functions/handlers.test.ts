import type { CounterHandler } from '../../functions/counter-handler';
import type { SetupHandler } from '../../functions/setup-handler';
import type { EmbeddedStore } from 'template-runtime/worker';
import { errorOf } from '../counter-store.contract';
import { startFaultProxy } from './fault-proxy';
import './idle-timers';
import { type SecretsEndpoint, startSecretsEndpoint } from './secrets-endpoint';
import { loopback, STORES } from './stores-under-fault';

const CONTEXT = { awsRequestId: '5f1a9a3c-0000-4000-8000-000000000001' };

/** Loads an entry file anew: an environment of its own. */
function coldStart<Handler>(entry: string): Handler {
  const loaded: { handler?: Handler } = {};
  jest.isolateModules(() => {
    loaded.handler = jest.requireActual<{ handler: Handler }>(`../../functions/${entry}`).handler;
  });
  if (!loaded.handler) throw new Error(`${entry} exports no handler`);
  return loaded.handler;
}

const secretOf = (port: number): Record<string, Record<string, unknown>> => ({
  redis: { host: '127.0.0.1', port: String(port), tls: false },
  momento: { host: '127.0.0.1', port, tls: false },
  docdb: { engine: 'mongo', host: '127.0.0.1', port: String(port), tls: false },
  tidb: { host: '127.0.0.1', port: String(port), user: 'root', pwd: '', db: 'atomic_counter', tls: false },
});

describe.each(['redis', 'momento', 'docdb', 'tidb'] as const)("%s' functions", (name) => {
  let secrets: SecretsEndpoint;
  let server: EmbeddedStore;
  let lines: string[];

  const lastLine = (): unknown => JSON.parse(lines.at(-1) ?? 'null');
  const secret = (): Record<string, unknown> => secretOf(server.port)[name] ?? {};
  const load = (): CounterHandler => coldStart(`${name}/handler`);

  beforeEach(async () => {
    secrets = await startSecretsEndpoint();
    server = await STORES[name].start();
    await STORES[name].prepare(loopback(server.port));
    secrets.setValue(secret());
    Object.assign(process.env, secrets.environment, { MOMENTO_CACHE_NAME: 'atomic-counter' });
    delete process.env['MOMENTO_STRATEGY'];
    lines = [];
    jest.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await server.close();
    await secrets.close();
  });

  it('increments with the credentials of the secret, and logs the call', async () => {
    const handler = load();

    const result = await handler({ id: 'votes' }, CONTEXT);

    expect(result).toEqual({ outcome: 'incremented', counter: 1 });
    expect(lines).toHaveLength(1);
    expect(lastLine()).toEqual({
      store: name,
      id: 'votes',
      counter: 1,
      outcome: 'incremented',
      durationMs: expect.any(Number) as number,
      requestId: CONTEXT.awsRequestId,
    });
  });

  it('reads the secret and connects once for calls at the same time, and never again', async () => {
    const handler = load();

    await Promise.all(Array.from({ length: 8 }, () => handler({ id: 'votes' }, CONTEXT)));
    const last = await handler({ id: 'votes' }, CONTEXT);

    expect(last).toEqual({ outcome: 'incremented', counter: 9 });
    expect(secrets.requests).toBe(1);
  });

  it('returns a limit as an outcome', async () => {
    const handler = load();
    await handler({ id: 'votes', max: '1' }, CONTEXT);

    const result = await handler({ id: 'votes', max: '1' }, CONTEXT);

    expect(result.outcome).toBe('limit-reached');
    expect(lastLine()).toMatchObject({ outcome: 'limit-reached', id: 'votes' });
  });

  it('counts once for an idempotency key, and logs that it was replayed', async () => {
    const handler = load();
    const event = { id: 'votes', key: 'k', sentAt: Math.floor(Date.now() / 1000), windowSeconds: 120, cap: 1000 };

    const results = [
      await handler(event, CONTEXT),
      await handler({ id: 'votes' }, CONTEXT),
      await handler(event, CONTEXT),
    ];

    expect(results).toEqual([
      { outcome: 'incremented', counter: 1 },
      { outcome: 'incremented', counter: 2 },
      { outcome: 'replayed', counter: 1 },
    ]);
    expect(lastLine()).toMatchObject({ store: name, id: 'votes', counter: 1, outcome: 'replayed' });
    expect(secrets.requests).toBe(1);
  });

  it('reads by the same connection, and logs the call', async () => {
    const handler = load();
    const before = await handler({ operation: 'read', id: 'votes' }, CONTEXT);
    await handler({ id: 'votes' }, CONTEXT);

    const after = await handler({ operation: 'read', id: 'votes' }, CONTEXT);

    expect([before, after]).toEqual([
      { outcome: 'read', counter: 0 },
      { outcome: 'read', counter: 1 },
    ]);
    expect(lastLine()).toMatchObject({ store: name, id: 'votes', counter: 1, outcome: 'read' });
    expect(secrets.requests).toBe(1);
  });

  it('can not read while the store is down, nor from one that does not answer', async () => {
    const proxy = await startFaultProxy({ host: '127.0.0.1', port: server.port });
    secrets.setValue({ ...secret(), port: proxy.port });
    const handler = load();
    await handler({ id: 'votes' }, CONTEXT);
    proxy.set('freeze');
    const frozen = await errorOf(handler({ operation: 'read', id: 'votes' }, CONTEXT));
    proxy.set('pass');
    await proxy.refuse();

    const down = await errorOf(handler({ operation: 'read', id: 'votes' }, CONTEXT));
    await proxy.accept();
    const result = await handler({ operation: 'read', id: 'votes' }, CONTEXT);
    await proxy.close();

    expect(frozen).toMatchObject({ name: 'UnknownOutcomeError' });
    expect((frozen as Error).message).toMatch(/did not answer the read/);
    expect(down).toMatchObject({ name: 'StoreUnavailableError' });
    expect(result).toEqual({ outcome: 'read', counter: 1 });
  });

  it('rejects an event that breaks a rule, without calling the store', async () => {
    const handler = load();

    const error = await errorOf(handler({ id: 'a b' }, CONTEXT));

    expect(error).toMatchObject({
      name: 'InvalidRequestError',
      message: 'id must be 1 to 128 of the characters A-Z a-z 0-9 . _ ~ : @ -, but not . or .., got "a b"',
    });
    expect(lastLine()).toMatchObject({ store: name, outcome: 'invalid-request' });
    expect(secrets.requests).toBe(0);
  });

  it('is unavailable while the store is down, reveals neither host nor stack, and recovers', async () => {
    const handler = load();
    await server.stop();

    const error = await errorOf(handler({ id: 'votes' }, CONTEXT));
    await server.start();
    const result = await handler({ id: 'votes' }, CONTEXT);

    expect(error).toMatchObject({ name: 'StoreUnavailableError' });
    expect(`${(error as Error).stack} ${lines.join()}`).not.toMatch(/127\.0\.0\.1|\n\s+at |\.ts/);
    expect(lines[0]).toContain('"outcome":"unavailable"');
    expect(result).toEqual({ outcome: 'incremented', counter: 1 });
  });

  it('asks for the secret again after a failure', async () => {
    const handler = load();
    secrets.failWith('InternalServiceError');
    const passing = await errorOf(handler({ id: 'votes' }, CONTEXT));
    secrets.failWith('AccessDeniedException');
    const lasting = await errorOf(handler({ id: 'votes' }, CONTEXT));
    secrets.failWith('ResourceNotFoundException');
    const missing = await errorOf(handler({ id: 'votes' }, CONTEXT));
    secrets.failWith(undefined);

    const result = await handler({ id: 'votes' }, CONTEXT);

    expect(passing).toMatchObject({ name: 'NotAppliedError' });
    expect(lasting).toMatchObject({ name: 'StoreUnavailableError' });
    expect(missing).toMatchObject({ name: 'StoreUnavailableError' });
    expect((missing as Error).message).toContain(`${name} is not configured`);
    expect(result).toEqual({ outcome: 'incremented', counter: 1 });
  });

  it('refuses to leave TLS out for a server on another machine', async () => {
    secrets.setValue({ ...secret(), host: 'store.example.com' });
    const handler = load();

    const error = await errorOf(handler({ id: 'votes' }, CONTEXT));

    expect(error).toMatchObject({ name: 'StoreUnavailableError' });
    expect((error as Error).message).toBe(`${name}: tls in its secret must be true for a server on another machine`);
  });
});

describe.each(['docdb', 'tidb'] as const)("%s' setup", (name) => {
  let secrets: SecretsEndpoint;
  let server: EmbeddedStore;

  const load = (): SetupHandler => coldStart(`${name}/setup-handler`);

  beforeEach(async () => {
    secrets = await startSecretsEndpoint();
    server = await STORES[name].start();
    Object.assign(process.env, secrets.environment);
    jest.spyOn(console, 'log').mockImplementation(() => undefined);
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await server.close();
    await secrets.close();
  });

  it('is not configured until the secret has an address', async () => {
    const handler = load();
    const without = await handler({}, CONTEXT);
    secrets.setValue({ username: 'counter', password: 'not yet attached' });
    const withoutHost = await handler({}, CONTEXT);
    secrets.setValue(secretOf(server.port)[name] ?? {});

    const configured = await handler({}, CONTEXT);

    expect([without, withoutHost, configured]).toEqual([
      { outcome: 'not-configured' },
      { outcome: 'not-configured' },
      { outcome: 'ready' },
    ]);
  });

  it('makes the store ready, again and twice at once, without touching counters', async () => {
    secrets.setValue(secretOf(server.port)[name] ?? {});
    const [one, other] = [load(), load()];

    const atOnce = await Promise.all([one({}, CONTEXT), other({}, CONTEXT)]);
    const store = STORES[name].open(loopback(server.port));
    await store.increment('votes');
    const again = await one({}, CONTEXT);
    const outcome = await store.increment('votes');

    expect([...atOnce, again]).toEqual(Array.from({ length: 3 }, () => ({ outcome: 'ready' })));
    expect(outcome).toEqual({ status: 'incremented', counter: 2 });
    await store.close();
  });

  it('lets no increment through before it has run', async () => {
    const store = STORES[name].open(loopback(server.port));

    const error = await errorOf(store.increment('votes'));
    await STORES[name].prepare(loopback(server.port));
    const outcome = await store.increment('votes');

    expect(error).toMatchObject({ name: 'StoreUnavailableError' });
    expect(outcome).toEqual({ status: 'incremented', counter: 1 });
    await store.close();
  });

  it('fails, to be retried, while the store is down', async () => {
    secrets.setValue(secretOf(server.port)[name] ?? {});
    const handler = load();
    await server.stop();

    const error = await errorOf(handler({}, CONTEXT));

    expect(error).toMatchObject({ name: 'StoreUnavailableError' });
  });
});

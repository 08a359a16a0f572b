import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, connect } from 'node:net';
import path from 'node:path';
import { createServer, type Server } from 'node:tls';
import { CacheClient, Configurations, CredentialProvider } from '@gomomento/sdk';
import Redis from 'ioredis';
import { Long, MongoClient } from 'mongodb';
import { createConnection } from 'mysql2/promise';
import {
  type CounterStore,
  InvalidRequestError,
  NotAppliedError,
  type Outcome,
  StoreUnavailableError,
  UnknownOutcomeError,
} from '../../functions/counter-store';
import type { CounterHandler } from '../../functions/counter-handler';
import type { KeyedOutcome } from '../../functions/keyed-increment';
import { writeBundle } from '../../lib/bundling/function-bundle';
import { projectRoot } from '../../lib/project-root';
import { startDocdb } from 'stand-ins/docdb';
import type { EmbeddedStore } from 'template-runtime/worker';
import { type CounterStoreUnderTest, describeCounterStore, errorOf } from '../counter-store.contract';
import { startFaultProxy } from './fault-proxy';
import './idle-timers';
import { type SecretsEndpoint, startSecretsEndpoint } from './secrets-endpoint';
import { loopback, STORES } from './stores-under-fault';

const NAMES = ['redis', 'momento', 'docdb', 'tidb'] as const;
type Name = (typeof NAMES)[number];

const CONTEXT = { awsRequestId: '5f1a9a3c-0000-4000-8000-000000000001' };
const HOST = '127.0.0.1';
const ERRORS = { InvalidRequestError, NotAppliedError, StoreUnavailableError, UnknownOutcomeError };

/** Modules that were left out of the bundles and then used: there must not be any. */
const reached = (): string[] => [...((globalThis as { leftOutModules?: Set<string> }).leftOutModules ?? [])];

let folder: string;
const bundleOf = (name: Name): string => path.join(folder, `${name}.js`);

beforeAll(async () => {
  folder = await mkdtemp(path.join(projectRoot(), 'cdk.out.bundles-')); // below the project, for the AWS SDK to be found
  for (const name of NAMES) writeBundle(`functions/${name}/handler.ts`, bundleOf(name));
  jest.spyOn(console, 'log').mockImplementation(() => undefined);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

afterEach(() => {
  const modules = reached();
  (globalThis as { leftOutModules?: Set<string> }).leftOutModules?.clear();
  expect(modules).toEqual([]);
});

const secretOf = (name: Name, port: number): Record<string, unknown> =>
  name === 'tidb'
    ? { host: HOST, port, user: 'root', pwd: 'any', db: 'atomic_counter', tls: false }
    : { host: HOST, port, tls: false };

function setEnvironment(secrets: SecretsEndpoint): void {
  Object.assign(process.env, environment(secrets));
}

const environment = (secrets: SecretsEndpoint): Record<string, string> => ({
  ...secrets.environment,
  MOMENTO_CACHE_NAME: 'atomic-counter',
});

/** Loads a bundle anew: a Lambda environment of its own. */
function coldStart(name: Name): CounterHandler {
  let handler: CounterHandler | undefined;
  jest.isolateModules(() => {
    handler = jest.requireActual<{ handler: CounterHandler }>(bundleOf(name)).handler;
  });
  if (!handler) throw new Error(`${name} exports no handler`);
  return handler;
}

/** Lets only so many calls of a function run at once; the others wait for their turn. */
function atMost<Argument, Result>(limit: number, run: (argument: Argument) => Promise<Result>) {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (argument: Argument): Promise<Result> => {
    if (running === limit) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await run(argument);
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}

/**
 * The handler of a bundle as the contract wants it. Its clients end with the process, as on Lambda, where it gets one call
 * at a time: what many at once do to a client is the business of the stores' own tests.
 */
function storeOf(handler: CounterHandler): CounterStore {
  const limited = atMost(8, (event: object) => handler(event, CONTEXT));
  const call = async (event: object): Promise<Awaited<ReturnType<CounterHandler>>> => {
    try {
      return await limited(event);
    } catch (error) {
      const { name, message } = error as Error;
      if (name === 'LimitReachedError') return { outcome: 'limit-reached' };
      throw new ERRORS[name as keyof typeof ERRORS](message, { cause: error });
    }
  };
  return {
    increment: async (id, { max, by } = {}): Promise<Outcome> => {
      const { outcome, counter } = await call({ id, max, by: by?.toString() });
      if (outcome === 'incremented') return { status: 'incremented', counter };
      return { status: 'limit-reached', ...(counter === undefined ? {} : { counter }) };
    },
    incrementKeyed: async (id, { key, max, by, sentAt, windowSeconds, cap }): Promise<KeyedOutcome> => {
      const { outcome, counter } = await call({ id, max, by: by?.toString(), key, sentAt, windowSeconds, cap });
      if (outcome === 'incremented' || outcome === 'replayed') return { status: outcome, counter };
      if (outcome === 'full' || outcome === 'late') return { status: outcome };
      return { status: 'limit-reached', ...(counter === undefined ? {} : { counter }) };
    },
    read: async (id) => (await call({ operation: 'read', id })).counter ?? NaN,
    close: () => Promise.resolve(),
  };
}

/** Puts values past the function, by the plain clients. */
const WRITERS: Record<Name, (port: number) => Promise<Pick<CounterStoreUnderTest, 'put' | 'close'>>> = {
  redis: (port) => {
    const redis = new Redis({ host: HOST, port });
    return Promise.resolve({
      put: async (id, value) => void (await redis.set(`counter:{${id}}`, value)),
      close: async () => void (await redis.quit()),
    });
  },
  momento: async (port) => {
    const cache = await CacheClient.create({
      configuration: Configurations.Laptop.latest(),
      credentialProvider: CredentialProvider.forMomentoLocal({ hostname: HOST, port }),
      defaultTtlSeconds: 60,
    });
    return {
      put: async (id, value) => void (await cache.set('atomic-counter', id, value)),
      close: () => Promise.resolve(cache.close()),
    };
  },
  docdb: (port) => {
    const client = new MongoClient(`mongodb://${HOST}:${port}`, { directConnection: true, retryWrites: false });
    const counters = client.db('atomic_counter').collection('counters');
    return Promise.resolve({
      put: async (id, value) =>
        void (await counters.insertOne({ counter_id: id, atomic_counter: Long.fromString(value) })),
      close: () => client.close(),
    });
  },
  tidb: async (port) => {
    const raw = await createConnection({ host: HOST, port, user: 'root', database: 'atomic_counter' });
    return {
      put: async (id, value) =>
        void (await raw.execute('INSERT INTO counters (counter_id, counter_value) VALUES (?, ?)', [id, value])),
      close: () => raw.end(),
    };
  },
};

for (const name of NAMES) {
  describeCounterStore(`the bundle for ${name}`, {
    create: async () => {
      const secrets = await startSecretsEndpoint();
      const server = await STORES[name].start();
      await STORES[name].prepare(loopback(server.port));
      secrets.setValue(secretOf(name, server.port));
      setEnvironment(secrets);
      const { put, close } = await WRITERS[name](server.port);
      return {
        store: storeOf(coldStart(name)),
        put,
        close: async () => {
          await close();
          await server.close();
          await secrets.close();
        },
      };
    },
  });
}

describe.each(NAMES)('the bundle for %s', (name) => {
  let secrets: SecretsEndpoint;
  let server: EmbeddedStore;

  beforeEach(async () => {
    secrets = await startSecretsEndpoint();
    server = await STORES[name].start();
    await STORES[name].prepare(loopback(server.port));
    setEnvironment(secrets);
  });
  afterEach(async () => {
    await server.close();
    await secrets.close();
  });

  it.each(['cut-requests', 'cut-answers', 'freeze'] as const)('is unknown after %s, and recovers', async (fault) => {
    const proxy = await startFaultProxy(loopback(server.port));
    secrets.setValue(secretOf(name, proxy.port));
    const store = storeOf(coldStart(name));
    await store.increment('votes');
    proxy.set(fault);

    const error = await errorOf(store.increment('votes'));
    proxy.set('pass');
    const outcome = await store.increment('votes');

    expect(error).toBeInstanceOf(UnknownOutcomeError);
    expect(outcome.status).toBe('incremented');
    await proxy.close();
  });

  it('counts once for an idempotency key, however often and however many at once repeat it', async () => {
    secrets.setValue(secretOf(name, server.port));
    const store = storeOf(coldStart(name));
    const keyed = { sentAt: Math.floor(Date.now() / 1000), windowSeconds: 120, cap: 2 };
    const call = (key: string, more = {}): Promise<KeyedOutcome> =>
      store.incrementKeyed('votes', { ...keyed, key, ...more });

    const atOnce = await Promise.all(Array.from({ length: 4 }, () => call('a')));
    const after = [await call('b'), await call('c'), await call('a', { max: '1' }), await call('d', { max: '1' })];
    const late = await call('c', { sentAt: keyed.sentAt - 1000, cap: 3 });

    expect(atOnce.map(({ status }) => status).sort()).toEqual(['incremented', 'replayed', 'replayed', 'replayed']);
    expect(atOnce.map((outcome) => 'counter' in outcome && outcome.counter)).toEqual([1, 1, 1, 1]);
    expect(after).toEqual([
      { status: 'incremented', counter: 2 },
      { status: 'full' },
      { status: 'replayed', counter: 1 },
      { status: 'limit-reached', counter: 2 },
    ]);
    // TiDB calls late only what may have been forgotten, and this counter has forgotten nothing.
    expect(late).toEqual(name === 'tidb' ? { status: 'incremented', counter: 3 } : { status: 'late' });
    expect(await store.read('votes')).toBe(name === 'tidb' ? 3 : 2);
  });

  it('is unavailable while the store is down, and recovers', async () => {
    secrets.setValue(secretOf(name, server.port));
    const store = storeOf(coldStart(name));
    await server.stop();

    const error = await errorOf(store.increment('votes'));
    await server.start();
    const outcome = await store.increment('votes');

    expect(error).toBeInstanceOf(StoreUnavailableError);
    expect(outcome).toEqual({ status: 'incremented', counter: 1 });
  });
});

/** What a Node process of its own says of one call, and of modules that were left out and then used. */
async function callApart(name: Name, secrets: SecretsEndpoint, extra = {}): Promise<{ result: unknown; reached: [] }> {
  const program = `
    console.log = () => {};
    const tell = (result) => {
      process.stdout.write(JSON.stringify({ result, reached: [...(globalThis.leftOutModules ?? [])] }));
      process.exit();
    };
    require(process.argv[1]).handler({ id: 'votes' }, ${JSON.stringify(CONTEXT)}).then(tell, ({ name }) => tell(name));`;
  const child = spawn(process.execPath, ['-e', program, bundleOf(name)], {
    env: { ...process.env, ...environment(secrets), ...extra },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
  await once(child, 'close');
  return JSON.parse(text) as { result: unknown; reached: [] };
}

const FIXTURES = path.join(__dirname, 'fixtures');
const CERTIFICATE = path.join(FIXTURES, 'localhost-certificate.pem');

/** TLS in front of a store, with a certificate for `localhost` that only its own authority vouches for. */
async function startTls(port: number): Promise<Server> {
  const tls = createServer(
    { cert: readFileSync(CERTIFICATE), key: readFileSync(path.join(FIXTURES, 'localhost-key.pem')) },
    (client) => {
      const store = connect(port, HOST);
      client.pipe(store).pipe(client);
      for (const socket of [client, store]) socket.on('error', () => [client, store].map((both) => both.destroy()));
    },
  );
  tls.on('tlsClientError', () => undefined); // a client that doesn't trust the certificate
  tls.listen(0, HOST);
  await once(tls, 'listening');
  return tls;
}

describe('the AWS SDK in a bundle', () => {
  it.each([
    ['the secret has no value yet', () => undefined, 'StoreUnavailableError'],
    ['access is denied', ({ failWith }: SecretsEndpoint) => failWith('AccessDeniedException'), 'StoreUnavailableError'],
    ['it is throttled', ({ failWith }: SecretsEndpoint) => failWith('ThrottlingException'), 'NotAppliedError'],
  ])('tells when %s', async (_, happen, name) => {
    const secrets = await startSecretsEndpoint();
    happen(secrets);

    const answer = await callApart('redis', secrets);

    expect(answer).toEqual({ result: name, reached: [] });
    await secrets.close();
  });

  it('tells when Secrets Manager is out of reach', async () => {
    const secrets = await startSecretsEndpoint();
    await secrets.close();

    const answer = await callApart('redis', secrets);

    expect(answer).toEqual({ result: 'NotAppliedError', reached: [] });
  });

  it('asks no other provider where the environment has no credentials', async () => {
    const secrets = await startSecretsEndpoint();

    const { result } = await callApart('redis', secrets, { AWS_ACCESS_KEY_ID: '', HOME: folder });

    expect(result).toBe('NotAppliedError');
    expect(secrets.requests).toBe(0);
    await secrets.close();
  });
});

describe('over TLS', () => {
  let secrets: SecretsEndpoint;
  beforeEach(async () => {
    secrets = await startSecretsEndpoint();
  });
  afterEach(() => secrets.close());

  it('the bundle for redis increments where it trusts the certificate, and is unavailable where it does not', async () => {
    const server = await STORES.redis.start();
    const tls = await startTls(server.port);
    const { port } = tls.address() as AddressInfo;
    secrets.setValue({ host: 'localhost', port, user: 'default', password: 'any' });

    const trusted = await callApart('redis', secrets, { NODE_EXTRA_CA_CERTS: CERTIFICATE });
    const untrusted = await callApart('redis', secrets);

    expect(trusted).toEqual({ result: { outcome: 'incremented', counter: 1 }, reached: [] });
    expect(untrusted).toEqual({ result: 'StoreUnavailableError', reached: [] });
    tls.close();
    await server.close();
  });

  it('the bundle for docdb is unavailable where the members of the replica set are out of reach', async () => {
    const server = await STORES.docdb.start();
    const tls = await startTls(server.port);
    const { port } = tls.address() as AddressInfo;
    secrets.setValue({ host: 'localhost', port });

    const trusted = await callApart('docdb', secrets, { NODE_EXTRA_CA_CERTS: CERTIFICATE });
    const untrusted = await callApart('docdb', secrets);

    expect(trusted).toEqual({ result: 'StoreUnavailableError', reached: [] });
    expect(untrusted).toEqual({ result: 'StoreUnavailableError', reached: [] });
    tls.close();
    await server.close();
  });

  it('the bundle for tidb is unavailable where the server knows no TLS', async () => {
    const server = await STORES.tidb.start();
    secrets.setValue({ host: 'localhost', port: server.port, user: 'root', pwd: 'any', db: 'atomic_counter' });

    const answer = await callApart('tidb', secrets);

    expect(answer).toEqual({ result: 'StoreUnavailableError', reached: [] });
    await server.close();
  });

  it('the bundle for momento is unavailable where nothing listens at the endpoint of its key', async () => {
    // A key of the second version has three parts, and only the middle one is read.
    const apiKey = ['e30', Buffer.from('{"t":"g","id":"test"}').toString('base64url'), 'e30'].join('.');
    secrets.setValue({ apiKey, restEndpoint: 'https://api.cache.localhost' });

    const answer = await callApart('momento', secrets);

    expect(answer).toEqual({ result: 'StoreUnavailableError', reached: [] });
  });
});

describe('the bundle for docdb, with a password', () => {
  it.each([
    ['the right one', 'sesame', { outcome: 'incremented', counter: 1 }],
    ['a wrong one', 'wrong', 'StoreUnavailableError'],
  ])('that is %s', async (_, password, result) => {
    const server = await startDocdb({ credentials: { user: 'counter', password: 'sesame' } });
    const admin = new MongoClient(`mongodb://counter:sesame@${HOST}:${server.port}`, { directConnection: true });
    await admin.db('atomic_counter').collection('counters').createIndex({ counter_id: 1 }, { unique: true });
    await admin.close();
    const secrets = await startSecretsEndpoint();
    secrets.setValue({ ...secretOf('docdb', server.port), username: 'counter', password });

    const answer = await callApart('docdb', secrets);

    expect(answer).toEqual({ result, reached: [] });
    await server.close();
    await secrets.close();
  });
});

describe('what is left out of a bundle', () => {
  const ENTRY = 'test/functions/fixtures/uses-a-cluster.ts';
  const load = (file: string): { handler: () => unknown } => jest.requireActual(file);

  it('throws when it is used, and tells what it was', () => {
    const file = path.join(folder, 'cluster.js');
    writeBundle(ENTRY, file);

    expect(() => load(file).handler()).toThrow(
      'ioredis/built/cluster/index.js is left out of this bundle: see lib/bundling/lean-modules.ts',
    );
    expect(reached()).toEqual(['ioredis/built/cluster/index.js']);
    (globalThis as { leftOutModules?: Set<string> }).leftOutModules?.clear();
  });

  it('can be an export, which throws too', () => {
    const file = path.join(folder, 'export.js');
    writeBundle(ENTRY, file, { modules: { 'ioredis/built/index.js': { exports: ['Redis'] } } });

    expect(() => load(file).handler()).toThrow('ioredis/built/index.js Cluster is left out of this bundle');
    (globalThis as { leftOutModules?: Set<string> }).leftOutModules?.clear();
  });

  it.each([
    ['a module', { 'ioredis/built/gone.js': { leftOut: true } }, 'ioredis/built/gone.js no longer exists'],
    ['a folder', { 'ioredis/gone/': { leftOut: true } }, 'ioredis/gone/ no longer exists'],
    ['names', { 'ioredis/built/gone-': { leftOut: true } }, 'ioredis/built/gone- no longer exists'],
    ['a command', { '@ioredis/commands/built/commands.json': { keys: ['incr', 'gone'] } }, 'commands.json has no gone'],
    ['an export', { 'ioredis/built/index.js': { exports: ['Cluster', 'gone'] } }, 'index.js has no gone'],
    ['a constant', { 'ioredis/built/index.js': { constants: ['gone'] } }, 'index.js has no gone'],
    ['a statement', { 'ioredis/built/index.js': { without: ['gone'] } }, 'index.js has no gone'],
  ] as const)('fails the bundling when a new version has no more %s', (_, modules, message) => {
    expect(() => writeBundle(ENTRY, path.join(folder, 'gone.js'), { modules })).toThrow(message);
  });

  it.each(NAMES)('is almost half of the bundle for %s, or more', (name) => {
    const plain = path.join(folder, `${name}-plain.js`);
    writeBundle(`functions/${name}/handler.ts`, plain, { modules: {} });

    expect(statSync(bundleOf(name)).size / statSync(plain).size).toBeLessThan(0.55);
  });
});

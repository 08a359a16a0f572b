import { once } from 'node:events';
import { connect } from 'node:net';
import { Client, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { cache as generated } from '@gomomento/generated-types';
import { CacheGetResponse, ListCachesResponse } from '@gomomento/sdk';
import { type MomentoOptions, startMomento } from '../../momento';
import type { EmbeddedStore } from 'template-runtime/worker';
import type { CacheCall } from '../../momento/cache-service';
import { CACHE, clientOf, type ConnectedMomento, connectMomento, errorOf } from './connected-momento';

/** What a test has opened, closed after it even where it fails. */
const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close();
});

async function connected(options?: MomentoOptions): Promise<ConnectedMomento> {
  const momento = await connectMomento(options);
  opened.push(momento);
  return momento;
}

async function started(options?: MomentoOptions): Promise<EmbeddedStore> {
  const store = await startMomento(options);
  opened.push(store);
  return store;
}

const { _IncrementRequest: IncrementRequest, _SetRequest: SetRequest } = generated.cache_client;

/** A bare gRPC client. */
function clientAt(port: number): Client {
  // A pool of its own, or a client made after a stop waits with those that failed before it.
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), { 'grpc.use_local_subchannel_pool': 1 });
  opened.push({ close: () => Promise.resolve(client.close()) });
  return client;
}

/** Calls a method of the cache service with a serialized message, and gives the serialized reply. */
function call(client: Client, method: string, message: Uint8Array): Promise<Buffer> {
  const metadata = new Metadata();
  metadata.set('cache', CACHE);
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(
      `/cache_client.Scs/${method}`,
      (bytes: Uint8Array) => Buffer.from(bytes),
      (bytes: Buffer) => bytes,
      message,
      metadata,
      (error: ServiceError | null, reply?: Buffer) => {
        if (reply) resolve(reply);
        else reject(error ?? new Error('neither a reply nor an error'));
      },
    );
  });
}

describe('caches', () => {
  it('are made, listed, flushed and deleted', async () => {
    const momento = await connected();
    const { client } = momento;

    const created = await client.createCache('other');
    const again = await client.createCache('other');
    await client.set('other', 'k', 'v');
    await client.set(CACHE, 'k', 'v');
    const listed = await client.listCaches();
    await client.flushCache('other');
    const flushed = await client.get('other', 'k');
    const apart = await client.get(CACHE, 'k');
    const deleted = await client.deleteCache('other');

    expect([created.type, again.type, deleted.type]).toEqual(['Success', 'AlreadyExists', 'Success']);
    expect(listed.type === ListCachesResponse.Success && listed.getCaches().map((cache) => cache.getName())).toEqual([
      CACHE,
      'other',
    ]);
    expect([flushed.type, apart.type]).toEqual(['Miss', 'Hit']);
    expect(errorOf(await client.deleteCache('other')).code).toBe('NOT_FOUND_ERROR');
  });

  it('must be there before they are used', async () => {
    const momento = await connected();

    const responses = await Promise.all([
      momento.client.get('unknown', 'k'),
      momento.client.set('unknown', 'k', 'v'),
      momento.client.increment('unknown', 'k'),
      momento.client.setIfAbsent('unknown', 'k', 'v'),
    ]);

    expect(responses.map((response) => errorOf(response).code)).toEqual(Array(4).fill('NOT_FOUND_ERROR'));
  });

  it('begin with the one that the project uses', async () => {
    const store = await started();
    const client = await clientOf(store);

    expect((await client.increment('atomic-counter', 'k')).type).toBe('Success');

    client.close();
  });
});

describe('limits', () => {
  it('refuse calls with the limit that is exceeded, and nothing is written', async () => {
    const seen: CacheCall[] = [];
    const momento = await connected({
      refuse: (call) => {
        seen.push(call);
        return call.method === 'Increment' ? 'operations_rate_limit_exceeded' : undefined;
      },
    });

    const error = errorOf(await momento.client.increment(CACHE, 'k'));
    const item = await momento.client.get(CACHE, 'k');

    expect(error.code).toBe('LIMIT_EXCEEDED_ERROR');
    expect(error.message).toContain('Request rate limit exceeded for this account');
    expect(item.type).toBe('Miss');
    expect(seen).toEqual([
      { method: 'Increment', cacheName: CACHE },
      { method: 'Get', cacheName: CACHE },
    ]);
  });
});

describe('the server', () => {
  it('cuts connections at a stop, refuses new ones and has its items after each start', async () => {
    const store = await started({ cacheNames: [CACHE] });
    const { port } = store;
    const increment = new IncrementRequest({
      cache_key: Buffer.from('k'),
      amount: 1,
      ttl_milliseconds: 1000,
    }).serialize();

    for (let cycle = 1; cycle <= 5; cycle++) {
      const client = clientAt(port);
      expect([...(await call(client, 'Increment', increment))]).toEqual([0x08, cycle]);
      const watching = connect(port, '127.0.0.1');
      watching.on('error', () => undefined);
      await once(watching, 'connect');
      const cut = once(watching, 'close');
      await store.stop();
      await cut;
      await expect(call(client, 'Increment', increment)).rejects.toMatchObject({ code: status.UNAVAILABLE });
      await expect(call(clientAt(port), 'Increment', increment)).rejects.toMatchObject({ code: status.UNAVAILABLE });

      await store.start();
      await store.start();
      expect(store.port).toBe(port);
    }

    const sdk = await clientOf(store);
    const item = await sdk.get(CACHE, 'k');
    sdk.close();
    expect(item.type === CacheGetResponse.Hit && item.value()).toBe('5');
  });

  it('listens on the requested port, and rejects when it is taken', async () => {
    const store = await started();

    await expect(startMomento({ port: store.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it.each([
    ['2^53', '9007199254740992', [0x08, 0x81, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10]],
    ['-3', '-3', [0x08, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]],
  ])('answers an increment of %s with all 64 bits', async (_name, value, bytes) => {
    const client = clientAt((await started({ cacheNames: [CACHE] })).port);
    const item = { cache_key: Buffer.from('k'), ttl_milliseconds: 1000 };
    await call(client, 'Set', new SetRequest({ ...item, cache_body: Buffer.from(value) }).serialize());

    const reply = await call(client, 'Increment', new IncrementRequest({ ...item, amount: 1 }).serialize());

    expect([...reply]).toEqual(bytes);
  });

  it.each<[name: string, method: string, message: number[]]>([
    ['no condition', 'SetIf', [0x0a, 1, 0x6b, 0x18, 1]],
    ['no time to live', 'Set', [0x0a, 1, 0x6b]],
    ['no change of the time to live', 'UpdateTtl', [0x0a, 1, 0x6b]],
    [
      'an amount that would be rounded, 2^53 + 1',
      'Increment',
      [0x0a, 1, 0x6b, 0x10, 0x81, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10, 0x18, 1],
    ],
  ])('refuses what the SDK never sends: %s', async (_name, method, message) => {
    const client = clientAt((await started({ cacheNames: [CACHE] })).port);

    await expect(call(client, method, Buffer.from(message))).rejects.toMatchObject({ code: status.INVALID_ARGUMENT });
  });
});

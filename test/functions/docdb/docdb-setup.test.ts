import {
  MongoClient,
  MongoNetworkError,
  MongoServerError,
  MongoServerSelectionError,
  type TopologyDescription,
} from 'mongodb';
import {
  type CounterStore,
  NotAppliedError,
  StoreUnavailableError,
  UnknownOutcomeError,
} from '../../../functions/counter-store';
import { docdbClient } from '../../../functions/docdb/client';
import { translateDocdbError } from '../../../functions/docdb/errors';
import { setUpDocdb } from '../../../functions/docdb/setup';
import { SetupRefusedError } from '../../../functions/setup-refused-error';
import { loopback, STORES } from '../stores-under-fault';
import type { EmbeddedStore } from 'template-runtime/worker';
import { errorOf } from '../../counter-store.contract';

const { start, prepare, open } = STORES.docdb;

describe("DocumentDB's setup", () => {
  let server: EmbeddedStore;
  let raw: MongoClient;
  let store: CounterStore;

  beforeEach(async () => {
    server = await start();
    raw = new MongoClient(`mongodb://127.0.0.1:${server.port}`, { directConnection: true });
    store = open(loopback(server.port));
  });

  afterEach(async () => {
    await store.close();
    await raw.close();
    await server.close();
  });

  it('makes a unique index on counter_id, once', async () => {
    await Promise.all([prepare(loopback(server.port)), prepare(loopback(server.port))]);

    const indexes = await raw.db('atomic_counter').collection('counters').indexes();

    expect(indexes.filter(({ unique }) => unique)).toEqual([expect.objectContaining({ key: { counter_id: 1 } })]);
  });

  it('refuses an index on counter_id that is not unique, and lets no increment through', async () => {
    await raw.db('atomic_counter').collection('counters').createIndex({ counter_id: 1 }, { name: 'counter_id_unique' });

    const setup = await errorOf(prepare(loopback(server.port)));
    const increment = await errorOf(store.increment('votes'));
    const documents = await raw.db('atomic_counter').collection('counters').countDocuments();

    expect(setup).toBeInstanceOf(SetupRefusedError);
    expect(increment).toBeInstanceOf(StoreUnavailableError);
    expect(documents).toBe(0);
  });

  it('does not wait for a password to become right', async () => {
    const address = {
      host: '127.0.0.1',
      port: server.port,
      options: { auth: { username: 'counter', password: 'wrong' }, directConnection: true },
    };
    const client = docdbClient(
      () => Promise.resolve(address),
      () => Promise.resolve(),
    );

    const error = await errorOf(setUpDocdb(client));

    expect(error).toBeInstanceOf(SetupRefusedError);
    expect(error).toMatchObject({ message: 'docdb refuses the credentials in its secret' });
  });

  it('does not take a unique index on more than counter_id for its own', async () => {
    await raw
      .db('atomic_counter')
      .collection('counters')
      .createIndex({ counter_id: 1, atomic_counter: 1 }, { unique: true });

    const error = await errorOf(store.increment('votes'));

    expect(error).toBeInstanceOf(StoreUnavailableError);
  });

  it.each(['index', 'collection'] as const)(
    'lets no increment of 64 callers through once its %s is dropped',
    async (what) => {
      await prepare(loopback(server.port));
      const counters = raw.db('atomic_counter').collection('counters');
      const stored = (): Promise<unknown> => counters.find({}, { projection: { _id: 0 } }).toArray();
      const sixtyFour = (): Promise<PromiseSettledResult<unknown>[]> =>
        Promise.allSettled(Array.from({ length: 64 }, (_, call) => store.increment(`votes-${call}`)));
      await sixtyFour();

      const meanwhile = sixtyFour();
      await (what === 'index' ? counters.dropIndex('counter_id_unique') : counters.drop());
      const afterDrop = await stored();
      await meanwhile;
      const late = await sixtyFour();
      const left = await stored();
      await prepare(loopback(server.port));
      const outcome = await store.increment('afterwards');

      expect(left).toEqual(afterDrop);
      for (const result of late) expect(result).toMatchObject({ reason: { name: 'StoreUnavailableError' } });
      expect(outcome).toEqual({ status: 'incremented', counter: 1 });
    },
  );

  it('refuses the first increment of 64 callers while it has not run: nothing is written', async () => {
    const results = await Promise.allSettled(Array.from({ length: 64 }, () => store.increment('votes')));
    const documents = await raw.db('atomic_counter').collection('counters').countDocuments();

    for (const result of results) expect(result).toMatchObject({ reason: { name: 'StoreUnavailableError' } });
    expect(documents).toBe(0);
  });
});

describe("DocumentDB's errors", () => {
  const answer = (code: number): MongoServerError => new MongoServerError({ code, message: 'at 10.0.0.1' });

  it.each([112, 10058, 10107, 13435, 11000])('are not applied, for now: %d', (code) => {
    expect(translateDocdbError(answer(code), 'increment')).toBeInstanceOf(NotAppliedError);
  });

  it.each([13, 14, 18])('make the store unavailable: %d', (code) => {
    expect(translateDocdbError(answer(code), 'increment')).toBeInstanceOf(StoreUnavailableError);
  });

  it.each([
    new MongoServerSelectionError('no primary', {} as TopologyDescription),
    new MongoNetworkError('connect ECONNREFUSED', { beforeHandshake: true }),
    Object.assign(new Error('cleared'), { name: 'MongoPoolClearedError' }),
    Object.assign(new Error('waited'), { name: 'MongoWaitQueueTimeoutError' }),
  ])('of which nothing was sent make the store unavailable: %s', (error) => {
    expect(translateDocdbError(error, 'increment')).toBeInstanceOf(StoreUnavailableError);
  });

  it.each([
    answer(189), // primary stepped down, perhaps after the write
    answer(11600),
    answer(11602),
    answer(64), // write concern failed
    answer(91),
    new MongoNetworkError('connection 3 to 10.0.0.1 closed', { beforeHandshake: false }),
    Object.assign(new Error('interrupted'), { name: 'MongoPoolClearedOnNetworkError' }),
    new TypeError('a mistake'),
  ])('are unknown otherwise: %s', (error) => {
    expect(translateDocdbError(error, 'increment')).toBeInstanceOf(UnknownOutcomeError);
  });
});

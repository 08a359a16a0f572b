import type { KeyedCounterUnderTest } from '../functions/keyed-counter.contract';
import { persistently } from '../functions/keyed-counter.contract';
import { readDocdbAddress } from '../../functions/docdb/client';
import { readRedisAddress } from '../../functions/redis/client';
import { readTidbAddress } from '../../functions/tidb/client';
import { openKeyedDocdb, startKeyedDocdb } from '../functions/docdb/docdb-keyed-store';
import { openKeyedDynamo, startKeyedDynamo } from '../functions/dynamo-keyed-store';
import { startKeyedMomento } from '../functions/momento/momento-keyed-store';
import { type KeyedRedis, keyOf, openKeyedRedis, startKeyedRedis } from '../functions/redis/redis-keyed-store';
import { openKeyedTidb, startKeyedTidb } from '../functions/tidb/tidb-keyed-store';
import { describeOnRealServer, readAddress } from '../real-server';
import { compareAndSetModel, type CompareAndSetProtocol } from './compare-and-set.model';
import type { Protocol } from './follow';
import { floorModel, FLOOR_PROTOCOL, type FloorProtocol } from './floor.model';
import { generationsModel, GENERATIONS_PROTOCOL } from './generations.model';
import { describeWalks, limitOf, type WalkedStore } from './walks';

// Its walks are hundreds of calls.
jest.setTimeout(120_000);

/** A window is four buckets, and a key is kept for five more. Written here: what the code makes of it is to be compared. */
const FORGET_AFTER = 9;

const byFloor = (change: Partial<FloorProtocol> = {}) =>
  protocol({
    model: (scenario) => floorModel({ ...FLOOR_PROTOCOL, forgetAfter: FORGET_AFTER, ...change }, scenario),
    remembered: ({ records }) => records.length,
    isSettled: ({ pruning }) => pruning === undefined,
  });

const byCompareAndSet = (withoutKey: CompareAndSetProtocol['withoutKey']) =>
  protocol({
    model: (scenario) => compareAndSetModel({ forgetAfter: FORGET_AFTER, withoutKey }, scenario),
    remembered: ({ records }) => records.length,
  });

const inGenerations = protocol({
  model: (scenario) => generationsModel({ ...GENERATIONS_PROTOCOL, turnAfter: FORGET_AFTER }, scenario),
  remembered: ({ young, old }) => young.length + old.length,
});

/** The kind of its states is the model's own matter. */
function protocol<State>(of: Protocol<State>): Protocol<State> {
  return of;
}

/** A store that goes by the clocks of its callers. A bucket is the slack of the shortest window. */
function byCallersClock(store: KeyedCounterUnderTest, reach: (seconds: number) => void = () => undefined): WalkedStore {
  const secondsAt = (bucket: number): number => 1_800_000_000 + 15 * bucket;
  return {
    put: (id, value) => store.put(id, value),
    reach: (_, time) => Promise.resolve(reach(secondsAt(time + 1))),
    call: (id, { key, sentAt, clock }, walk) => {
      const amount = { max: limitOf(walk), by: walk.step };
      if (key === undefined) return persistently(() => store.increment(id, amount));
      const increment = {
        key,
        sentAt: secondsAt(sentAt),
        now: () => secondsAt(clock),
        windowSeconds: 60,
        cap: walk.room,
        ...amount,
      };
      return persistently(() => store.incrementKeyed(id, increment));
    },
    remembered: (id) => store.remembered(id),
    close: () => store.close(),
  };
}

const DYNAMODB = { protocol: byFloor({ prunesBy: 'the request' }), senderClock: true, atOnce: true };
const TIDB = { protocol: byFloor(), atOnce: true };
/** A generation that turns a bucket early is found by the 62nd walk, other planted mistakes by the 28th. */
const REDIS = { protocol: inGenerations, walks: 100 };
const DOCUMENTDB = { protocol: byCompareAndSet('adds'), atOnce: true };

describeWalks('embedded DynamoDB, by the state machines,', {
  ...DYNAMODB,
  open: async () => byCallersClock(await startKeyedDynamo()),
});

describeOnRealServer('DYNAMODB_URL', ({ host, port }) => {
  describeWalks('the server of DYNAMODB_URL, by the state machines,', {
    ...DYNAMODB,
    open: async () => byCallersClock(await openKeyedDynamo(`http://${host}:${port}`)),
  });
});

describeWalks('embedded TiDB', { ...TIDB, open: async () => byCallersClock(await startKeyedTidb()) });

describeOnRealServer('TIDB_URL', (address) => {
  describeWalks('the server of TIDB_URL', {
    ...TIDB,
    open: async () => {
      const database = `walks_${process.pid}`; // of its own: it is dropped in the end
      return byCallersClock(await openKeyedTidb(await readAddress('tidb', { ...address, database }, readTidbAddress)));
    },
  });
});

describeWalks('embedded DocumentDB', { ...DOCUMENTDB, open: async () => byCallersClock(await startKeyedDocdb()) });

describeOnRealServer('DOCDB_URL', (address) => {
  describeWalks('the server of DOCDB_URL', {
    ...DOCUMENTDB,
    open: async () => byCallersClock(await openKeyedDocdb(await readAddress('docdb', address, readDocdbAddress))),
  });
});

// The clients' timers and deadlines are the real ones.
const ALL_BUT_THE_DATE = [
  'hrtime',
  'nextTick',
  'performance',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'setInterval',
  'clearInterval',
  'setTimeout',
  'clearTimeout',
] as const;

describe('by the clock of the process,', () => {
  afterAll(() => jest.useRealTimers());

  describeWalks('embedded Momento', {
    protocol: byCompareAndSet('compares and sets'),
    atOnce: true,
    open: async () => {
      const store = await startKeyedMomento();
      // A call without a key that keeps the others' keys looks at the clock itself.
      jest.useFakeTimers({ doNotFake: [...ALL_BUT_THE_DATE] });
      return byCallersClock(store, (seconds) => jest.setSystemTime(seconds * 1000));
    },
  });
});

describeWalks('embedded Redis', { ...REDIS, open: async () => byServersClock(await startKeyedRedis()) });

describeOnRealServer('REDIS_URL', (address) => {
  describeWalks('the server of REDIS_URL', {
    ...REDIS,
    open: async () => byServersClock(await openKeyedRedis(await readAddress('redis', address, readRedisAddress))),
  });
});

/**
 * A Redis, whose own clock can't be moved: what it remembers is made older instead, so that the real time is that of each
 * call. A bucket is an hour. Requests are sent half a bucket after it has begun, so that they don't get late while the walk
 * goes on.
 */
function byServersClock(store: KeyedRedis): WalkedStore {
  const { raw } = store;
  const hour = 3600;
  const times = new Map<string, number>();
  const generations = (id: string): string[] => [`${keyOf(id)}:young`, `${keyOf(id)}:old`];
  /** As if the server's clock were so many buckets further on. */
  const age = async (id: string, buckets: number): Promise<void> => {
    for (const key of generations(id)) {
      if ((await raw.hexists(key, 'since')) === 1) await raw.hincrby(key, 'since', -buckets * hour);
    }
  };
  /** As if so many buckets had gone by. */
  const expire = async (id: string, buckets: number): Promise<void> => {
    for (const key of generations(id)) {
      const milliseconds = await raw.pttl(key);
      if (milliseconds >= 0) await raw.pexpire(key, milliseconds - buckets * hour * 1000);
    }
  };
  return {
    put: (id, value) => store.put(id, value),
    reach: async (id, time) => {
      const buckets = time - (times.get(id) ?? 0);
      times.set(id, time);
      await age(id, buckets);
      await expire(id, buckets);
    },
    call: async (id, { key, sentAt, clock }, walk) => {
      const amount = { max: limitOf(walk), by: walk.step };
      if (key === undefined) return store.increment(id, amount);
      const [seconds] = await raw.time();
      const ahead = clock - (times.get(id) ?? 0);
      const sent = Number(seconds) + (sentAt - clock + 0.5) * hour;
      await age(id, ahead);
      const increment = { key, sentAt: sent, windowSeconds: 4 * hour, cap: walk.room, ...amount };
      const outcome = await store.incrementKeyed(id, increment);
      await age(id, -ahead);
      return outcome;
    },
    remembered: (id) => store.remembered(id),
    close: () => store.close(),
  };
}

import { checkExactness, recordHistory } from '../../../compare/exactness';
import {
  type CounterStore,
  NotAppliedError,
  StoreUnavailableError,
  UnknownOutcomeError,
} from '../../../functions/counter-store';
import { docdbClient } from '../../../functions/docdb/client';
import { docdbCounterStore } from '../../../functions/docdb/store';
import { requireUniqueIndex } from '../../../functions/docdb/unique-index';
import type { EmbeddedStore } from 'template-runtime/worker';
import type { KeyedIncrement, KeyedOutcome } from '../../../functions/keyed-increment';
import { errorOf, isNotApplied } from '../../counter-store.contract';
import { startFaultProxy } from '../fault-proxy';
import { loopback, STORES } from '../stores-under-fault';
import { type DocdbFront, type Fault, startDocdbFront } from './docdb-front';

const MODES = [
  ['unconditionally', {}],
  ['conditionally', { max: '100' }],
] as const;

/** A call with a key that is used once. */
const keyed = (): KeyedIncrement => ({
  key: `key-${(lastKey += 1)}`,
  sentAt: Math.floor(Date.now() / 1000),
  windowSeconds: 120,
  cap: 1000,
});
let lastKey = 0;

const CALLS: readonly ((store: CounterStore, id: string) => Promise<KeyedOutcome>)[] = [
  ...MODES.map(
    ([, options]) =>
      (store: CounterStore, id: string) =>
        store.increment(id, options),
  ),
  (store, id) => store.incrementKeyed(id, keyed()),
];

let server: EmbeddedStore;
let direct: CounterStore;
let front: DocdbFront;
let store: CounterStore;
let close: () => Promise<void>;

beforeAll(async () => {
  server = await STORES.docdb.start();
  await STORES.docdb.prepare(loopback(server.port));
  direct = STORES.docdb.open(loopback(server.port));
});

/** The store behind a front, reached as a cluster is: by the name of its replica set. */
async function openBehindFront(): Promise<{ front: DocdbFront; store: CounterStore; close(): Promise<void> }> {
  const front = await startDocdbFront(server.port);
  const address = { host: '127.0.0.1', port: front.port, options: { replicaSet: 'rs0' } };
  const store = docdbCounterStore(docdbClient(() => Promise.resolve(address), requireUniqueIndex));
  return {
    front,
    store,
    close: async () => {
      await store.close();
      await front.close();
    },
  };
}

beforeEach(async () => {
  ({ front, store, close } = await openBehindFront());
});

afterEach(() => close());

afterAll(async () => {
  await direct.close();
  await server.close();
});

let lastId = 0;
const newId = (): string => `step-down-${(lastId += 1)}`;

/** Increments a counter that stands at 1, in both modes and with a key, its update and no later one meeting a fault. */
function incrementUnder(fault: Fault) {
  return Promise.all(
    CALLS.map(async (increment) => {
      const { front, store, close } = await openBehindFront();
      const id = newId();
      await increment(store, id);
      const isFirst = (): boolean => front.updates.length === 2;
      front.faultOf = () => (isFirst() ? fault : undefined);
      const error = await errorOf(increment(store, id));
      const sent = front.updates.length - 1;
      const value = await direct.read(id);
      const next = await increment(store, id);
      await close();
      return { error, sent, value, next };
    }),
  );
}

describe('an update that DocumentDB refuses before it runs', () => {
  it.each([
    [10107, 'NotWritablePrimary'],
    [10058, 'NotPrimary'],
    [13435, 'NotPrimaryNoSecondaryOk'],
    [112, 'WriteConflict'],
  ])('with %d (%s) is not applied, and not sent again', async (code) => {
    const results = await incrementUnder({ kind: 'refuse', failure: { code } });

    for (const { error, sent, value, next } of results) {
      expect(error).toBeInstanceOf(NotAppliedError);
      expect([sent, value, next]).toEqual([1, 1, { status: 'incremented', counter: 2 }]);
    }
  });

  it.each([
    [13, 'Unauthorized'],
    [18, 'AuthenticationFailed'],
  ])('with %d (%s) means that the store is unavailable', async (code) => {
    const results = await incrementUnder({ kind: 'refuse', failure: { code } });

    for (const { error, sent, value, next } of results) {
      expect(error).toBeInstanceOf(StoreUnavailableError);
      expect([sent, value, next]).toEqual([1, 1, { status: 'incremented', counter: 2 }]);
    }
  });
});

describe('an update that a step-down interrupts', () => {
  it.each([
    [189, 'PrimarySteppedDown'],
    [11602, 'InterruptedDueToReplStateChange'],
    [11600, 'InterruptedAtShutdown'],
    [91, 'ShutdownInProgress'],
    [13436, 'NotPrimaryOrSecondary'],
    [64, 'WriteConcernTimeout'],
    [50, 'MaxTimeMSExpired'],
    [6, 'HostUnreachable'],
    [89, 'NetworkTimeout'],
    [9001, 'SocketException'],
  ])('with %d (%s) is unknown whether or not it was applied, and not sent again', async (code) => {
    const [before, after] = await Promise.all([
      incrementUnder({ kind: 'refuse', failure: { code } }),
      incrementUnder({ kind: 'apply-then-fail', failure: { code } }),
    ]);

    for (const { error, sent, value, next } of before) {
      expect(error).toBeInstanceOf(UnknownOutcomeError);
      expect([sent, value, next]).toEqual([1, 1, { status: 'incremented', counter: 2 }]);
    }
    for (const { error, sent, value, next } of after) {
      expect(error).toBeInstanceOf(UnknownOutcomeError);
      expect([sent, value, next]).toEqual([1, 2, { status: 'incremented', counter: 3 }]);
    }
  });

  it.each([64, 100, 189, 11602, 91, 10107, 112, 13, 2, 14, 11000])(
    'and was applied, but not surely replicated (write concern error %d), is unknown and not sent again',
    async (code) => {
      const results = await incrementUnder({ kind: 'write-concern-error', failure: { code } });

      for (const { error, sent, value, next } of results) {
        expect(error).toBeInstanceOf(UnknownOutcomeError);
        expect([sent, value, next]).toEqual([1, 2, { status: 'incremented', counter: 3 }]);
      }
    },
  );

  it.each([
    ['cut-before', 1],
    ['cut-after', 2],
  ] as const)('by the network (%s) is unknown, and not sent again', async (kind, expected) => {
    const results = await incrementUnder({ kind });

    for (const { error, sent, value, next } of results) {
      expect(error).toBeInstanceOf(UnknownOutcomeError);
      expect([sent, value]).toEqual([1, expected]);
      expect(next).toEqual({ status: 'incremented', counter: expected + 1 });
    }
  });
});

describe('a read that finds out why an update was refused', () => {
  it('leaves the increment not applied when its answer is lost', async () => {
    const proxy = await startFaultProxy(loopback(server.port));
    const store = STORES.docdb.open(loopback(proxy.port));
    const id = newId();
    await store.increment(id);
    proxy.set('cut-second-answers');

    const error = await errorOf(store.increment(id, { max: '1' }));
    proxy.set('pass');
    const outcome = await store.increment(id, { max: '1' });

    expect(error).toBeInstanceOf(NotAppliedError);
    expect(outcome).toEqual({ status: 'limit-reached', counter: 1 });
    await store.close();
    await proxy.close();
  });
});

describe('a failover', () => {
  it('is surely not applied while there is no primary, and over with the next one', async () => {
    const id = newId();
    await store.increment(id);
    front.isPrimary = false;
    front.faultOf = () => ({ kind: 'refuse', failure: { code: 10107 } });

    const errors = [await errorOf(store.increment(id)), await errorOf(store.increment(id))];
    const sent = front.updates.length;
    front.isPrimary = true;
    front.faultOf = () => undefined;
    const outcome = await store.increment(id);

    expect(errors.map(isNotApplied)).toEqual([true, true]);
    expect(sent).toBe(2); // the second call found no server to send to
    expect(outcome).toEqual({ status: 'incremented', counter: 2 });
  });

  it.each(MODES)('loses nothing and repeats nothing of 32 callers who increment %s', async (_mode, options) => {
    const id = newId();
    const recorder = recordHistory();
    let calls = 0;
    let isOver = false;
    const max = 'max' in options ? Number(options.max) : undefined;
    /** The updates under way are interrupted, some after their write; later ones meet a secondary. */
    const stepDown = (): void => {
      front.isPrimary = false;
      let interrupted = 0;
      front.faultOf = () => {
        interrupted += 1;
        if (interrupted > 8) return { kind: 'refuse', failure: { code: 10107 } };
        return { kind: interrupted % 2 === 0 ? 'apply-then-fail' : 'refuse', failure: { code: 11602 } };
      };
    };
    const stepUp = (): void => {
      front.isPrimary = true;
      front.faultOf = () => undefined;
      isOver = true;
    };
    const call = async (caller: number): Promise<void> => {
      calls += 1;
      if (calls === 64) stepDown();
      await recorder.increment(
        caller,
        async () => {
          try {
            return await store.increment(id, options);
          } catch (error) {
            return { status: isNotApplied(error) ? 'not-applied' : 'unknown' };
          }
        },
        { max },
      );
      if (calls >= 96 && !isOver) stepUp();
    };

    await Promise.all(
      Array.from({ length: 32 }, async (_, caller) => {
        for (let turn = 0; turn < 5; turn += 1) await call(caller);
      }),
    );
    await recorder.read(32, () => direct.read(id));
    const next = await store.increment(newId());

    const { violations, counts } = checkExactness(recorder.history());
    expect(violations).toEqual([]);
    expect(Math.min(counts.counted, counts.notApplied, counts.unknown)).toBeGreaterThan(0);
    expect(next).toEqual({ status: 'incremented', counter: 1 });
  });
});

describe('a server that knows no hints', () => {
  it.each([
    [9, "FailedToParse: unrecognized field 'hint'"],
    [303, 'option hint is currently not supported.'],
    [40_414, "BSON field 'findAndModify.hint' is missing but a required field"],
    [40_415, "BSON field 'findAndModify.hint' is an unknown field."],
  ])('by %d counts without them, and is not asked again', async (code, errmsg) => {
    const id = newId();
    front.faultOf = (update) => ('hint' in update ? { kind: 'refuse', failure: { code, errmsg } } : undefined);

    const outcomes = [
      await store.increment(id),
      await store.increment(id, { max: '5' }),
      await store.incrementKeyed(id, keyed()),
    ];

    expect(outcomes).toEqual([
      { status: 'incremented', counter: 1 },
      { status: 'incremented', counter: 2 },
      { status: 'incremented', counter: 3 },
    ]);
    expect(front.updates.map((update) => 'hint' in update)).toEqual([true, false, false, false]);
  });

  it('counts for each of those who learn of it at once', async () => {
    const id = newId();
    await store.increment(id);
    const failure = { code: 303, errmsg: 'option hint is currently not supported.' };
    front.faultOf = (update) => ('hint' in update ? { kind: 'refuse', failure } : undefined);

    await Promise.all(Array.from({ length: 8 }, () => store.increment(id)));
    const outcome = await store.incrementKeyed(id, keyed());

    expect(outcome).toEqual({ status: 'incremented', counter: 10 });
  });

  it('is not seen in the same code about anything else, nor in an error that comes after the write', async () => {
    const results = [
      ...(await incrementUnder({ kind: 'refuse', failure: { code: 9, errmsg: "unrecognized field 'fields'" } })),
      ...(await incrementUnder({ kind: 'write-concern-error', failure: { code: 9, errmsg: 'hint' } })),
    ];

    for (const { error, sent } of results) {
      expect(error).toBeInstanceOf(UnknownOutcomeError);
      expect(sent).toBe(1);
    }
    expect(results.map(({ value }) => value)).toEqual([1, 1, 1, 2, 2, 2]);
  });
});

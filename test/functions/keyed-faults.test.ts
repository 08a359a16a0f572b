import { checkExactness, type History, type IncrementResult, keyedCalls, recordHistory } from '../../compare/exactness';
import { type CounterStore, NotAppliedError, UnknownOutcomeError } from '../../functions/counter-store';
import type { KeyedIncrement, KeyedOutcome } from '../../functions/keyed-increment';
import { errorOf } from '../counter-store.contract';
import { reachReal, resultOf, type Server, startEmbedded, valueOf } from './fault-matrix';
import { type Fault, type FaultProxy, startFaultProxy } from './fault-proxy';
import { loopback, STORES } from './stores-under-fault';

const NAMES = ['dynamo', 'redis', 'momento', 'docdb', 'tidb'] as const;
type Name = (typeof NAMES)[number];

const FAULTS = {
  'cut before the request': 'cut-requests',
  'cut within a request': 'cut-within-requests',
  'cut after the request, before its answer': 'cut-answers',
  'cut at the second answer': 'cut-second-answers',
  'reset after the request': 'reset-answers',
  frozen: 'freeze',
} as const satisfies Readonly<Record<string, Fault>>;

const CALLERS = 32;
/** Callers at once when there is no fault any more: fewer than would make a busy machine refuse any. */
const SETTLERS = 4;

/** A call with a key, sent now. */
function keyed(key: string): KeyedIncrement {
  return { key, sentAt: Math.floor(Date.now() / 1000), windowSeconds: 120, cap: 1000 };
}

/** To the checker a repetition is an increment that says so. Nothing here is full, or late. */
async function toResult(call: Promise<KeyedOutcome>): Promise<IncrementResult> {
  const outcome = await call;
  switch (outcome.status) {
    case 'incremented':
    case 'replayed':
      return { status: 'incremented', counter: outcome.counter, replayed: outcome.status === 'replayed' };
    case 'limit-reached':
      return outcome;
    case 'full':
    case 'late':
      throw new Error(outcome.status);
  }
}

/** Repeats a call until it is known to have counted, as a client with a key may. */
async function settle(call: () => Promise<IncrementResult>): Promise<IncrementResult> {
  for (let attempt = 1; ; attempt += 1) {
    const result = await call();
    if (result.status === 'incremented' || attempt === 20) return result;
  }
}

/** What came of 32 callers, after all keys have been settled. */
interface CaseReport {
  readonly history: History;
  /** How calls ended while there was the fault. */
  readonly statuses: ReadonlySet<IncrementResult['status']>;
  /** Of counters that got a single call: how it ended, the value afterwards, and how its repetition ended. */
  readonly single: readonly {
    readonly first: IncrementResult;
    readonly value: number;
    readonly again: IncrementResult;
  }[];
}

/**
 * Runs 32 callers while a fault begins and ends. Of their calls one is without a key, one has a fresh counter, where a
 * wrong "not applied" can't hide, and the others have keys on one counter: a third of the callers repeat earlier ones.
 */
async function runCase(name: Name, server: Server, fault: Fault): Promise<CaseReport> {
  const { open, countAnswers, ownReplays } = STORES[name];
  const { host, port } = server.address;
  const proxy = await startFaultProxy({ host, port }, countAnswers ? { makeCounter: countAnswers } : {});
  const store = open({ ...server.address, ...loopback(proxy.port) });
  const direct = open(server.address);
  const stem = `keyed-${name}-${fault}-${process.pid}-${Date.now()}`;
  const shared = recordHistory({ ownReplays: ownReplays === true });
  const sendUnkeyed = (client: number) => shared.increment(client, () => resultOf(store.increment(stem)));
  const sendKeyed = (client: number, key: string) =>
    shared.increment(client, () => resultOf(toResult(store.incrementKeyed(stem, keyed(key)))), { key });
  const statuses = new Set<IncrementResult['status']>();
  const keys: string[] = [];
  const firsts = new Map<string, IncrementResult>();
  let calls = 0;
  const ended = ({ status }: IncrementResult): void => {
    calls += 1;
    statuses.add(status);
    if (calls === CALLERS) proxy.set(fault);
    if (calls === 3 * CALLERS) proxy.set('pass');
  };
  const single = (id: string): Promise<IncrementResult> => resultOf(toResult(store.incrementKeyed(id, keyed('k'))));

  await Promise.all(
    Array.from({ length: CALLERS }, async (_, caller) => {
      for (let call = 0; call < 6; call += 1) {
        if (call === 2) {
          ended(await sendUnkeyed(caller));
        } else if (call === 3) {
          const id = `${stem}-${caller}`;
          const first = await single(id);
          firsts.set(id, first);
          ended(first);
        } else {
          const earlier = caller % 3 === 2 ? keys[(caller * 7 + call) % keys.length] : undefined;
          const key = earlier ?? `${caller}-${call}`;
          if (earlier === undefined) keys.push(key);
          ended(await sendKeyed(caller, key));
        }
      }
    }),
  );
  proxy.set('pass');

  const unsettled = keyedCalls(shared.history()).filter(({ values }) => values.length === 0);
  const singles: CaseReport['single'][number][] = [];
  await inTurn(unsettled, ({ key }) => settle(() => sendKeyed(CALLERS, key)));
  await inTurn([...firsts], async ([id, first]) => {
    const value = await valueOf(direct, id);
    singles.push({ first, value, again: await settle(() => single(id)) });
  });
  await shared.read(CALLERS, () => valueOf(direct, stem));
  const history = shared.history();
  await store.close();
  await direct.close();
  await proxy.close();
  return { history, statuses, single: singles };
}

async function inTurn<Item>(items: readonly Item[], work: (item: Item) => Promise<unknown>): Promise<void> {
  const rest = [...items];
  const workRest = async (): Promise<void> => {
    for (let next = rest.pop(); next !== undefined; next = rest.pop()) await work(next);
  };
  await Promise.all(Array.from({ length: SETTLERS }, workRest));
}

describe.each(NAMES)('%s under 32 callers with idempotency keys', (name) => {
  const servers: Server[] = [];

  beforeAll(async () => {
    for (const start of [startEmbedded, reachReal]) {
      const server = await start(name);
      if (server) servers.push(server);
    }
  });

  afterAll(async () => {
    for (const server of servers) await server.close();
  });

  it.each(Object.entries(FAULTS))(
    'counts each key once over connections that are %s',
    async (_words, fault) => {
      const reports = await Promise.all(servers.map((server) => runCase(name, server, fault)));

      for (const { history, statuses, single } of reports) {
        expect(statuses.has('unknown') || statuses.has('not-applied')).toBe(true);
        expect(keyedCalls(history).filter(({ values }) => values.length !== 1)).toEqual([]);
        expect(checkExactness(history).violations).toEqual([]);
        const once = { status: 'incremented', counter: 1 };
        expect(single.map(({ again }) => again)).toMatchObject(single.map(() => once));
        const contradicted = single.filter(
          ({ first, value }) => first.status !== 'unknown' && value !== (first.status === 'incremented' ? 1 : 0),
        );
        expect(contradicted).toEqual([]);
      }
    },
    60_000,
  );
});

describe('an increment with an idempotency key', () => {
  let server: Server;
  let proxy: FaultProxy;
  let store: CounterStore;
  let direct: CounterStore;

  async function open(name: Name): Promise<void> {
    const { countAnswers } = STORES[name];
    server = await startEmbedded(name);
    const { port } = server.address;
    proxy = await startFaultProxy(loopback(port), countAnswers ? { makeCounter: countAnswers } : {});
    store = STORES[name].open(loopback(proxy.port));
    direct = STORES[name].open(loopback(port));
    await store.incrementKeyed('votes', keyed('first'));
    await store.incrementKeyed('votes', keyed('first')); // on TiDB, this prepares the read after a refusal too
  }

  afterEach(async () => {
    await store.close();
    await direct.close();
    await proxy.close();
    await server.close();
  });

  it.each([
    // These write first.
    ['redis', 'cut-answers'],
    ['redis', 'freeze'],
    ['tidb', 'cut-answers'],
    ['tidb', 'freeze'],
    // These read first.
    ['momento', 'cut-second-answers'],
    ['docdb', 'cut-second-answers'],
  ] as const)('is unknown on %s after %s, and settled by repeating it', async (name, fault) => {
    await open(name);
    proxy.set(fault);

    const error = await errorOf(store.incrementKeyed('votes', keyed('second')));
    proxy.set('pass');
    const again = await store.incrementKeyed('votes', keyed('second'));

    expect(error).toBeInstanceOf(UnknownOutcomeError);
    // What was frozen on its way may still have arrived.
    const statuses = fault === 'freeze' ? ['replayed', 'incremented'] : ['replayed'];
    expect(statuses.map((status) => ({ status, counter: 2 }))).toContainEqual(again);
    expect(await direct.read('votes')).toBe(2);
  });

  it.each([
    ['redis', 'cut-answers'],
    ['tidb', 'cut-answers'],
    ['momento', 'cut-second-answers'],
    ['docdb', 'cut-second-answers'],
  ] as const)(
    "is unknown on %s as a step, and settled to the first call's value by a repeat with another step",
    async (name, fault) => {
      await open(name);
      proxy.set(fault);

      const error = await errorOf(store.incrementKeyed('votes', { ...keyed('second'), by: 5 }));
      proxy.set('pass');
      const again = await store.incrementKeyed('votes', { ...keyed('second'), by: 2 });

      expect(error).toBeInstanceOf(UnknownOutcomeError);
      expect(again).toEqual({ status: 'replayed', counter: 6 });
      expect(await direct.read('votes')).toBe(6);
    },
  );

  it.each([
    ['momento', 'cut-answers', 'second'],
    ['momento', 'freeze', 'second'],
    ['docdb', 'cut-answers', 'second'],
    ['docdb', 'freeze', 'second'],
    ['tidb', 'cut-second-answers', 'first'],
  ] as const)('is not applied on %s where a read is not answered, by %s', async (name, fault, key) => {
    await open(name);
    proxy.set(fault);

    const error = await errorOf(store.incrementKeyed('votes', keyed(key)));
    const value = await direct.read('votes');
    proxy.set('pass');
    const again = await store.incrementKeyed('votes', keyed(key));

    expect(error).toBeInstanceOf(NotAppliedError);
    expect((error as Error).message).toMatch(/, and nothing had been written$/);
    expect(value).toBe(1);
    expect(again).toEqual(key === 'first' ? { status: 'replayed', counter: 1 } : { status: 'incremented', counter: 2 });
  });
});

import {
  checkExactness,
  type Counts,
  type IncrementResult,
  recordHistory,
  type Verdict,
} from '../../compare/exactness';
import {
  type CounterStore,
  type IncrementOptions,
  NotAppliedError,
  StoreUnavailableError,
  UnknownOutcomeError,
} from '../../functions/counter-store';
import { parseStoreUrl, URL_SETTINGS } from '../../local/stores/store-address';
import { type Fault, type FaultProxy, startFaultProxy } from './fault-proxy';
import { type Address, loopback, type StoreName, STORES } from './stores-under-fault';

/** A store's server, ready for increments. */
export interface Server {
  readonly kind: 'embedded' | 'real';
  readonly address: Address;
  /** Cuts all connections and refuses new ones. A real server isn't ours to stop, so its proxy does that. */
  stop(proxy: FaultProxy): Promise<void>;
  start(proxy: FaultProxy): Promise<void>;
  close(): Promise<void>;
}

/** Starts a store's stand-in and sets it up. */
export async function startEmbedded(name: StoreName): Promise<Server> {
  const { start, prepare } = STORES[name];
  const store = await start();
  const address = loopback(store.port);
  await prepare(address);
  return {
    kind: 'embedded',
    address,
    stop: () => store.stop(),
    start: () => store.start(),
    close: () => store.close(),
  };
}

/** Sets up the server that the store's URL setting points to; undefined where it isn't set. */
export async function reachReal(name: StoreName): Promise<Server | undefined> {
  const url = process.env[URL_SETTINGS[name]];
  if (url === undefined || url === '') return undefined;
  const address = parseStoreUrl(name, url);
  await STORES[name].prepare(address);
  return {
    kind: 'real',
    address,
    stop: (proxy) => proxy.refuse(),
    start: (proxy) => proxy.accept(),
    close: () => Promise.resolve(),
  };
}

/** What fails, in the words of the report: between the function and the store, while callers go on. */
export const FAULTS = {
  'refused connections': 'refuse',
  'delay of 10 ms': 'delay',
  'throttled to 20 kB/s': 'throttle',
  'cut before the request': 'cut-requests',
  'cut after the write, before its answer': 'cut-answers',
  'cut at the second answer': 'cut-second-answers',
  frozen: 'freeze',
} as const satisfies Readonly<Record<string, Fault | 'refuse'>>;

export type FaultName = keyof typeof FAULTS;
export const MODES = { unconditional: undefined, conditional: '40' } as const;
export type Mode = keyof typeof MODES;

/** What came of one store, mode and fault. */
export interface CaseReport {
  readonly counts: Counts;
  /** What the checker found wrong; empty where all is exact. */
  readonly violations: readonly string[];
  /** How the callers' increments of fresh counters ended, after the fault and a call that may have met its end. */
  readonly recovery: readonly string[];
  /** Connections that were open then, and after the store was closed. */
  readonly connections: { readonly inUse: number; readonly afterwards: number };
}

const CALLERS = 32;
/** Who reads at once in the end: fewer than would make a busy machine refuse any. */
const READERS = 4;
/** Calls of each caller while things happen; every other one is on a counter of its own. */
const CALLS = 5;

/**
 * Runs 32 callers on one counter while a fault begins, the store restarts, and the fault ends. Between two calls on the
 * shared counter each caller makes one on a fresh counter: there a wrong "not applied" can't hide behind an unknown one.
 */
export async function runCase(name: StoreName, server: Server, mode: Mode, faultName: FaultName): Promise<CaseReport> {
  const { open, countAnswers, maxConnections } = STORES[name];
  const { host, port } = server.address;
  const proxy = await startFaultProxy({ host, port }, countAnswers ? { makeCounter: countAnswers } : {});
  const store = open({ ...server.address, ...loopback(proxy.port) });
  const direct = open(server.address);
  const script = faultScript(server, proxy, FAULTS[faultName]);
  const max = MODES[mode];
  const options = max === undefined ? {} : { max };
  const counters = startCounters(store, options, `${name}-${mode}-${FAULTS[faultName]}-${process.pid}-${Date.now()}`);

  await everyCaller(async (caller) => {
    for (let call = 0; call < CALLS; call += 1) {
      await (call % 2 === 0 ? counters.shared(caller) : counters.fresh(caller));
      script.called();
      if (caller % 8 === 0) await counters.look(direct);
    }
  });
  await script.end();
  await everyCaller((caller) => counters.fresh(caller));
  const recovery = await everyCaller((caller) => untilApplied(() => counters.fresh(caller)));
  await Promise.race([proxy.untilAtMost(maxConnections), patience()]);
  const inUse = proxy.open;

  const verdicts = await counters.verdicts(direct);
  await store.close();
  await direct.close();
  await Promise.race([proxy.untilAtMost(0), patience()]);
  const afterwards = proxy.open;
  await proxy.close();
  return {
    counts: sum(verdicts.map(({ counts }) => counts)),
    violations: verdicts.flatMap(({ violations }) => violations.map(({ rule, message }) => `${rule}: ${message}`)),
    recovery: [...new Set(recovery.map(({ status }) => status))],
    connections: { inUse, afterwards },
  };
}

/** Repeats what was surely not applied, as a client does: a busy machine may refuse a call or two. */
async function untilApplied(increment: () => Promise<IncrementResult>): Promise<IncrementResult> {
  for (let attempt = 1; ; attempt += 1) {
    const result = await increment();
    if (result.status !== 'not-applied' || attempt === 10) return result;
  }
}

/** Begins the fault, stops the store, starts it again and ends the fault, each when so many calls have ended. */
function faultScript(server: Server, proxy: FaultProxy, fault: Fault | 'refuse') {
  const events = new Map([
    [CALLERS, () => (fault === 'refuse' ? proxy.refuse() : proxy.set(fault))],
    [2 * CALLERS, () => server.stop(proxy)],
    [2.5 * CALLERS, () => server.start(proxy)],
    [3 * CALLERS, () => proxy.accept()],
  ]);
  let calls = 0;
  let done = Promise.resolve();
  return {
    called: (): void => {
      calls += 1;
      const event = events.get(calls);
      if (event) done = done.then(event);
    },
    end: () => done,
  };
}

/** The counters of a case, each with its history. */
function startCounters(store: CounterStore, options: IncrementOptions, stem: string) {
  const histories = new Map<string, ReturnType<typeof recordHistory>>();
  const max = options.max === undefined ? undefined : Number(options.max);
  const increment = (caller: number, id: string): Promise<IncrementResult> => {
    const recorder = histories.get(id) ?? recordHistory();
    histories.set(id, recorder);
    return recorder.increment(caller, () => resultOf(store.increment(id, options)), max);
  };
  return {
    shared: (caller: number) => increment(caller, stem),
    fresh: (caller: number) => increment(caller, `${stem}-${histories.size}`),
    /** Reads the shared counter. While the store restarts nobody can. */
    look: async (direct: CounterStore): Promise<void> => {
      const reading = histories.get(stem)?.read(CALLERS, () => direct.read(stem));
      await reading?.catch((error: unknown) => {
        if (!isOfContract(error)) throw error;
      });
    },
    /** Decides on every counter by its value in the end. */
    async verdicts(direct: CounterStore): Promise<Verdict[]> {
      const verdicts: Verdict[] = [];
      const rest = [...histories];
      const readRest = async (): Promise<void> => {
        for (let next = rest.pop(); next; next = rest.pop()) {
          const [id, recorder] = next;
          await recorder.read(CALLERS, () => valueOf(direct, id));
          verdicts.push(checkExactness(recorder.history()));
        }
      };
      await Promise.all(Array.from({ length: READERS }, readRest));
      return verdicts;
    },
  };
}

/** How an increment ended. Other errors than those of the contract are thrown on. */
export async function resultOf(outcome: ReturnType<CounterStore['increment']>): Promise<IncrementResult> {
  try {
    return await outcome;
  } catch (error) {
    if (error instanceof NotAppliedError || error instanceof StoreUnavailableError) return { status: 'not-applied' };
    if (error instanceof UnknownOutcomeError) return { status: 'unknown' };
    throw error;
  }
}

/** What a counter holds. A read that failed is repeated: it changes nothing. */
export async function valueOf(store: CounterStore, id: string): Promise<number> {
  for (let attempt = 1; attempt < 10; attempt += 1) {
    try {
      return await store.read(id);
    } catch (error) {
      if (!isOfContract(error)) throw error;
    }
  }
  return store.read(id);
}

function isOfContract(error: unknown): boolean {
  return (
    error instanceof NotAppliedError || error instanceof StoreUnavailableError || error instanceof UnknownOutcomeError
  );
}

function everyCaller<T>(run: (caller: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: CALLERS }, (_, caller) => run(caller)));
}

/** Longer than Momento's SDK keeps a channel that it has replaced. What is open then is never closed, and reported. */
function patience(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5000).unref());
}

function sum(counts: readonly Counts[]): Counts {
  const total = (field: keyof Counts): number => counts.reduce((sum, count) => sum + count[field], 0);
  return {
    attempted: total('attempted'),
    counted: total('counted'),
    refused: total('refused'),
    notApplied: total('notApplied'),
    unknown: total('unknown'),
    reads: total('reads'),
  };
}

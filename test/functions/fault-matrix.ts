import {
  checkExactness,
  type Counts,
  type IncrementResult,
  type Recorder,
  type RecorderOptions,
  recordHistory,
  type Verdict,
  sumOfCounts,
} from '../../compare/exactness';
import {
  type CounterStore,
  type IncrementOptions,
  NotAppliedError,
  StoreUnavailableError,
  UnknownOutcomeError,
} from '../../functions/counter-store';
import { parseStoreUrl, URL_SETTINGS } from '../../local/store-address';
import { type Fault, type FaultProxy, startFaultProxy } from './fault-proxy';
import { type Http2Fault, type Http2Front, startHttp2Front } from './momento/http2-front';
import { type Address, loopback, type StoreName, STORES, type Subject } from './stores-under-fault';

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
  'reset after the write': 'reset-answers',
  'cut at the second answer': 'cut-second-answers',
  'cut within a request': 'cut-within-requests',
  'cut within an answer': 'cut-within-answers',
  frozen: 'freeze',
} as const satisfies Readonly<Record<string, Fault | 'refuse'>>;

/** Those of HTTP/2 alone, where a call can end without its connection. */
export const HTTP2_FAULTS = {
  'stream reset after the write': 'reset with ENHANCE_YOUR_CALM',
  'sent away after the write': 'GOAWAY ENHANCE_YOUR_CALM at the stream',
} as const satisfies Readonly<Record<string, Http2Fault>>;

export type FaultName = keyof typeof FAULTS | keyof typeof HTTP2_FAULTS;

/** The faults that a store's protocol can have. */
export function faultsOf(name: StoreName): FaultName[] {
  const faults = { ...FAULTS, ...(STORES[name].isHttp2 === true ? HTTP2_FAULTS : {}) };
  return Object.keys(faults) as FaultName[];
}

/** The limit of the shared counter. */
export const MODES = { unconditional: undefined, conditional: '20' } as const;
export type Mode = keyof typeof MODES;

/** How much a case's increments add, in turn: calls without a step may go another way. */
const STEPS = [undefined, 2, undefined, 3, 2];

/** The step of the increment of that number, as an option of it. A striped counter takes none. */
export function stepOf({ isSharded = false }: Subject, number: number): { readonly by?: number } {
  const by = isSharded ? undefined : STEPS[number % STEPS.length];
  return by === undefined ? {} : { by };
}

/** How the histories of a subject are judged. */
export function historyOf({ isSharded = false }: Subject): RecorderOptions {
  return isSharded ? { sharded: true } : {};
}

/** What came of one store, mode and fault. */
export interface CaseReport {
  readonly counts: Counts;
  /** What the checker found wrong; empty where all is exact. */
  readonly violations: readonly string[];
  /** How the callers' increments of fresh counters ended, after the fault and a call that may have met its end. */
  readonly recovery: readonly string[];
  /** How many keys' outcomes nobody knew until they were repeated. @default - there are no keys */
  readonly settled?: number;
  /** Connections that were open then, and after the store was closed. */
  readonly connections: { readonly inUse: number; readonly afterwards: number };
}

export const CALLERS = 32;
/** Who reads at once in the end: fewer than would make a busy machine refuse any. */
const READERS = 4;
/** Calls of each caller while things happen, a quarter of each kind. */
const CALLS = 6;
/** Increments of one crowded counter. Its limit is 1, 2 or 3: most are refused, some for their step alone. */
const CROWD = 6;

/** What the callers of a case call, and what came of it. */
export interface Load {
  /** A caller's next call, while things happen. */
  call(caller: number, call: number): Promise<unknown>;
  /** Increments a fresh counter. */
  fresh(caller: number): Promise<IncrementResult>;
  /**
   * Settles unknown outcomes by repeating the calls, when all is well again.
   *
   * @returns how many
   * @default - none can be settled
   */
  settle?(): Promise<number>;
  /** Decides on every counter by its value in the end. */
  verdicts(direct: CounterStore): Promise<Verdict[]>;
}

/** @param stem begins the ids of the case's counters */
export type StartLoad = (store: CounterStore, mode: Mode, stem: string, subject: Subject) => Load;

/**
 * Runs 32 callers while a fault begins, the store restarts, and the fault ends.
 *
 * @param startLoad what they call. @default - increments without keys, and reads
 */
export async function runCase(
  subject: Subject,
  server: Server,
  mode: Mode,
  faultName: FaultName,
  startLoad: StartLoad = startCounters,
): Promise<CaseReport> {
  const { open, countAnswers, maxConnections } = subject;
  const { host, port } = server.address;
  const fault = faultIn(faultName);
  const front = 'http2' in fault ? await startHttp2Front({ host, port }) : undefined;
  const target = front ? loopback(front.port) : { host, port };
  const proxy = await startFaultProxy(target, countAnswers ? { makeCounter: countAnswers } : {});
  const store = open({ ...server.address, ...loopback(proxy.port) });
  const direct = open(server.address);
  const script = faultScript(server, proxy, front, fault);
  const load = startLoad(store, mode, `${subject.store}-${mode}-${process.pid}-${Date.now()}`, subject);

  await everyCaller(async (caller) => {
    for (let call = 0; call < CALLS; call += 1) {
      await load.call(caller, call);
      script.called();
    }
  });
  await script.end();
  await everyCaller((caller) => load.fresh(caller));
  const recovery = await everyCaller((caller) => untilApplied(() => load.fresh(caller)));
  const settled = await load.settle?.();
  await Promise.race([proxy.untilAtMost(maxConnections), patience()]);
  const inUse = proxy.open;

  const verdicts = await load.verdicts(direct);
  await store.close();
  await direct.close();
  await Promise.race([proxy.untilAtMost(0), patience()]);
  const afterwards = proxy.open;
  await proxy.close();
  await front?.close();
  return {
    counts: sumOfCounts(verdicts.map(({ counts }) => counts)),
    violations: verdicts.flatMap(({ violations }) => violations.map(({ rule, message }) => `${rule}: ${message}`)),
    recovery: [...new Set(recovery.map(({ status }) => status))],
    ...(settled === undefined ? {} : { settled }),
    connections: { inUse, afterwards },
  };
}

/** Repeats what was surely not applied, as a client does: a busy machine may refuse a call or two. */
export async function untilApplied(increment: () => Promise<IncrementResult>): Promise<IncrementResult> {
  for (let attempt = 1; ; attempt += 1) {
    const result = await increment();
    if (result.status !== 'not-applied' || attempt === 10) return result;
  }
}

/** Where a fault happens. */
type FaultPlace = { readonly tcp: Fault | 'refuse' } | { readonly http2: Http2Fault };

function faultIn(name: FaultName): FaultPlace {
  const http2 = Object.entries(HTTP2_FAULTS).find(([known]) => known === name)?.[1];
  return http2 === undefined ? { tcp: FAULTS[name as keyof typeof FAULTS] } : { http2 };
}

/** Begins the fault, stops the store, starts it again and ends the fault, each when so many calls have ended. */
function faultScript(server: Server, proxy: FaultProxy, front: Http2Front | undefined, fault: FaultPlace) {
  const begin = (): void | Promise<void> => {
    if ('http2' in fault) return front?.set(fault.http2);
    return fault.tcp === 'refuse' ? proxy.refuse() : proxy.set(fault.tcp);
  };
  const end = (): Promise<void> => {
    front?.set('pass');
    return proxy.accept();
  };
  // Behind a front the store's restart would be the front's own end.
  const stop = (): Promise<void> => (front ? proxy.refuse() : server.stop(proxy));
  const start = (): Promise<void> => (front ? proxy.accept() : server.start(proxy));
  const events = new Map([
    [CALLERS, begin],
    [2.5 * CALLERS, stop],
    [3 * CALLERS, start],
    [4 * CALLERS, end],
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

/**
 * The counters of a case, each with its history. At any time a quarter of the callers increment one counter that all share; a
 * quarter a fresh counter each, where a wrong "not applied" can't hide behind an unknown one; a quarter, a few at a time,
 * fresh counters with a limit of 1 to 3, which they meet at once; and a quarter read one of those that others increment.
 */
function startCounters(store: CounterStore, mode: Mode, stem: string, subject: Subject): Load {
  const histories = new Map<string, Recorder>();
  let crowds = 0;
  let inCrowd = CROWD;
  let increments = 0;
  const increment = (caller: number, id: string, limit: string | undefined): Promise<IncrementResult> => {
    const recorder = histories.get(id) ?? recordHistory(historyOf(subject));
    histories.set(id, recorder);
    const step = stepOf(subject, (increments += 1));
    const options: IncrementOptions = { ...step, ...(limit === undefined ? {} : { max: limit }) };
    const max = limit === undefined ? undefined : Number(limit);
    return recorder.increment(caller, () => resultOf(store.increment(id, options)), { max, ...step });
  };
  const crowd = (): string => `${stem}-crowd-${crowds}`;
  const shared = (caller: number) => increment(caller, stem, MODES[mode]);
  const fresh = (caller: number) => increment(caller, `${stem}-${histories.size}`, MODES[mode]);
  const crowded = (caller: number) => {
    if (inCrowd === CROWD) [crowds, inCrowd] = [crowds + 1, 0];
    inCrowd += 1;
    return increment(caller, crowd(), mode === 'unconditional' ? undefined : String(1 + (crowds % 3)));
  };
  /** Reads as its caller sees it, whatever fails meanwhile. A read that fails has seen nothing. */
  const look = async (caller: number): Promise<void> => {
    const id = caller % 8 < 4 && crowds > 0 ? crowd() : stem;
    const reading = histories.get(id)?.read(caller, () => store.read(id));
    await reading?.catch((error: unknown) => {
      if (!isOfContract(error)) throw error;
    });
  };
  const kinds = [shared, fresh, crowded, look];
  return {
    call: async (caller, call) => kinds[(caller + call) % kinds.length]?.(caller),
    fresh,
    verdicts: (direct) => verdictsOf(histories, direct),
  };
}

/** Decides on every counter by its value in the end. */
export async function verdictsOf(histories: ReadonlyMap<string, Recorder>, direct: CounterStore): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  await inTurn(READERS, [...histories], async ([id, recorder]) => {
    await recorder.read(CALLERS, () => valueOf(direct, id));
    verdicts.push(checkExactness(recorder.history()));
  });
  return verdicts;
}

/** A few at once share a list. */
export async function inTurn<T>(
  atOnce: number,
  items: readonly T[],
  use: (item: T) => Promise<unknown>,
): Promise<void> {
  const rest = [...items];
  const useRest = async (): Promise<void> => {
    for (let next = rest.pop(); next !== undefined; next = rest.pop()) await use(next);
  };
  await Promise.all(Array.from({ length: atOnce }, useRest));
}

/** How an increment ended. Other errors than those of the contract are thrown on. */
export async function resultOf(outcome: Promise<IncrementResult>): Promise<IncrementResult> {
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

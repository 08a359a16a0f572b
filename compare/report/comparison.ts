import type { Counts, Rule } from '../exactness';

/** Raised with every change that a reader of the file would stumble over. */
export const SCHEMA_VERSION = 1;

/** What `npm run compare` measured: the JSON that it writes, and all that its report knows. */
export interface Comparison {
  readonly schemaVersion: typeof SCHEMA_VERSION;
  /** As typed. */
  readonly command: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly finishedAt: string;
  /** Why not all that was planned was measured, such as "interrupted". @default - all was */
  readonly partial?: string;
  readonly machine: Machine;
  /** Of this project and of what was measured with, by name. */
  readonly versions: Readonly<Record<string, string>>;
  /** By store. */
  readonly servers: Readonly<Record<string, MeasuredServer>>;
  /** Added between a function, or DynamoDB's state, and its store, in milliseconds each way. 0 where none was. */
  readonly addedLatencyMs: number;
  /** How fast the generator is against a server that does nothing, by concurrency. */
  readonly ceilings: readonly Ceiling[];
  readonly cells: readonly Cell[];
  /** The highest rates within a latency. @default - not asked for */
  readonly slo?: Slo;
  readonly coldStarts: readonly ColdStart[];
  readonly costs: readonly StoreCost[];
}

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  /** Such as "Linux 6.1". */
  readonly os: string;
  readonly node: string;
}

/** What stood behind a store's name. */
export interface MeasuredServer {
  /** With its version where it tells one, such as "Redis 7.0.15". */
  readonly name: string;
  /** `stand-in` and `emulator` say nothing of the real service's speed. */
  readonly kind: 'stand-in' | 'emulator' | 'server' | 'aws';
}

export interface Ceiling {
  readonly concurrency: number;
  readonly callsPerSecond: number;
}

export type Mode = 'unconditional' | 'conditional';

/** How calls are sent. */
export type Load =
  /** Each of so many callers waits for its answer before it calls again. */
  | { readonly kind: 'closed'; readonly concurrency: number }
  /** At planned times, whatever the answers do. */
  | { readonly kind: 'open'; readonly ratePerSecond: number };

/** What is measured alone, and against what else: the axes of the comparison. */
export interface CellKey {
  readonly store: string;
  readonly mode: Mode;
  /**
   * `api`: HTTP through the whole path. `state-machine`: StartSyncExecution. `direct`: the store's function, or the state
   * machine's own DynamoDB request, by itself.
   */
  readonly path: 'api' | 'state-machine' | 'direct';
  /** How a store with several ways increments. @default - the deployment's */
  readonly strategy?: string;
  readonly load: Load;
  /** How many counters the calls are spread over; 1 is the hot counter. */
  readonly counters: number;
  /** The counter's limit. @default - none that a cell reaches */
  readonly limit?: number;
  /** Added by each call. */
  readonly by: number;
  /** Items that a DynamoDB counter is striped over. */
  readonly shards: number;
  /** Whether each call carries an idempotency key. */
  readonly keyed: boolean;
}

export interface Cell extends CellKey {
  /** Interleaved with those of the other cells. */
  readonly rounds: readonly Round[];
  /** Repetitions that no caller sees. @default - not measured */
  readonly repetitions?: Repetitions;
}

/** One measurement of a cell. */
export interface Round {
  /** From the first call to the last answer, in milliseconds. */
  readonly durationMs: number;
  /** How the calls ended. */
  readonly outcomes: Outcomes;
  /**
   * Latencies of the calls that the store decided (incremented or limit reached), in microseconds: an HdrHistogram, V2
   * compressed, base64. In an open loop they are counted from the planned time.
   */
  readonly histogram: string;
  /**
   * How late the generator sent what was planned, in milliseconds, at the 99th percentile: a part of the latencies that isn't
   * the system's.
   *
   * @default - a closed loop, which plans nothing
   */
  readonly sentLateMs?: number;
  readonly verdict: RoundVerdict;
  /** Why the numbers of this round don't count, such as "12 calls were throttled (429)". @default - they do */
  readonly invalid?: string;
}

export interface Outcomes {
  readonly incremented: number;
  readonly limitReached: number;
  readonly notApplied: number;
  readonly unknown: number;
  /** 429 */
  readonly throttled: number;
  /** Whatever else: a wrong key, an unknown path, an answer that can't be read. */
  readonly failed: number;
}

/** What the history checker said of all counters of a round together. */
export interface RoundVerdict {
  readonly isExact: boolean;
  readonly counts: Counts;
  readonly broken: Readonly<Partial<Record<Rule, number>>>;
  /** The first few, in words. */
  readonly violations: readonly { readonly rule: Rule; readonly message: string }[];
}

/** Repetitions per call, from the log of a sample of the calls. */
export interface Repetitions {
  /** Calls in the sample. */
  readonly calls: number;
  /** Attempts that the store refused because another call was faster, and the function repeated. */
  readonly conflicts: number;
  /** Repetitions by the state machine. */
  readonly retries: number;
}

export interface Slo {
  /** Such as `{ percentile: 99, latencyMs: 50 }`. */
  readonly percentile: number;
  readonly latencyMs: number;
  readonly results: readonly SloResult[];
}

export interface SloResult {
  readonly store: string;
  readonly mode: Mode;
  readonly counters: number;
  /** The highest rate that held, per second; 0 where none did. */
  readonly ratePerSecond: number;
  /** The lowest rate that didn't hold. @default - the generator's ceiling came first */
  readonly failedAtRate?: number;
  readonly probes: readonly Probe[];
}

/** What one rate has shown while the highest was searched for. */
export interface Probe {
  readonly ratePerSecond: number;
  /** At the percentile. @default - a call was refused, failed or was not sent */
  readonly latencyMs?: number;
  readonly held: boolean;
}

/** The first call after the start: a function begins its environment, and connects. */
export interface ColdStart {
  readonly store: string;
  readonly firstCallMs: number;
  readonly secondCallMs: number;
}

export interface StoreCost {
  readonly store: string;
  readonly mode: Mode;
  /** Whether each has a new idempotency key. @default - none has a key */
  readonly keyed?: boolean;
  /** US dollars per million increments, on AWS. */
  readonly usdPerMillion: number;
}

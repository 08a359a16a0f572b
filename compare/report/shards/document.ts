import type { Machine, RoundVerdict } from '../comparison';

/** Raised with every change that a reader of the file would stumble over. */
export const SHARDS_SCHEMA_VERSION = 1;

/** Write units a second that an item has on AWS. Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html */
export const AWS_ITEM_LIMIT = 1000;

/** What `npm run compare -- --shards` measured: the JSON that it writes, and all that its report knows. */
export interface ShardComparison {
  readonly schemaVersion: typeof SHARDS_SCHEMA_VERSION;
  readonly kind: 'shards';
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
  /** Writes a second that each item had: the scale is this to {@link AWS_ITEM_LIMIT}. */
  readonly itemLimitPerSecond: number;
  /** How many times what all items together may write was called. */
  readonly offered: number;
  /** How many increments a second this machine makes where no item has a limit: what comes near says more of the machine. */
  readonly ceilingPerSecond: number;
  readonly prices: ShardPrices;
  readonly cells: readonly ShardCell[];
}

/** US dollars per million, and of when. */
export interface ShardPrices {
  readonly date: string;
  readonly region: string;
  /** A call of the API and its execution, of 100 ms at most. */
  readonly calls: number;
  readonly writeUnits: number;
  readonly readUnits: number;
}

export interface ShardCell {
  readonly shards: number;
  /** Interleaved with those of the other cells; each on counters of its own. */
  readonly rounds: readonly ShardRound[];
}

export interface ShardRound {
  /** Far below any limit. */
  readonly steady: SteadyPhase;
  readonly sellingOut: SellingOut;
}

/** Requests of DynamoDB by how they ended. */
export interface RequestCounts {
  readonly written: number;
  /** Conditional writes whose condition didn't hold: they cost what a write costs. */
  readonly refused: number;
  /** They cost nothing. */
  readonly throttled: number;
  readonly reads: number;
  /** Half of one for each item that is read eventually consistent. */
  readonly readUnits: number;
}

/** What all phases have. */
export interface Phase {
  /** From the first call to the last answer, with the calls that made the shards and those before the window. */
  readonly durationMs: number;
  readonly verdict: RoundVerdict;
  /** Why the numbers don't count. @default - they do */
  readonly invalid?: string;
}

/** How calls ended in a window of time, and the requests that they took. */
export interface Window {
  readonly ms: number;
  readonly incremented: number;
  readonly limitReached: number;
  /** Throttled calls: the workflow has given up after its repetitions (503). */
  readonly notApplied: number;
  readonly requests: RequestCounts;
}

export interface SteadyPhase extends Phase {
  /** After the buckets' first second is used up. */
  readonly window: Window;
  /** Latencies of the increments, as in a `Round`. */
  readonly histogram: string;
}

/** A counter under the same load until nobody gets anything any more. */
export interface SellingOut extends Phase {
  readonly limit: number;
  /** Increments that made the shards, before the load began. */
  readonly prepared: number;
  /** From the load's first call to the last increment. */
  readonly soldOutMs: number;
  /** In which the last {@link TAIL_SHARE} of what was left were taken. */
  readonly tail: Window;
  /** After the last increment. */
  readonly after: Window;
  /** From the last increment to the last marker that was set while refusals were watched. 0 where none is set. */
  readonly markedMs: number;
}

/** The last part of a limit, which is looked at by itself. */
export const TAIL_SHARE = 0.1;

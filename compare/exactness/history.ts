/** How an operation ended, as its client saw it. */
export type Result =
  | {
      readonly status: 'incremented';
      readonly counter: number;
      /** Whether the answer says that an earlier call with the key wrote the value. @default - it doesn't tell */
      readonly replayed?: boolean;
    }
  | { readonly status: 'limit-reached'; readonly counter?: number }
  | { readonly status: 'not-applied' }
  | { readonly status: 'unknown' }
  | { readonly status: 'read'; readonly counter: number };

/** One operation on the counter. Times are nanoseconds of one monotonic clock. */
export interface Operation {
  readonly client: number;
  readonly invokedAt: bigint;
  /** When the client had the result. */
  readonly completedAt: bigint;
  readonly result: Result;
  /** The limit of a conditional increment. */
  readonly max?: number;
  /** What an increment adds, all or nothing: one that returns `n` owns the values from `n - by + 1` to `n`. @default - 1 */
  readonly by?: number;
  /** The key that a call shares with its repeats, all of which count once (`repeats.ts`). @default - it has no repeats */
  readonly key?: string;
}

/**
 * The counter went back, at some instant of an interval: it expired, or a failover lost acknowledged increments.
 * Increments acknowledged before it may be missing after it.
 */
export interface Reset {
  readonly from: bigint;
  readonly to: bigint;
  /**
   * The value it went back to: 0 after an expiry.
   *
   * @default - any value that it may have had before, as after a failover
   */
  readonly value?: number;
}

/** What happened to one counter. */
export interface History {
  readonly operations: readonly Operation[];
  /** In the order of time. @default - none */
  readonly resets?: readonly Reset[];
  /** The counter's value before the first operation. @default - 0 */
  readonly start?: number;
  /**
   * Whether an increment with a key may be sent on more than once, and so be answered with its own first attempt as a
   * replay: the state machine does that where an outcome is unknown. @default - false
   */
  readonly ownReplays?: boolean;
  /**
   * Whether the counter is spread over shards (docs/hot-counters.md). It has one limit and counts ones; its values are
   * those from 1 to the limit, each once, in any order. A read, and the value that a refusal tells, is how many are taken.
   *
   * @default - false: values are in the order of time
   */
  readonly sharded?: true;
}

/** What an increment adds. */
export function stepOf({ by = 1 }: Pick<Operation, 'by'>): number {
  return by;
}

/** The highest value that an increment can write: its own limit, or else the largest value of any counter. */
export function limitOf({ max = Number.MAX_SAFE_INTEGER }: Operation): number {
  return max;
}

/**
 * The highest value of a counter that an increment counts at: a step below its limit. None is low enough for a step that is
 * above its limit.
 */
export function highestBefore(operation: Operation): number {
  const [limit, step] = [limitOf(operation), stepOf(operation)];
  return step > limit ? -Infinity : limit - step;
}

/** Whether a call with a key says that it was answered with what an earlier one had written. */
export function isReplay({ result, key }: Operation): boolean {
  return key !== undefined && result.status === 'incremented' && result.replayed === true;
}

/** How an increment may end. */
export type IncrementResult = Exclude<Result, { status: 'read' }>;

/** What an increment is called with, as far as the rules need it. */
export interface IncrementCall {
  readonly max?: number | undefined;
  readonly by?: number | undefined;
  readonly key?: string | undefined;
}

/** Records the history of one counter while its clients run. */
export interface Recorder {
  /** Runs an increment and records it. One that rejects is recorded as unknown. */
  increment(client: number, call: () => Promise<IncrementResult>, calledWith?: IncrementCall): Promise<IncrementResult>;
  /** Runs a read and records it. One that rejects has observed nothing, and isn't recorded. */
  read(client: number, call: () => Promise<number>): Promise<number>;
  /** Runs what makes the counter go back, such as a failover, and records a reset during it. */
  reset<T>(call: () => Promise<T>, value?: number): Promise<T>;
  /** The history so far. Increments that are still running are unknown. */
  history(): History;
}

export interface RecorderOptions {
  /** The counter's value before the first operation. @default - 0 */
  readonly start?: number;
  /** As in a {@link History}. @default - false */
  readonly ownReplays?: boolean;
  /** As in a {@link History}. @default - false */
  readonly sharded?: boolean;
  /** A monotonic clock, in nanoseconds; one for all processes of a machine. @default - `process.hrtime.bigint` */
  readonly now?: () => bigint;
}

/** Makes a {@link Recorder}. */
export function recordHistory({
  start = 0,
  ownReplays = false,
  sharded = false,
  now = process.hrtime.bigint,
}: RecorderOptions = {}): Recorder {
  const operations: Operation[] = [];
  const resets: Reset[] = [];
  const running = new Set<Pick<Operation, 'client' | 'invokedAt' | 'max' | 'by' | 'key'>>();

  return {
    async increment(client, call, { max, by, key } = {}) {
      const invoked = {
        client,
        invokedAt: now(),
        ...(max === undefined ? {} : { max }),
        ...(by === undefined ? {} : { by }),
        ...(key === undefined ? {} : { key }),
      };
      running.add(invoked);
      let result: IncrementResult = { status: 'unknown' };
      try {
        result = await call();
        return result;
      } finally {
        running.delete(invoked);
        operations.push({ ...invoked, completedAt: now(), result });
      }
    },
    async read(client, call) {
      const invokedAt = now();
      const counter = await call();
      operations.push({ client, invokedAt, completedAt: now(), result: { status: 'read', counter } });
      return counter;
    },
    async reset(call, value) {
      const from = now();
      try {
        return await call();
      } finally {
        resets.push({ from, to: now(), ...(value === undefined ? {} : { value }) });
      }
    },
    history() {
      const completedAt = now();
      const unfinished = Array.from(running, (invoked): Operation => {
        return { ...invoked, completedAt, result: { status: 'unknown' } };
      });
      return {
        start,
        resets: [...resets],
        operations: [...operations, ...unfinished],
        ...(ownReplays ? { ownReplays } : {}),
        ...(sharded ? { sharded } : {}),
      };
    },
  };
}

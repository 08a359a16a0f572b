/** What every result tells beside its outcome. */
export interface Call {
  /** How many requests were sent. */
  readonly attempts: number;
  /** The execution that answered last, for the console and for support (`X-Execution-Arn`). */
  readonly executionArn: string | undefined;
}

/** What every result of an increment tells beside its outcome. */
export interface IncrementCall extends Call {
  /** Sent with every attempt; undefined if the call went without. The same key asks again, within the window. */
  readonly idempotencyKey: string | undefined;
}

/** Counted, exactly once: by the last attempt, or by an earlier one whose answer was lost (`replayed`). */
export interface Counted extends IncrementCall {
  readonly outcome: 'incremented' | 'replayed';
  readonly store: string;
  readonly id: string;
  /** The value that this increment made. The numbers above `counter - by`, up to it, are this call's own. */
  readonly counter: number;
  /** How much this call asked to add. A replay tells what the first call with its key did: repeat it with the same `by`. */
  readonly by: number;
  /** Whether a limit held for this call. */
  readonly useConditionalWrites: boolean;
  /** The limit that held: the lower one of the call's and the deployment's. Undefined where none did. */
  readonly max: number | undefined;
  /** How much remained below it after this call. Undefined without a limit, and on a striped counter. */
  readonly remaining: number | undefined;
}

/** Not counted: less than `by` remained below the limit. */
export interface LimitReached extends IncrementCall {
  readonly outcome: 'limit-reached';
  readonly error: string;
  readonly store: string;
  readonly id: string;
  readonly useConditionalWrites: boolean;
  /** The limit that held: the lower one of the call's and the deployment's. */
  readonly max: number | undefined;
  /**
   * How much remained below it: a smaller `by` may count. Undefined where a step was refused and the read that finds it
   * failed.
   */
  readonly remaining: number | undefined;
}

/** Provably not counted by any attempt of this call, for a passing reason. */
export interface NotApplied extends IncrementCall {
  readonly outcome: 'not-applied';
  readonly error: string;
}

/** It may have counted. Only the same key, within the window, can tell. */
export interface Unknown extends IncrementCall {
  readonly outcome: 'unknown';
  readonly error: string;
}

/** Provably refused, and will be again: the id, store, idempotency key or API key is wrong. */
export interface Invalid {
  readonly outcome: 'invalid';
  readonly error: string;
  /** The answer's status; undefined if the request can't be sent at all. */
  readonly status: number | undefined;
}

/** How an increment ended. */
export type IncrementResult = Counted | LimitReached | NotApplied | Unknown | (Invalid & IncrementCall);

/** The counter's value, 0 where there is no counter. */
export interface Read extends Call {
  readonly outcome: 'read';
  readonly store: string;
  readonly id: string;
  readonly counter: number;
  /** The limit that the read asked about, or the deployment's where that is lower. Undefined if it asked about none. */
  readonly max: number | undefined;
  /** How much remains below it, at least 0. Undefined without it. */
  readonly remaining: number | undefined;
  /** Whether the store guarantees that the read sees every increment acknowledged before it. */
  readonly consistency: 'strong' | 'eventual';
}

/** No value, for a passing reason. */
export interface Unavailable extends Call {
  readonly outcome: 'unavailable';
  readonly error: string;
}

/** How a read ended. */
export type ReadResult = Read | Unavailable | (Invalid & Call);

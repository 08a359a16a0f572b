import type { Load, Round } from '../report/comparison';

/** What a generator calls. */
export type Target = HttpTarget | StateMachineTarget | ModuleTarget;

/**
 * A counter's HTTP API: any that answers with the counter in JSON. A 2xx with a value is an increment. Whatever the statuses
 * below don't explain is failed if below 500, and unknown above; a 503 whose body says `"retryable": true` was not applied.
 */
export interface HttpTarget {
  readonly kind: 'http';
  /** Such as `POST`. */
  readonly method: string;
  /** With `{id}` where the counter's id goes, which is escaped. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** With `{id}` likewise. @default - none */
  readonly body?: string;
  /**
   * Where the value stands in the answer, such as `$.counter`: names and indexes of JSONPath, nothing else. `header:NAME` is
   * a header of the answer.
   */
  readonly valuePath: string;
  /** The answer tells what remains of this limit, not the value. @default - it tells the value */
  readonly remainingOf?: number;
  /** The header that a key is sent in, another one with each call. @default - calls carry no key */
  readonly keyHeader?: string;
  /** What the API means by a status. @default - what this project's API means */
  readonly statuses?: Statuses;
}

/** What an API means by a status. One that isn't listed proves nothing. */
export interface Statuses {
  /** The counter has reached its limit. A rate limiter says 429. @default - 409 */
  readonly limitReached?: readonly number[];
  /** The call wasn't let through, whatever the counter. @default - 429, unless that is the limit */
  readonly throttled?: readonly number[];
  /** Surely nothing was counted. @default - none */
  readonly notApplied?: readonly number[];
}

/** An Express state machine, by StartSyncExecution. */
export interface StateMachineTarget {
  readonly kind: 'state-machine';
  readonly arn: string;
  readonly region: string;
  /** @default - AWS's own endpoint, with the credentials of the environment */
  readonly endpoint?: string;
  /** The input; its `id` is set by the generator. */
  readonly input: Readonly<Record<string, unknown>>;
  /** Whether each input has a `key` of its own. @default - none has one */
  readonly keyed?: boolean;
}

/**
 * A module of this machine that the generator loads into its own process. It exports `open(options)`, which resolves to
 * `{ increment(id): Promise<Answer>, close() }`. An increment that rejects is of unknown outcome.
 */
export interface ModuleTarget {
  readonly kind: 'module';
  readonly file: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** One measurement for a generator. */
export interface Job {
  readonly target: Target;
  readonly load: Load;
  /** Ids of the counters; calls are spread over them by turns. */
  readonly ids: readonly string[];
  /**
   * Values that the counters have already, by id; 0 for those that aren't named. `learned` calls each counter once before
   * all others, and takes it to have begun below the value that this returns.
   *
   * @default - 0
   */
  readonly starts?: Readonly<Record<string, number>> | 'learned';
  /** Calls before the measurement, which are judged but not measured, in milliseconds. */
  readonly warmUpMs: number;
  readonly durationMs: number;
  /** Ends the measurement earlier, after so many calls. @default - the time ends it */
  readonly calls?: number;
  /** Ends the measurement so long after a call was first refused at the limit, in milliseconds. @default - the time ends it */
  readonly afterLimitMs?: number;
  /** The limit that the counter has, by which refusals are judged. @default - none */
  readonly limit?: number;
  /** Whether the counter is striped, which gives up some promises (docs/hot-counters.md). @default - false */
  readonly sharded?: boolean;
  /** Whether calls are expected that aren't applied: they make no round invalid then. @default - false */
  readonly mayRefuse?: boolean;
  /** How long a call waits for its answer, after which it is of unknown outcome. @default - 35 s, beyond API Gateway's own */
  readonly timeoutMs?: number;
  /** So many calls may be open at once: one more ends an open loop, and the round is invalid. @default - 4000 */
  readonly maxOpen?: number;
  /** A file for the whole history, as JSON (`compare/exactness/history-file.ts`). @default - it is judged and forgotten */
  readonly historyFile?: string;
}

/** What a generator says: how a job went. */
export type JobResult = Round;

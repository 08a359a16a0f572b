import type { Load, Round } from '../report/comparison';

/** What a generator calls. */
export type Target =
  /** A counter's HTTP API: any that answers with the counter in JSON. */
  | {
      readonly kind: 'http';
      /** Such as `POST`. */
      readonly method: string;
      /** With `{id}` where the counter's id goes, which is escaped. */
      readonly url: string;
      readonly headers: Readonly<Record<string, string>>;
      /** With `{id}` likewise. @default - none */
      readonly body?: string;
      /** Where the value stands in the answer, such as `$.counter`. */
      readonly valuePath: string;
      /** The header that a key is sent in. @default - calls carry no key */
      readonly keyHeader?: string;
    }
  /** An Express state machine, by StartSyncExecution. */
  | {
      readonly kind: 'state-machine';
      readonly arn: string;
      readonly region: string;
      /** @default - AWS's own endpoint, with the credentials of the environment */
      readonly endpoint?: string;
      /** The input; its `id` is set by the generator. */
      readonly input: Readonly<Record<string, unknown>>;
    }
  /**
   * A module of this machine that the generator loads into its own process. It exports `open(options)`, which resolves to
   * `{ increment(id): Promise<IncrementResult>, close() }`.
   */
  | { readonly kind: 'module'; readonly file: string; readonly options: Readonly<Record<string, unknown>> };

/** One measurement for a generator. */
export interface Job {
  readonly target: Target;
  readonly load: Load;
  /** Ids of the counters; calls are spread over them by turns. */
  readonly ids: readonly string[];
  /** Values that the counters have already, by id. @default - 0 */
  readonly starts?: Readonly<Record<string, number>>;
  /** Calls before the measurement, which are judged but not measured, in milliseconds. */
  readonly warmUpMs: number;
  readonly durationMs: number;
  /** Ends the measurement earlier, after so many calls. @default - the time ends it */
  readonly calls?: number;
  /** The limit that the counter has, by which refusals are judged. @default - none */
  readonly limit?: number;
  /** A file for the whole history, as JSON (`compare/exactness/history-file.ts`). @default - it is judged and forgotten */
  readonly historyFile?: string;
}

/** What a generator says: how a job went. */
export type JobResult = Round;

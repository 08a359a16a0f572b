/** Where the API is, and how long to try. */
export interface CounterClientOptions {
  /** The API's address with its stage, such as `https://abc.execute-api.us-east-1.amazonaws.com/prod`. */
  readonly url: string | URL;
  /** Sent as `X-Api-Key`. */
  readonly apiKey: string;
  /**
   * Milliseconds for all attempts of a call. At most the window: after it a repeat may count again.
   *
   * @default 30000
   */
  readonly deadlineMs?: number | undefined;
  /**
   * Milliseconds for one attempt. Above the deployment's `API_TIMEOUT_SECONDS`, so that the API tells what it knows.
   *
   * @default 16000
   */
  readonly attemptTimeoutMs?: number | undefined;
  /**
   * The deployment's `IDEMPOTENCY_WINDOW_SECONDS`, in milliseconds.
   *
   * @default 120000
   */
  readonly idempotencyWindowMs?: number | undefined;
}

/** What a call may decide for itself. */
export interface CallOptions {
  /** Ends the call: it rejects with the signal's reason, as `fetch` does. An increment may have counted then. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Milliseconds for all attempts.
   *
   * @default - the client's
   */
  readonly deadlineMs?: number | undefined;
}

export interface IncrementOptions extends CallOptions {
  /**
   * Adds so much, all or nothing: 1 to 1,000,000. The numbers above `counter - by`, up to `counter`, are this call's own.
   * A replay's are the first call's: repeat a key with the same `by`.
   *
   * @default 1
   */
  readonly by?: number | undefined;
  /**
   * Counts only where the counter stays at or below it: 1 to 2^53−1. Where the deployment has a limit, the lower one holds.
   *
   * @default - the deployment's, if it has one
   */
  readonly max?: number | undefined;
  /**
   * 1 to 64 of the characters `A-Z a-z 0-9 . _ ~ : @ -`. Within the window it counts once on its counter, however often
   * and by whomever it is sent. `false`: none, so that only attempts are repeated that surely didn't count.
   *
   * @default - a random one for each call
   */
  readonly idempotencyKey?: string | false | undefined;
}

export interface ReadOptions extends CallOptions {
  /**
   * Asks how much remains below it, 1 to 2^53−1; below the deployment's limit, where that is lower.
   *
   * @default - not asked
   */
  readonly max?: number | undefined;
}

/** What a function logs of one call. */
export interface LogLine {
  readonly store: string;
  /** Absent if the event had no valid id. */
  readonly id?: string | undefined;
  readonly counter?: number | undefined;
  readonly outcome: string;
  /** How often another call was faster. Absent where none was. */
  readonly conflicts?: number | undefined;
  /**
   * Why the call failed: its message, and the code or name of its cause. The cause's own message may contain a host
   * name.
   */
  readonly error?: Error;
  /** When the call began, by `performance.now()`. */
  readonly startedMs: number;
  readonly requestId: string;
}

/** Prints one line of JSON, which CloudWatch Logs Insights and `npm start` show by field. */
export function writeLogLine({ store, id, counter, outcome, conflicts, error, startedMs, requestId }: LogLine): void {
  const durationMs = Math.round((performance.now() - startedMs) * 1000) / 1000;
  const failure = error && { error: error.message, cause: nameOf(error.cause) };
  console.log(JSON.stringify({ store, id, counter, outcome, conflicts, durationMs, requestId, ...failure }));
}

function nameOf(cause: unknown): string | undefined {
  if (!(cause instanceof Error)) return undefined;
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.name;
}

/** A service call that a Task state makes. */
export interface IntegrationCall {
  /** The state's `Resource`. */
  readonly resource: string;
  /** The evaluated `Arguments`, or the state's input where it has none. */
  readonly arguments: unknown;
  /** Aborted when the state times out or its execution ends: nobody waits for the result any more. */
  readonly signal: AbortSignal;
}

/**
 * What a Task state calls.
 *
 * @returns the task's result: plain JSON
 * @throws TaskError naming the service's error as AWS does
 */
export type Integration = (call: IntegrationCall) => Promise<unknown>;

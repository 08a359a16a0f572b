import type { Scope } from '../../scope';

/**
 * A Lambda invocation that a Task state made. The history doesn't name it on AWS either: it is kept beside the history, so that the
 * function's log lines can be found.
 */
export interface FunctionInvocation {
  readonly requestId: string;
  readonly logGroupName: string;
}

/** A service call that a Task state makes. */
export interface IntegrationCall {
  /** The state's `Resource`. */
  readonly resource: string;
  /** The evaluated `Arguments`, or the state's input where it has none. */
  readonly arguments: unknown;
  /** Ends when the state times out or its execution ends: nobody waits for the result any more. */
  readonly scope: Scope;
  /** Told of each function that is invoked for it. */
  readonly onInvocation?: (invocation: FunctionInvocation) => void;
}

/**
 * What a Task state calls.
 *
 * @returns the task's result: plain JSON
 * @throws TaskError naming the service's error as AWS does
 */
export type Integration = (call: IntegrationCall) => Promise<unknown>;

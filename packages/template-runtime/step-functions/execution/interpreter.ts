import type { Frame } from './frame';
import type { Payload } from './payload';
import type { Exit } from './visit';

/** A state, compiled. */
export interface State {
  readonly name: string;
  readonly type: string;
  /** Whether a Task state waits for more than an answer: `.sync` or `.waitForTaskToken`. */
  readonly isCallback?: boolean;
  /** How many branches a Parallel state has. */
  readonly branches?: number;
  /** The names of the states inside a Parallel or Map state. */
  readonly innerStates?: readonly string[];
  /**
   * Enters, does what the state does, and leaves: never at once, as the states of branches side by side are entered before
   * the first of them is left (recorded on AWS).
   *
   * @throws StateError when the state fails
   */
  run(frame: Frame, input: Payload): Promise<Exit>;
}

/** A machine's states, or those of a branch or of a map's item processor. */
export interface StateGraph {
  readonly startAt: string;
  readonly states: ReadonlyMap<string, State>;
}

/**
 * Follows the states from the first to an end.
 *
 * @returns the last state's output
 * @throws StateError when a state fails; the reason of the frame's scope when that ends first
 */
export async function runGraph(graph: StateGraph, frame: Frame, input: Payload): Promise<Payload> {
  const { scope, execution } = frame;
  let payload = input;
  let name: string | undefined = graph.startAt;
  while (name !== undefined) {
    const pause = execution.turn.pause();
    if (pause) await pause;
    execution.transition?.();
    if (scope.reason) throw scope.reason;
    const state = graph.states.get(name);
    if (!state) throw new Error(`No state is named ${name}`);
    const exit = await state.run(frame, payload);
    payload = exit.output;
    name = exit.next;
  }
  return payload;
}

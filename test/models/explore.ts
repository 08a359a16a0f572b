/** A protocol as a transition system: small enough that every state can be visited. */
export interface Model<State, Label = unknown> {
  readonly initial: State;
  /**
   * Every step that may come next, with its name as a reader of a trace wants it, and as who compares it with a real
   * store needs it.
   */
  readonly next: (state: State) => Iterable<readonly [step: string, state: State, label: Label]>;
  /** What is wrong with a state. @returns undefined where nothing is */
  readonly violation: (state: State) => string | undefined;
}

/** What a visit to all states has found. */
export interface Exploration {
  /** How many different states there are, or were visited until one was wrong. */
  readonly states: number;
  /** Steps of the longest shortest way to a state. */
  readonly depth: number;
  /** The first wrong state, by the fewest steps that lead to it. @default - none is wrong */
  readonly counterexample?: { readonly violation: string; readonly steps: readonly string[] };
}

interface Visited<State> {
  readonly state: State;
  readonly depth: number;
  readonly step?: string;
  readonly from?: Visited<State>;
}

/**
 * Visits every state of a model, breadth first, so that a counterexample is a shortest one. Two states are the same when
 * their JSON is: a model writes the fields of a state in one order, and the items of a set sorted.
 *
 * @param most how many states are too many
 * @throws Error where the model has more: a bound of it is missing
 */
export function explore<State>({ initial, next, violation }: Model<State>, most = 1_000_000): Exploration {
  const seen = new Set([JSON.stringify(initial)]);
  let frontier: Visited<State>[] = [{ state: initial, depth: 0 }];
  let depth = 0;
  while (frontier.length > 0) {
    const beyond: Visited<State>[] = [];
    for (const visited of frontier) {
      depth = visited.depth;
      const wrong = violation(visited.state);
      if (wrong !== undefined) {
        return { states: seen.size, depth, counterexample: { violation: wrong, steps: stepsTo(visited) } };
      }
      for (const [step, state] of next(visited.state)) {
        const key = JSON.stringify(state);
        if (seen.has(key)) continue;
        seen.add(key);
        if (seen.size > most) throw new Error(`more than ${most} states`);
        beyond.push({ state, step, depth: depth + 1, from: visited });
      }
    }
    frontier = beyond;
  }
  return { states: seen.size, depth };
}

function stepsTo<State>(visited: Visited<State>): string[] {
  const steps: string[] = [];
  for (let at: Visited<State> | undefined = visited; at?.step !== undefined; at = at.from) steps.unshift(at.step);
  return steps;
}

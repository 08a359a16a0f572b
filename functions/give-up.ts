/** A limit to waiting that has been set. */
export interface Patience {
  /** There is nothing to wait for any more. */
  end(): void;
}

/**
 * Calls `giveUp` when `ms` milliseconds have passed, and one turn of the event loop more. After a stall (a thawed
 * environment, a long garbage collection) the loop runs timers before it reads its sockets: in the turn between, an answer
 * that has been in the socket all the time can still come and end the wait.
 *
 * Source: https://nodejs.org/en/learn/asynchronous-work/event-loop-timers-and-nexttick (timers, poll, check)
 */
export function giveUpAfter(ms: number, giveUp: () => void): Patience {
  let turn: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => (turn = setImmediate(giveUp)), ms);
  return {
    end() {
      clearTimeout(timer);
      clearImmediate(turn);
    },
  };
}

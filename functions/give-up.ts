/** A running timeout. */
export interface Patience {
  /** Cancels the timeout: the answer has come. */
  end(): void;
}

/**
 * Calls `giveUp` after `ms` milliseconds, at once where they are over, and one more turn of the event loop. After a stall
 * (a thawed environment, a long garbage collection) the loop runs timers before it reads its sockets: in that extra turn,
 * an answer that has been in the socket all the time can still arrive and end the wait.
 *
 * Source: https://nodejs.org/en/learn/asynchronous-work/event-loop-timers-and-nexttick (timers, poll, check)
 */
export function giveUpAfter(ms: number, giveUp: () => void): Patience {
  let turn: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => (turn = setImmediate(giveUp)), Math.max(0, ms)); // Node warns of less
  return {
    end() {
      clearTimeout(timer);
      clearImmediate(turn);
    },
  };
}

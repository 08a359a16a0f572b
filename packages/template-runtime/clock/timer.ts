/** Calls back once after `delayMs`; the function that it gives cancels that. Tests pass one that they fire themselves. */
export type StartTimer = (delayMs: number, callback: () => void) => () => void;

/** Node's own timer. It doesn't keep the process alive: an open server does. */
export const systemTimer: StartTimer = (delayMs, callback) => {
  const timer = setTimeout(callback, delayMs).unref();
  return () => clearTimeout(timer);
};

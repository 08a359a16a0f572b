/** How often a step that takes long says that it goes on, in milliseconds. */
const STILL_EVERY_MS = 10_000;

/** Tells people what long work is doing. */
export interface Progress {
  /** Says what begins now, after the seconds since the work began. */
  say(what: string): void;
  /** The same of a step, which is said again while it takes long. */
  during<T>(what: string, step: () => Promise<T>): Promise<T>;
}

/** @param print gets the lines. @default - standard error, where standard output is the result */
export function startProgress(
  print: (line: string) => void = (line) => console.error(line),
  stillEveryMs = STILL_EVERY_MS,
): Progress {
  const began = Date.now();
  const say = (what: string): void => print(`[${((Date.now() - began) / 1000).toFixed(1)} s] ${what}`);
  return {
    say,
    async during(what, step) {
      say(`${what} …`);
      const still = setInterval(() => say(`${what}: goes on …`), stillEveryMs);
      try {
        return await step();
      } finally {
        clearInterval(still);
      }
    },
  };
}

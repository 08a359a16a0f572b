import type { Operation } from './counter-store';
import { giveUpAfter, type Patience } from './give-up';
import type { StoreErrors } from './store-errors';
import { COMMAND_TIMEOUT_MS } from './timeouts';

/**
 * Waits for a command of a call, as long as all of them together may take.
 *
 * @throws UnknownOutcomeError when there is no answer in time
 */
export type InTime = <Answer>(command: Promise<Answer>) => Promise<Answer>;

/** Starts the time of a call. */
export function startDeadline(errors: StoreErrors, operation: Operation): InTime {
  const end = performance.now() + COMMAND_TIMEOUT_MS;
  return async (command) => {
    let patience: Patience | undefined;
    const silence = new Promise<never>((_resolve, reject) => {
      // The error is made where it is needed: a stack costs more than the rest of the wait.
      patience = giveUpAfter(end - performance.now(), () => reject(errors.unansweredInTime(operation)));
    });
    try {
      return await Promise.race([command, silence]);
    } finally {
      patience?.end();
    }
  };
}

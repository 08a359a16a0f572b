import type { InvocationContext } from './counter-handler';
import { writeLogLine } from './log-line';
import { toOutwardError } from './outward-error';
import { SetupRefusedError } from './setup-refused-error';
import { NotConfiguredError } from './store-secret';

export interface SetupResult {
  readonly outcome: 'ready' | 'not-configured';
}

export type SetupHandler = (event: unknown, context: InvocationContext) => Promise<SetupResult>;

/**
 * Makes the Lambda handler that prepares a store. The event is ignored: EventBridge may deliver the stack's events late,
 * twice or out of order, so `setUp` must be idempotent.
 *
 * @param store the store's name in log lines and messages
 * @param setUp prepares the store; its errors are passed on, so that the state machine retries it, unless the store
 *   refuses for good
 */
export function setupHandler(store: string, setUp: () => Promise<void>): SetupHandler {
  return async (_event, { awsRequestId: requestId }) => {
    const startedMs = performance.now();
    try {
      await setUp();
      writeLogLine({ store, outcome: 'ready', startedMs, requestId });
      return { outcome: 'ready' };
    } catch (error) {
      const failure =
        error instanceof SetupRefusedError ? withoutStack(error) : toOutwardError(`${store}: the setup`, error);
      const outcome = failure instanceof NotConfiguredError ? 'not-configured' : 'failed';
      writeLogLine({ store, outcome, error: failure, startedMs, requestId });
      if (outcome === 'not-configured') return { outcome };
      throw failure;
    }
  };
}

/** Lambda returns and logs the stack too, which describes the code and not the store. */
function withoutStack(error: Error): Error {
  error.stack = `${error.name}: ${error.message}`;
  return error;
}

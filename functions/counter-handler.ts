import { type CounterEvent, parseCounterEvent } from './counter-event';
import { type CounterStore, LimitReachedError, MAX_COUNTER, type Operation, type Outcome } from './counter-store';
import { writeLogLine } from './log-line';
import { toOutwardError } from './outward-error';

/** What a store's function returns to its task. */
export type CounterResult =
  | { readonly outcome: 'read'; readonly counter: number }
  | { readonly outcome: 'incremented'; readonly counter: number }
  | { readonly outcome: 'limit-reached'; readonly counter?: number };

/** The part of Lambda's context object that is used here. */
export interface InvocationContext {
  readonly awsRequestId: string;
}

export type CounterHandler = (event: unknown, context: InvocationContext) => Promise<CounterResult>;

export interface CounterHandlerOptions {
  /** The store's name in log lines and messages. */
  readonly store: string;
  /**
   * The strategies for incrementing that an event may choose from.
   *
   * @default - none
   */
  readonly strategies?: readonly string[];
  /** The store for an event. It may throw an error of `counter-store.ts`. */
  readonly counterStore: (event: CounterEvent) => CounterStore;
}

/** How a call that threw ended, in the log line. */
const OUTCOMES = {
  InvalidRequestError: 'invalid-request',
  LimitReachedError: 'limit-reached',
  NotAppliedError: 'not-applied',
  StoreUnavailableError: 'unavailable',
  UnknownOutcomeError: 'unknown',
} as const;

/**
 * Makes the Lambda handler of a store: event in, outcome out, and one log line per call.
 *
 * It throws the errors of `counter-store.ts` only, since the state machine tells them apart by name. Reaching a limit
 * that the event sets is returned as an outcome; without a limit, the state machine expects a value.
 */
export function counterHandler({ store, strategies, counterStore }: CounterHandlerOptions): CounterHandler {
  return async (event, { awsRequestId: requestId }) => {
    const startedMs = performance.now();
    let operation: Operation | undefined;
    let id: string | undefined;
    try {
      const request = parseCounterEvent(event, strategies);
      ({ operation, id } = request);
      const counters = counterStore(request);
      const result: CounterResult =
        operation === 'read'
          ? { outcome: 'read', counter: await counters.read(id) }
          : toResult(await counters.increment(id, request));
      if (result.outcome === 'limit-reached' && request.max === undefined) {
        throw new LimitReachedError(`${store}: the counter has reached the largest value, ${MAX_COUNTER}`);
      }
      writeLogLine({ store, id, counter: result.counter, outcome: result.outcome, startedMs, requestId });
      return result;
    } catch (error) {
      const outward = toOutwardError(`${store}: the ${operation ?? 'call'}`, error);
      writeLogLine({ store, id, outcome: OUTCOMES[outward.name], error: outward, startedMs, requestId });
      throw outward;
    }
  };
}

function toResult(outcome: Outcome): CounterResult {
  switch (outcome.status) {
    case 'incremented':
      return { outcome: 'incremented', counter: outcome.counter };
    case 'limit-reached':
      return outcome.counter === undefined
        ? { outcome: 'limit-reached' }
        : { outcome: 'limit-reached', counter: outcome.counter };
  }
}

import { type CounterEvent, parseCounterEvent } from './counter-event';
import { type CounterStore, LimitReachedError, MAX_COUNTER, type Operation } from './counter-store';
import type { KeyedOutcome } from './keyed-increment';
import { writeLogLine } from './log-line';
import { toOutwardError } from './outward-error';

/** What a store's function returns to its task. */
export type CounterResult =
  | { readonly outcome: 'read'; readonly counter: number }
  | { readonly outcome: 'incremented'; readonly counter: number }
  | { readonly outcome: 'replayed'; readonly counter: number }
  | { readonly outcome: 'limit-reached'; readonly counter?: number }
  | { readonly outcome: 'full' | 'late'; readonly counter?: undefined };

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

/** How the store answered a call. */
type Ended = KeyedOutcome | { readonly status: 'read'; readonly counter: number };

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
 * that the event sets is returned as an outcome, and with an idempotency key the largest value too; otherwise, without
 * a limit, the state machine expects a value.
 */
export function counterHandler({ store, strategies, counterStore }: CounterHandlerOptions): CounterHandler {
  return async (event, { awsRequestId: requestId }) => {
    const startedMs = performance.now();
    let operation: Operation | undefined;
    let id: string | undefined;
    try {
      const request = parseCounterEvent(event, strategies);
      ({ operation, id } = request);
      const ended = await carryOut(request, counterStore(request));
      const { max, by = 1, keyed } = request;
      if (ended.status === 'limit-reached' && max === undefined && keyed === undefined) {
        const what = by === 1 ? 'the counter has reached' : `${by} more would pass`;
        throw new LimitReachedError(`${store}: ${what} the largest value, ${MAX_COUNTER}`);
      }
      const result = toResult(ended);
      const conflicts = ended.status === 'incremented' ? ended.conflicts : undefined;
      writeLogLine({ store, id, ...result, conflicts, startedMs, requestId });
      return result;
    } catch (error) {
      const outward = toOutwardError(`${store}: the ${operation ?? 'call'}`, error);
      writeLogLine({ store, id, outcome: OUTCOMES[outward.name], error: outward, startedMs, requestId });
      throw outward;
    }
  };
}

async function carryOut({ operation, id, max, by, keyed }: CounterEvent, counters: CounterStore): Promise<Ended> {
  if (operation === 'read') return { status: 'read', counter: await counters.read(id) };
  if (keyed !== undefined) return counters.incrementKeyed(id, keyed);
  return counters.increment(id, { ...(max === undefined ? {} : { max }), ...(by === undefined ? {} : { by }) });
}

/** What the task of the state machine gets: how the store went about it is for the log alone. */
function toResult(ended: Ended): CounterResult {
  if (ended.status === 'full' || ended.status === 'late') return { outcome: ended.status };
  const { status: outcome, counter } = ended;
  if (outcome === 'limit-reached') return counter === undefined ? { outcome } : { outcome, counter };
  return { outcome, counter };
}

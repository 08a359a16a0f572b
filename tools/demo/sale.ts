import { createHash, randomUUID } from 'node:crypto';
import type { EventEmitter } from 'node:events';
import { type Counted, counterClient, type IncrementResult, type LimitReached } from '../../client/src';
import { type History, type IncrementResult as Outcome, recordHistory } from '../../compare/exactness';
import { refusal, refusedAt } from '../../compare/load';

/** What is for sale, and who buys. */
export interface Sale {
  /** The API's address, with its stage. */
  readonly url: string;
  readonly apiKey: string;
  readonly store: string;
  /** The limit that every call brings. */
  readonly seats: number;
  readonly callers: number;
  /** A call takes from one seat up to so many. */
  readonly mostAtOnce: number;
  /** Whether the counter is striped: its values have no order then. */
  readonly isSharded: boolean;
  /** The same one makes the same choices. */
  readonly seed: number;
}

/** What is told while it is under way. */
export type SaleEvents = EventEmitter<{ sold: [seats: number]; unknown: []; unavailable: [] }>;

/** A call that took nothing, though it asked for so few. */
export interface Refusal extends LimitReached {
  readonly by: number;
}

/** What came of it. */
export interface SaleRecord {
  readonly purchases: readonly Counted[];
  readonly refusals: readonly Refusal[];
  /** Calls that ended as unknown; each was repeated with its key until it was settled. */
  readonly unknown: number;
  /** All calls, and the requests that they took. */
  readonly calls: number;
  readonly requests: number;
  /** What a read told at the end. */
  readonly counter: number;
  readonly remaining: number | undefined;
  readonly history: History;
}

/** Milliseconds for a call, so that a store that doesn't answer leaves it unknown soon. Its repetitions are patient. */
const CALL_MS = 1_000;

/** How often a call is repeated with its key. It is more than the faults take. */
const MOST_REPEATS = 5;

/**
 * Sells seats of one counter through the typed client: each caller goes on buying, a refused one takes what is said to
 * remain, until nothing does.
 *
 * @throws Error where a call is invalid, or isn't settled by its key
 */
export async function sell(
  { url, apiKey, store, seats, callers, mostAtOnce, isSharded, seed }: Sale,
  events: SaleEvents,
): Promise<SaleRecord> {
  const counters = counterClient({ url, apiKey });
  const id = `sale-${randomUUID()}`;
  // A call's own attempts and the state machine's repeat its key: it may be answered with its own first one as a replay.
  const recorder = recordHistory({ ownReplays: true, sharded: isSharded });
  const purchases: Counted[] = [];
  const refusals: Refusal[] = [];
  let [sold, unknown, calls, requests] = [0, 0, 0, 0];

  type Options = { readonly idempotencyKey: string; readonly deadlineMs?: number };
  const call = async (caller: number, by: number, options: Options): Promise<IncrementResult> => {
    let result: IncrementResult | undefined;
    const increment = async (): Promise<Outcome> => {
      result = await counters.increment(store, id, { ...options, by, max: seats });
      return outcomeOf(result);
    };
    await recorder.increment(caller, increment, { max: seats, by, key: options.idempotencyKey });
    calls += 1;
    requests += result?.attempts ?? 0;
    return result as IncrementResult;
  };
  const settled = async (caller: number, by: number): Promise<Counted | LimitReached> => {
    const idempotencyKey = randomUUID();
    for (let repeat = 0; repeat <= MOST_REPEATS; repeat += 1) {
      const result = await call(caller, by, { idempotencyKey, ...(repeat === 0 ? { deadlineMs: CALL_MS } : {}) });
      if (result.outcome === 'invalid') throw new Error(`caller ${caller} was refused: ${result.error}`);
      if (result.outcome !== 'unknown' && result.outcome !== 'not-applied') return result;
      if (result.outcome !== 'unknown') continue;
      unknown += 1;
      events.emit('unknown');
    }
    throw new Error(`caller ${caller} asked ${MOST_REPEATS} times again, and still doesn't know`);
  };
  const remainingOf = async ({ remaining }: LimitReached): Promise<number> => {
    if (remaining !== undefined) return remaining;
    const result = await counters.read(store, id, { max: seats });
    if (result.outcome === 'read' && result.remaining !== undefined) return result.remaining;
    throw new Error('error' in result ? result.error : `a read with max=${seats} tells no remaining`);
  };
  const buy = async (caller: number): Promise<void> => {
    let wanted = Infinity;
    for (let turn = 0; wanted > 0; turn += 1) {
      const chosen = 1 + Math.floor(choice(seed, caller, turn) * mostAtOnce);
      const by = Math.min(chosen, wanted);
      const result = await settled(caller, by);
      if (result.outcome === 'limit-reached') {
        refusals.push({ ...result, by });
        const remaining = await remainingOf(result);
        wanted = remaining < by ? remaining : 0; // refused in spite of room: asking again would be no better
      } else {
        purchases.push(result);
        sold += result.by;
        events.emit('sold', sold);
      }
    }
  };

  await Promise.all(Array.from({ length: callers }, (_, caller) => buy(caller)));
  const last = await counters.read(store, id, { max: seats });
  if (last.outcome !== 'read') throw new Error(last.error);
  await recorder.read(callers, () => Promise.resolve(last.counter));
  const { counter, remaining } = last;
  return { purchases, refusals, unknown, calls, requests, counter, remaining, history: recorder.history() };
}

/** A number from 0 to below 1 that depends on nothing but what it is for. */
export function choice(...what: readonly (string | number)[]): number {
  return createHash('sha256').update(what.join('/')).digest().readUInt32BE() / 2 ** 32;
}

function outcomeOf(result: IncrementResult): Outcome {
  switch (result.outcome) {
    case 'incremented':
    case 'replayed':
      return { status: 'incremented', counter: result.counter, replayed: result.outcome === 'replayed' };
    case 'limit-reached':
      return refusal(refusedAt(result));
    case 'unknown':
      return { status: 'unknown' };
    case 'not-applied':
    case 'invalid':
      return { status: 'not-applied' };
  }
}

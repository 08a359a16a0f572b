import type { CounterHistory, Operation } from '../../compare/exactness';
import { type Caller, openTarget, resultOf } from '../../compare/load';
import type { Plan } from './arguments';

/** Keys that are repeated, first by themselves and then beside others: fewer where the limit leaves room for fewer. */
const KEYS = 20;
/** Of so many callers at once, one repeats what has been sent before. */
const ONE_REPEATS_OF = 3;
/** Calls with one key that are sent at once. One more is sent when all keys have been used. */
const AT_ONCE = 3;
/** Keys that are used at once. */
const CLIENTS = 4;

/**
 * Calls a fresh counter with keys, each several times: at once, as by a client that hedges, beside new ones, and later, as by
 * a client that lost the answer. A last call with a key of its own shows whether the last repeats counted.
 *
 * @param start the value of a fresh counter
 */
export async function repeatCalls(plan: Plan, id: string, start: number): Promise<CounterHistory> {
  const caller = await openTarget(plan.target, plan.timeoutMs);
  try {
    // What is behind an API may repeat a call by itself.
    const { sharded } = plan;
    const operations = await record(caller, plan, id);
    return { id, history: { start, ownReplays: true, ...(sharded === undefined ? {} : { sharded }), operations } };
  } finally {
    await caller.close();
  }
}

async function record(caller: Caller, { limit, by, concurrency }: Plan, id: string): Promise<Operation[]> {
  const operations: Operation[] = [];
  const call = async (client: number, key: string): Promise<void> => {
    const invokedAt = process.hrtime.bigint();
    const result = resultOf(await caller.increment(id, key));
    const completedAt = process.hrtime.bigint();
    operations.push({
      client,
      invokedAt,
      completedAt,
      result,
      key,
      ...(limit === undefined ? {} : { max: limit }),
      ...(by === undefined ? {} : { by }),
    });
  };
  const count = Math.min(2 * KEYS, Math.max(1, Math.floor((limit ?? Infinity) / (by ?? 1)) - 1));
  const keys = Array.from({ length: count }, (_, index) => `${id}-${index + 1}`);
  const first = keys.slice(0, Math.ceil(count / 2));
  const beside = keys.slice(first.length).flatMap((key, index) => {
    const earlier = first[index % first.length];
    return index % (ONE_REPEATS_OF - 1) === 0 && earlier !== undefined ? [key, earlier] : [key];
  });

  await inTurn(CLIENTS, first, (client, key) => Promise.all(Array.from({ length: AT_ONCE }, () => call(client, key))));
  await inTurn(concurrency, beside, call);
  await inTurn(CLIENTS, keys, call);
  await call(0, `${id}-last`);
  return operations;
}

/** A few clients share a list. */
async function inTurn(
  clients: number,
  keys: readonly string[],
  use: (client: number, key: string) => Promise<unknown>,
): Promise<void> {
  const rest = [...keys];
  await Promise.all(
    Array.from({ length: clients }, async (_, client) => {
      for (let key = rest.shift(); key !== undefined; key = rest.shift()) await use(client, key);
    }),
  );
}

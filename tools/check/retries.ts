import type { CounterHistory, Operation } from '../../compare/exactness';
import { type Caller, openTarget, resultOf } from '../../compare/load';
import type { Plan } from './arguments';

/** Keys that are repeated: fewer where the limit leaves room for fewer. */
const KEYS = 20;
/** Calls with one key that are sent at once. One more is sent when all keys have been used. */
const AT_ONCE = 3;
/** Keys that are used at once. */
const CLIENTS = 4;

/**
 * Calls a fresh counter with keys, each several times: at once, as by a client that hedges, and later, as by one that lost
 * the answer. A last call with a key of its own shows whether the last repeats counted.
 *
 * @param start the value of a fresh counter
 */
export async function repeatCalls(plan: Plan, id: string, start: number): Promise<CounterHistory> {
  const caller = await openTarget(plan.target, plan.timeoutMs);
  try {
    return { id, history: { start, operations: await record(caller, plan, id) } };
  } finally {
    await caller.close();
  }
}

async function record(caller: Caller, { limit }: Plan, id: string): Promise<Operation[]> {
  const operations: Operation[] = [];
  const call = async (client: number, key: string): Promise<void> => {
    const invokedAt = process.hrtime.bigint();
    const result = resultOf(await caller.increment(id, key));
    const completedAt = process.hrtime.bigint();
    operations.push({ client, invokedAt, completedAt, result, key, ...(limit === undefined ? {} : { max: limit }) });
  };
  const count = Math.min(KEYS, Math.max(1, (limit ?? Infinity) - 1));
  const keys = Array.from({ length: count }, (_, index) => `${id}-${index + 1}`);

  await inTurn(keys, (client, key) => Promise.all(Array.from({ length: AT_ONCE }, () => call(client, key))));
  await inTurn(keys, call);
  await call(0, `${id}-last`);
  return operations;
}

/** A few clients share a list. */
async function inTurn(keys: readonly string[], use: (client: number, key: string) => Promise<unknown>): Promise<void> {
  const rest = [...keys];
  await Promise.all(
    Array.from({ length: CLIENTS }, async (_, client) => {
      for (let key = rest.shift(); key !== undefined; key = rest.shift()) await use(client, key);
    }),
  );
}

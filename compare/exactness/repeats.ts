import { highestBefore, type History, isReplay, limitOf, type Operation, stepOf } from './history';

/** A call and its repeats: all that carried one key. */
export interface KeyedCalls {
  readonly key: string;
  /** By when they were invoked. */
  readonly calls: readonly Operation[];
  /** What they returned, each value once, ascending. */
  readonly values: readonly number[];
  /** Those that may be the one that counted, by when they were invoked. */
  readonly firsts: readonly Operation[];
  /** Repeats that met the limit, though they began after another call with the key had counted. */
  readonly refusedLater: readonly Operation[];
}

/** The calls that carry a key, by their keys. */
export function keyedCalls({ operations, ownReplays = false }: History): KeyedCalls[] {
  const groups = new Map<string, Operation[]>();
  for (const operation of operations) {
    if (operation.key === undefined) continue;
    const group = groups.get(operation.key);
    if (group) group.push(operation);
    else groups.set(operation.key, [operation]);
  }
  return Array.from(groups, ([key, group]) => {
    const calls = group.sort((a, b) => Number(a.invokedAt - b.invokedAt));
    const answers = answersOf(calls);
    const [answer] = answers;
    return {
      key,
      calls,
      values: [...new Set(answers.map(({ counter }) => counter))].sort((a, b) => a - b),
      firsts: firstsAmong(calls, ownReplays),
      refusedLater: calls.filter(({ result, invokedAt }) => {
        return result.status === 'limit-reached' && answer !== undefined && invokedAt > answer.operation.completedAt;
      }),
    };
  });
}

/** A call that has a value. */
interface Answered {
  readonly operation: Operation;
  readonly counter: number;
}

/** The calls that have a value, by when they had it. */
export function answersOf(calls: readonly Operation[]): Answered[] {
  return calls
    .flatMap((operation): Answered[] => {
      return operation.result.status === 'incremented' ? [{ operation, counter: operation.result.counter }] : [];
    })
    .sort((a, b) => Number(a.operation.completedAt - b.operation.completedAt));
}

/**
 * The call that wrote an answer's value, as far as the calls tell: the first of those that may have, with the least of their
 * steps.
 */
export function writerOf(firsts: readonly Operation[], answer: Answered): Operation {
  const writer = firsts.find((first) => isAbleTo(first, answer)) ?? firsts[0] ?? answer.operation;
  if (firsts.length < 2) return writer;
  const least = Math.min(...firsts.filter((first) => isAbleTo(first, answer)).map(stepOf));
  return least < stepOf(writer) ? { ...writer, by: least } : writer;
}

function isAbleTo(first: Operation, { counter }: Answered): boolean {
  return counter - stepOf(first) <= highestBefore(first);
}

/** Whether a call says that it is the one of its key that counted. */
export function claimsToBeFirst({ result }: Operation): boolean {
  return result.status === 'incremented' && result.replayed === false;
}

/** Else whoever doesn't say that another one counted may have, and whoever nobody knows of. */
function firstsAmong(calls: readonly Operation[], ownReplays: boolean): readonly Operation[] {
  const claimants = calls.filter(claimsToBeFirst);
  if (claimants.length > 0) return claimants;
  return calls.filter((call) => {
    return isUnknown(call) || (call.result.status === 'incremented' && (ownReplays || !isReplay(call)));
  });
}

/**
 * The history as it is where every key counts once: an operation for all calls of a key, which returned the value that was
 * answered first. It took effect after the first of those that may have counted was invoked, and before any call had the
 * value: an outcome that nobody knew is known once a repeat is answered. What else they were answered says nothing of the
 * counter: elsewhere a refusal may mean that the first call is under way.
 *
 * Where none was answered, at most one of unknown outcome has counted or will: none, if a repeat met the same limit.
 *
 * Calls of one key should have one step. Where those that may have counted have several, it counts with the least for
 * certain, and what the others add to that is an increment of unknown outcome.
 */
export function withoutRepeats(history: History): History {
  const unkeyed = history.operations.filter(({ key }) => key === undefined);
  return { ...history, operations: [...unkeyed, ...keyedCalls(history).flatMap(asOne)] };
}

function asOne({ calls, firsts }: KeyedCalls): Operation[] {
  const [answer] = answersOf(calls);
  if (!answer) return withoutAnswer(calls);
  const { operation, counter } = answer;
  const { completedAt } = operation;
  const writer = writerOf(firsts, answer);
  const invokedAt = writer.invokedAt < completedAt ? writer.invokedAt : operation.invokedAt;
  const written: Operation = { ...writer, invokedAt, completedAt, result: { status: 'incremented', counter } };
  if (firsts.length < 2) return [written];
  const able = firsts.filter((first) => isAbleTo(first, answer));
  return [written, ...doubtsAbout(written, able, counter)];
}

/** What other steps than the least would have added, below what that is known to have. */
function doubtsAbout(written: Operation, able: readonly Operation[], counter: number): Operation[] {
  const least = stepOf(written);
  const others = new Set(able.map(stepOf).filter((step) => step > least));
  return Array.from(others, (step) => ({
    client: written.client,
    invokedAt: written.invokedAt,
    completedAt: written.completedAt,
    result: { status: 'unknown' },
    max: counter - least,
    by: step - least,
  }));
}

/**
 * What is left of calls of which none had a value. Where their limits differ, the one that counts may have the highest;
 * where their steps do, any.
 */
function withoutAnswer(calls: readonly Operation[]): Operation[] {
  const refused = calls.filter(({ result }) => result.status === 'limit-reached');
  const met = Math.max(...refused.map(highestBefore));
  const open = calls.filter((call) => isUnknown(call) && highestBefore(call) > met);
  const highest = new Map<number, Operation>();
  for (const call of open) {
    const high = highest.get(stepOf(call));
    if (!high || limitOf(call) > limitOf(high)) highest.set(stepOf(call), call);
  }
  const invokedAt = open[0]?.invokedAt ?? 0n;
  return [...Array.from(highest.values(), (call) => ({ ...call, invokedAt })), ...refused];
}

const isUnknown = ({ result }: Operation): boolean => result.status === 'unknown';

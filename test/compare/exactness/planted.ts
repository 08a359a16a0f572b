import type { History, Operation } from '../../../compare/exactness';

/**
 * Plants a violation in a history that happened and whose outcomes are all known.
 *
 * @param pick chooses the operation
 * @returns undefined where no operation qualifies
 */
export type Plant = (history: History, pick: number) => History | undefined;

/** Violations, each of which makes a history one that no correct counter can have. */
export const PLANTED: Readonly<Record<string, Plant>> = {
  'an increment whose value another has': duplicate,
  'two increments, one after the other, with their values exchanged': exchange,
  'an increment of a higher value than there were increments': lose,
  'an increment that is called not applied': disown,
  'an increment past its limit': passLimit,
  'a read that is stale': staleRead,
  'a read that saw what nobody wrote': inventedRead,
  'a refusal before the limit could be reached': earlyRefusal,
};

/** The same where increments add more than one: planted in histories of steps. */
export const PLANTED_WITH_STEPS: Readonly<Record<string, Plant>> = {
  'an increment that reaches into the values of another': overlap,
  'an increment that adds less than it says': addLess,
  'an increment of a step above its limit': stepAboveLimit,
  'a read that sees a part of a step': readWithinStep,
  'a refusal of a step that there was room for': (history, pick) =>
    lateRefusal(history, pick, (final, by) => final + by),
  'a refusal that tells a counter with room for its step': (history, pick) =>
    lateRefusal(history, pick, (final, by) => final + by, true),
};

/** The same on shards. */
export const PLANTED_ON_SHARDS: Readonly<Record<string, Plant>> = {
  'an increment whose value another has': duplicate,
  'an increment past its limit': pastLimitOfAll,
  'an increment of a value that no shard has': (history, pick) =>
    change(history, pick, isIncremented, () => ({ result: { status: 'incremented', counter: 0 } })),
  'a refusal while a value is left': refusalBeforeTaken,
  'an increment that is called not applied, in a sum': disown,
  'a read that is stale': staleRead,
  'a read that saw what nobody wrote': inventedRead,
};

/** The same where calls have keys: planted in histories of those. */
export const PLANTED_WITH_KEYS: Readonly<Record<string, Plant>> = {
  'a repeat that got a value of its own': anotherValue,
  'a repeat that counted again, and says so': countAgain,
  'a replay of what nobody called before': replayOfNothing,
  'a replay of a key that was only refused': replayOfRefused,
  'a replay that was answered before the first call': replayBeforeFirst,
  'a refusal of a key that had counted': refusalOfCounted,
};

function valueOf({ result }: Pick<Operation, 'result'>): number {
  return result.status === 'incremented' || result.status === 'read' ? result.counter : NaN;
}

/** The history with one of its operations changed; undefined where none qualifies. */
function change(
  history: History,
  pick: number,
  qualifies: (operation: Operation) => boolean,
  to: (operation: Operation) => Partial<Operation>,
): History | undefined {
  const candidates = history.operations.filter(qualifies);
  const chosen = candidates[pick % candidates.length];
  if (!chosen) return undefined;
  const operations = history.operations.map((other) => (other === chosen ? { ...other, ...to(other) } : other));
  return { ...history, operations };
}

const isIncremented = ({ result }: Operation): boolean => result.status === 'incremented';

function duplicate(history: History, pick: number): History | undefined {
  const values = history.operations.filter(isIncremented).map(valueOf);
  if (values.length < 2) return undefined;
  return change(history, pick, isIncremented, (operation) => ({
    result: { status: 'incremented', counter: values.find((value) => value !== valueOf(operation)) ?? NaN },
  }));
}

function exchange(history: History, pick: number): History | undefined {
  const increments = history.operations.filter(isIncremented);
  const after = ({ completedAt }: Operation): Operation[] =>
    increments.filter(({ invokedAt }) => invokedAt > completedAt);
  const pairs = increments.flatMap((earlier) => after(earlier).map((later) => [earlier, later] as const));
  const [earlier, later] = pairs[pick % pairs.length] ?? [];
  if (!earlier || !later) return undefined;
  const exchanged = new Map([
    [earlier, later.result],
    [later, earlier.result],
  ]);
  const operations = history.operations.map((each) => ({ ...each, result: exchanged.get(each) ?? each.result }));
  return { ...history, operations };
}

function lose(history: History, pick: number): History | undefined {
  const highest = Math.max(...history.operations.filter(isIncremented).map(valueOf));
  return change(history, pick, isIncremented, () => ({ result: { status: 'incremented', counter: highest + 2 } }));
}

function disown(history: History, pick: number): History | undefined {
  return change(history, pick, isIncremented, () => ({ result: { status: 'not-applied' } }));
}

function passLimit(history: History, pick: number): History | undefined {
  return change(history, pick, isIncremented, (operation) => ({ max: valueOf(operation) - 1 }));
}

/** One more read at the end, below what was acknowledged. */
function staleRead(history: History, pick: number): History | undefined {
  return withRead(history, (final) => (final > 0 ? pick % final : undefined));
}

function inventedRead(history: History, pick: number): History | undefined {
  return withRead(history, (final) => final + 1 + (pick % 5));
}

function withRead(history: History, counterOf: (final: number) => number | undefined): History | undefined {
  const final = history.operations.at(-1);
  const counter = final && counterOf(valueOf(final));
  if (!final || counter === undefined) return undefined;
  const later = { ...final, invokedAt: final.invokedAt + 100n, completedAt: final.completedAt + 100n };
  return { ...history, operations: [...history.operations, { ...later, result: { status: 'read', counter } }] };
}

/** One more refusal at the end, at a limit that the counter hasn't reached. */
function earlyRefusal(history: History, pick: number): History | undefined {
  const final = history.operations.at(-1);
  if (!final) return undefined;
  const late = { ...final, invokedAt: final.invokedAt + 100n, completedAt: final.completedAt + 100n };
  const max = valueOf(final) + 1 + (pick % 5);
  return { ...history, operations: [...history.operations, { ...late, max, result: { status: 'limit-reached' } }] };
}

const isCountedWithKey = (operation: Operation): boolean => operation.key !== undefined && isIncremented(operation);

function anotherValue(history: History, pick: number): History | undefined {
  const hasRepeat = (operation: Operation): boolean => {
    return history.operations.filter((other) => other.key === operation.key && isIncremented(other)).length > 1;
  };
  return change(
    history,
    pick,
    (each) => isCountedWithKey(each) && hasRepeat(each),
    (operation) => ({
      result: { status: 'incremented', counter: valueOf(operation) + 1 + (pick % 3) },
    }),
  );
}

/** One more call at the end, like one that qualifies but for what is given. */
function withLater(
  history: History,
  pick: number,
  qualifies: (operation: Operation) => boolean,
  given: Partial<Operation> | ((chosen: Operation) => Partial<Operation>),
): History | undefined {
  const candidates = history.operations.filter(qualifies);
  const chosen = candidates[pick % candidates.length];
  const final = history.operations.at(-1);
  if (!chosen || !final) return undefined;
  const times = { invokedAt: final.invokedAt + 100n, completedAt: final.completedAt + 100n };
  return {
    ...history,
    operations: [
      ...history.operations,
      { ...chosen, ...times, ...(typeof given === 'function' ? given(chosen) : given) },
    ],
  };
}

function countAgain(history: History, pick: number): History | undefined {
  const highest = Math.max(...history.operations.filter(isIncremented).map(valueOf));
  const result = { status: 'incremented', counter: highest + 1, replayed: false } as const;
  return withLater(history, pick, isCountedWithKey, { result });
}

function replayOfNothing(history: History, pick: number): History | undefined {
  const value = valueOf(history.operations.find(isIncremented) ?? { result: { status: 'unknown' } });
  const result = { status: 'incremented', counter: value, replayed: true } as const;
  return withLater(history, pick, isIncremented, { key: 'unused', result });
}

function replayOfRefused(history: History, pick: number): History | undefined {
  const counted = new Set(history.operations.filter(isIncremented).map(({ key }) => key));
  const isOnlyRefused = ({ key, result }: Operation): boolean =>
    key !== undefined && result.status === 'limit-reached' && !counted.has(key);
  return withLater(history, pick, isOnlyRefused, { result: { status: 'incremented', counter: 1, replayed: true } });
}

/** Its key's own value, but by the clock before all others. */
function replayBeforeFirst(history: History, pick: number): History | undefined {
  return withLater(history, pick, isCountedWithKey, (chosen) => ({
    invokedAt: -20n,
    completedAt: -10n,
    result: { status: 'incremented', counter: valueOf(chosen), replayed: true },
  }));
}

function refusalOfCounted(history: History, pick: number): History | undefined {
  return withLater(history, pick, isCountedWithKey, { result: { status: 'limit-reached' } });
}

const stepOf = ({ by = 1 }: Operation): number => by;
const isStep = (operation: Operation): boolean => isIncremented(operation) && stepOf(operation) > 1;

/** The lowest of its values is the highest of another's. */
function overlap(history: History, pick: number): History | undefined {
  const values = new Set(history.operations.filter(isIncremented).map(valueOf));
  return change(
    history,
    pick,
    (each) => isStep(each) && values.has(valueOf(each) - stepOf(each)),
    (each) => ({ result: { status: 'incremented', counter: valueOf(each) - 1 } }),
  );
}

/** One more at the end that returns less than it says to have added. */
function addLess(history: History, pick: number): History | undefined {
  const final = history.operations.at(-1);
  if (!final || valueOf(final) < 1) return undefined;
  const by = 2 + (pick % 3);
  return withLater(history, pick, isIncremented, {
    by,
    result: { status: 'incremented', counter: valueOf(final) + 1 },
  });
}

function stepAboveLimit(history: History, pick: number): History | undefined {
  return change(history, pick, isStep, (each) => ({ max: stepOf(each) - 1 }));
}

function readWithinStep(history: History, pick: number): History | undefined {
  const steps = history.operations.filter(isStep);
  const chosen = steps[pick % steps.length];
  if (!chosen) return undefined;
  const read: Operation = {
    client: -2,
    invokedAt: chosen.invokedAt,
    completedAt: chosen.completedAt,
    result: { status: 'read', counter: valueOf(chosen) - 1 },
  };
  return { ...history, operations: [...history.operations, read] };
}

/** One more refusal at the end, of a step at a limit. */
function lateRefusal(
  history: History,
  pick: number,
  limit: (final: number, by: number) => number,
  tells = false,
): History | undefined {
  const final = history.operations.at(-1);
  if (!final) return undefined;
  const by = 2 + (pick % 3);
  const times = { invokedAt: final.invokedAt + 100n, completedAt: final.completedAt + 100n };
  const told = tells ? { counter: valueOf(final) } : {};
  const refusal: Operation = {
    client: -2,
    ...times,
    by,
    max: limit(valueOf(final), by),
    result: { status: 'limit-reached', ...told },
  };
  return { ...history, operations: [...history.operations, refusal] };
}

/** The limit of all increments on shards. */
function limitOfAll({ operations }: History): number | undefined {
  return operations.find(({ result }) => result.status === 'incremented')?.max;
}

function pastLimitOfAll(history: History, pick: number): History | undefined {
  const max = limitOfAll(history);
  if (max === undefined) return undefined;
  return change(history, pick, isIncremented, () => ({ result: { status: 'incremented', counter: max + 1 } }));
}

function refusalBeforeTaken(history: History, pick: number): History | undefined {
  const [max, final] = [limitOfAll(history), history.operations.at(-1)];
  if (max === undefined || !final || valueOf(final) >= max) return undefined;
  return withLater(history, pick, isIncremented, { result: { status: 'limit-reached' } });
}

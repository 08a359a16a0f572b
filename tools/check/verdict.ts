import {
  checkExactness,
  type CounterHistory,
  type Counts,
  type History,
  isReplay,
  type KeyedCalls,
  keyedCalls,
  type Rule,
  type Verdict,
  withoutRepeats,
} from '../../compare/exactness';

export type Decision = 'yes' | 'no' | 'not decidable' | 'not asked';

/** What a history says to one question. */
export interface Answer {
  readonly decision: Decision;
  /** Why, in a few words. */
  readonly reason: string;
  /** The figures alone, for a table. @default - there are none */
  readonly brief?: string;
  /** The first operations that show it, in words. */
  readonly offending: readonly string[];
}

export interface CheckVerdict {
  /** Every success has a value of its own, in the order of time, and nothing is lost. */
  readonly atomic: Answer;
  /** No more than the limit are let through, and nobody is refused before. */
  readonly limit: Answer;
  /** A repeat with the same key returns the first call's value, and both count once. */
  readonly retries: Answer;
  /** Whether everything that was asked is answered with yes. */
  readonly isExact: boolean;
}

const LIMIT_RULES: readonly Rule[] = ['limit', 'refusal'];
const SHOWN = 3;

/** Decides what can be decided from what happened, be it now or in a recorded file. */
export function judge(counters: readonly CounterHistory[]): CheckVerdict {
  const [keyed, plain] = partition(counters, ({ history }) => history.operations.some(({ key }) => key !== undefined));
  const loads = plain.map(({ id, history }) => ({ id, history, verdict: checkExactness(history) }));
  const atomic = judgeAtomic(loads);
  const limit = judgeLimit(loads);
  const retries = judgeRetries(keyed, atomic.decision);
  const isExact = [atomic, limit, retries].every(({ decision }) => decision === 'yes' || decision === 'not asked');
  return { atomic, limit, retries, isExact };
}

interface Load extends CounterHistory {
  readonly verdict: Verdict;
}

function judgeAtomic(loads: readonly Load[]): Answer {
  const counted = total(loads, 'counted');
  const unknown = total(loads, 'unknown');
  const offending = violationsOf(loads, (rule) => !LIMIT_RULES.includes(rule));
  const increments = `${plural(counted, 'increment')} of ${plural(loads.length, 'counter')}`;
  if (offending.messages.length > 0) {
    const values = loads.reduce((sum, { history }) => sum + new Set(countedValues(history)).size, 0);
    const brief = `${grouped(values)} of ${grouped(counted)} distinct`;
    const reason = `${increments} returned ${plural(values, 'different value')} (${offending.rules})`;
    return no(reason, offending.messages, brief);
  }
  if (!loads.some(({ history }) => hasOverlap(history))) return undecided(`${increments}, of which no two overlapped`);
  const beside = unknown > 0 ? `, beside ${plural(unknown, 'unknown outcome')}` : '';
  const hasSteps = loads.some(({ history }) => history.operations.some(({ by = 1 }) => by > 1));
  const own = hasSteps ? 'values' : 'a value';
  const order = loads.every(({ history }) => history.sharded === true) ? '' : ', in the order of time';
  return yes(`${increments}, each with ${own} of its own${order}${beside}`, `${grouped(counted)} distinct`);
}

function judgeLimit(loads: readonly Load[]): Answer {
  const limited = loads.filter(({ history }) => limitOf(history) !== undefined);
  if (limited.length === 0) return notAsked('no limit was given');
  const offending = violationsOf(limited, (rule) => LIMIT_RULES.includes(rule));
  const reached = limited.filter(({ history, verdict }) => {
    return verdict.counts.refused > 0 || valueAfter({ history }) >= (limitOf(history) ?? Infinity);
  });
  if (offending.messages.length > 0) {
    return no(`${letThrough(reached)} (${offending.rules})`, offending.messages, `${spread(reached)} counted`);
  }
  const refused = total(limited, 'refused');
  if (refused === 0) return undecided(`${plural(total(limited, 'attempted'), 'call')} never met it`);
  const brief = `${grouped(refused)} refused`;
  return yes(`met by ${plural(reached.length, 'counter')}, ${plural(refused, 'call')} refused`, brief);
}

/** Such as "of a limit of 20, 19 to 33 were let through". */
function letThrough(limited: readonly Load[]): string {
  const limits = [...new Set(limited.map(({ history }) => limitOf(history)))].join(' or ');
  return `with a limit of ${limits}, ${spread(limited)} counted`;
}

/** The fewest and the most that counted. */
function spread(limited: readonly Load[]): string {
  const accepted = limited.map(valueAfter);
  const [least, most] = [Math.min(...accepted), Math.max(...accepted)];
  return least === most ? String(most) : `${least} to ${most}`;
}

/** The value that a counter would have if it counted each success. */
function valueAfter({ history: { operations, start = 0 } }: Pick<Load, 'history'>): number {
  const counted = operations.filter((operation) => operation.result.status === 'incremented' && !isReplay(operation));
  return counted.reduce((value, { by = 1 }) => value + by, start);
}

function limitOf({ operations }: History): number | undefined {
  return operations.find(({ max }) => max !== undefined)?.max;
}

function countedValues({ operations }: History): number[] {
  return operations.flatMap(({ result }) => (result.status === 'incremented' ? [result.counter] : []));
}

function judgeRetries(keyed: readonly CounterHistory[], isAtomic: Decision): Answer {
  const calls = keyed.flatMap(({ id, history }) => keyedCalls(history).map((each) => ({ id, ...each })));
  const repeated = calls.filter((each) => each.calls.length > 1);
  if (repeated.length === 0) return notAsked('no call had a key and was repeated');

  const differently = repeated.filter(({ values }) => values.length > 1);
  const refused = repeated.filter(({ refusedLater }) => refusedLater.length > 0);
  const once = keyed.map(({ id, history }) => {
    const merged = withoutRepeats(history);
    return { id, history: merged, verdict: checkExactness(merged) };
  });
  const gaps = violationsOf(once, (rule) => rule === 'gap');
  const reasons = [
    ...(differently.length > 0 ? [`${plural(differently.length, 'key')} of ${calls.length} got several values`] : []),
    ...(gaps.messages.length > 0 ? ['some keys counted more than once'] : []),
    ...(refused.length > 0
      ? [`${plural(refused.length, 'key')} of ${calls.length} were refused after they had counted`]
      : []),
  ];
  if (reasons.length > 0) {
    const shown = [...differently, ...refused].map(described);
    return no(reasons.join(', '), [...shown, ...gaps.messages]);
  }
  const answered = repeated.filter((each) => successes(each) > 1).length;
  if (answered === 0) return undecided('no repeat was answered with a value');
  if (isAtomic === 'no') return undecided('without atomic increments nothing shows whether a repeat counted');
  const others = violationsOf(once, () => true);
  if (others.messages.length > 0)
    return no(`the counter is not exact under repeats (${others.rules})`, others.messages);
  return yes(`${plural(answered, 'key')} repeated at once and later, each counted once with the first value`);
}

function successes({ calls }: KeyedCalls): number {
  return calls.filter(({ result }) => result.status === 'incremented').length;
}

function described({ id, key, calls }: KeyedCalls & { readonly id: string }): string {
  const ends = calls.map(({ result }) =>
    'counter' in result && result.counter !== undefined ? result.counter : result.status,
  );
  return `counter "${id}", key ${key}: its ${calls.length} calls returned ${ends.join(', ')}`;
}

interface Offending {
  /** How often each rule was broken, such as "distinct 3, order 1". */
  readonly rules: string;
  readonly messages: readonly string[];
}

function violationsOf(loads: readonly Load[], includes: (rule: Rule) => boolean): Offending {
  const times = new Map<string, number>();
  for (const { verdict } of loads) {
    for (const [rule, broken] of Object.entries(verdict.broken)) {
      if (includes(rule as Rule)) times.set(rule, (times.get(rule) ?? 0) + broken);
    }
  }
  const messages = loads.flatMap(({ id, verdict }) =>
    verdict.violations.filter(({ rule }) => includes(rule)).map(({ message }) => `counter "${id}": ${message}`),
  );
  return { rules: Array.from(times, ([rule, broken]) => `${rule} ${broken}`).join(', '), messages };
}

/** Whether two increments that counted ran at the same time: one after the other, every counter looks atomic. */
function hasOverlap({ operations }: History): boolean {
  const counted = operations
    .filter(({ result }) => result.status === 'incremented')
    .sort((a, b) => Number(a.invokedAt - b.invokedAt));
  let latest = -1n;
  for (const { invokedAt, completedAt } of counted) {
    if (invokedAt <= latest) return true;
    if (completedAt > latest) latest = completedAt;
  }
  return false;
}

const total = (loads: readonly Load[], field: keyof Counts): number =>
  loads.reduce((sum, { verdict }) => sum + (verdict.counts[field] ?? 0), 0);

const yes = (reason: string, brief?: string): Answer => ({
  decision: 'yes',
  reason,
  offending: [],
  ...(brief !== undefined && { brief }),
});
const no = (reason: string, messages: readonly string[], brief?: string): Answer => ({
  decision: 'no',
  reason,
  offending: messages.slice(0, SHOWN),
  ...(brief !== undefined && { brief }),
});
const undecided = (reason: string): Answer => ({ decision: 'not decidable', reason, offending: [] });
const notAsked = (reason: string): Answer => ({ decision: 'not asked', reason, offending: [] });

const grouped = (count: number): string => count.toLocaleString('en-US');

function plural(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
}

function partition<T>(items: readonly T[], isFirst: (item: T) => boolean): [T[], T[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))];
}

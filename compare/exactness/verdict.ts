import { type History, isReplay, type Operation, stepOf } from './history';

/**
 * The rules that a history may break.
 *
 * - `distinct`: no value is an increment's own twice
 * - `order`: an increment that started after another had completed returns more
 * - `gap`: values that are nobody's own were taken by increments of unknown outcome whose limits aren't below them, each all
 *   that it adds
 * - `limit`: no conditional increment passes its limit
 * - `refusal`: an increment is refused only if the counter may have been too near to the limit for what it adds, and the
 *   returned value is
 * - `read`: a read sees everything acknowledged before it, nothing that can't have been applied, and no part of a step
 * - `replay`: the calls of a key count once, and all that are answered get the value of the one that counted
 */
export type Rule = 'distinct' | 'order' | 'gap' | 'limit' | 'refusal' | 'read' | 'replay';

/** Operations that can't have happened on a correct counter. */
export interface Violation {
  readonly rule: Rule;
  /** What is wrong, with a description of the operations. */
  readonly message: string;
  /** The operation that shows it comes last. */
  readonly operations: readonly Operation[];
}

/** How the operations ended. */
export interface Counts {
  /** Increments, however they ended. */
  readonly attempted: number;
  readonly counted: number;
  /** Answered with the value of an earlier call, and said so. @default - none */
  readonly replayed?: number;
  readonly refused: number;
  readonly notApplied: number;
  readonly unknown: number;
  readonly reads: number;
}

export interface Verdict {
  /** Whether this history is possible on a correct counter. */
  readonly isExact: boolean;
  readonly counts: Counts;
  /** The first ten violations of each rule. */
  readonly violations: readonly Violation[];
  /** How often each rule was broken. */
  readonly broken: Readonly<Partial<Record<Rule, number>>>;
}

const SHOWN_PER_RULE = 10;

/** Collects what the rules find. */
export interface Findings {
  /** @param explain called for the violations that are shown */
  add(rule: Rule, operations: readonly Operation[], explain: () => string): void;
  verdict(): Verdict;
}

export function findings(history: History): Findings {
  const violations: Violation[] = [];
  const broken: Partial<Record<Rule, number>> = {};
  const seen = new Map<Rule, Set<Operation | undefined>>();
  return {
    add(rule, operations, explain) {
      // One operation can be wrong in two ways, such as a read below both a value and the number of increments.
      const subjects = seen.get(rule) ?? new Set();
      seen.set(rule, subjects);
      if (subjects.has(operations.at(-1))) return;
      subjects.add(operations.at(-1));
      const times = (broken[rule] ?? 0) + 1;
      broken[rule] = times;
      if (times <= SHOWN_PER_RULE) violations.push({ rule, operations, message: explain() });
    },
    verdict: () => ({ isExact: violations.length === 0, counts: countOf(history), violations, broken }),
  };
}

function countOf({ operations }: History): Counts {
  const ended = (status: Operation['result']['status']): number =>
    operations.filter(({ result }) => result.status === status).length;
  const reads = ended('read');
  const replayed = operations.filter(isReplay).length;
  return {
    attempted: operations.length - reads,
    counted: ended('incremented') - replayed,
    ...(replayed === 0 ? {} : { replayed }),
    refused: ended('limit-reached'),
    notApplied: ended('not-applied'),
    unknown: ended('unknown'),
    reads,
  };
}

/** The counts of several histories together. */
export function sumOfCounts(all: readonly Counts[]): Counts {
  const total = (field: keyof Counts): number => all.reduce((before, counts) => before + (counts[field] ?? 0), 0);
  const replayed = total('replayed');
  return {
    attempted: total('attempted'),
    counted: total('counted'),
    ...(replayed === 0 ? {} : { replayed }),
    refused: total('refused'),
    notApplied: total('notApplied'),
    unknown: total('unknown'),
    reads: total('reads'),
  };
}

/** An operation in words, with its times in milliseconds since the history began. */
export function described({
  operation,
  invoked,
  completed,
}: {
  readonly operation: Operation;
  readonly invoked: number;
  readonly completed: number;
}): string {
  const { client, result, max, key } = operation;
  const by = stepOf(operation) === 1 ? '' : ` by ${stepOf(operation)}`;
  const what = result.status === 'read' ? 'read' : `increment${by}${max === undefined ? '' : ` below ${max}`}`;
  const value = 'counter' in result && result.counter !== undefined ? ` ${result.counter}` : '';
  const end = result.status === 'read' ? value : ` ${isReplay(operation) ? 'replayed' : result.status}${value}`;
  return `client ${client}'s ${what}${key === undefined ? '' : ` with key ${key}`} (${milliseconds(invoked)} to ${milliseconds(completed)} ms):${end}`;
}

function milliseconds(nanoseconds: number): string {
  return (nanoseconds / 1e6).toFixed(3);
}

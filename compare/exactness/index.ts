import type { History } from './history';
import { checkDistinct } from './rules/distinct';
import { checkGaps } from './rules/gaps';
import { checkLimit } from './rules/limit';
import { checkOrder } from './rules/order';
import { checkReads } from './rules/reads';
import { checkRefusals } from './rules/refusals';
import { checkReplays } from './rules/replays';
import { withoutRepeats } from './repeats';
import { toTimeline } from './timeline';
import { findings, type Verdict } from './verdict';

export {
  type History,
  type IncrementCall,
  type IncrementResult,
  isReplay,
  type Operation,
  type Recorder,
  recordHistory,
  type Reset,
  type Result,
} from './history';
export { type CounterHistory, readHistoryFile, writeHistoryFile } from './history-file';
export { type KeyedCalls, keyedCalls, withoutRepeats } from './repeats';
export { type Counts, type Rule, sumOfCounts, type Verdict, type Violation } from './verdict';

/**
 * Decides whether a history is possible on a correct counter.
 *
 * The bounds on reads are those of Jepsen's counter checker: an increment acknowledged before a read started is in it,
 * one that failed is not, and one of unknown outcome may be, at any later time. Since an increment returns the value
 * that it wrote, more can be decided: values are distinct, in the order of time, and every gap between them must be
 * filled by an increment of unknown outcome that had started by then and whose own limit allowed it. A refused
 * increment met its limit, which is all that it proves. Without resets these rules together are linearizability: a
 * history that passes has an order of its operations, each within its own time, that explains every result. An
 * operation that overlaps a reset may belong to either side of it, and must satisfy the rules that both sides share.
 *
 * Calls with one key are one increment (`repeats.ts`), whose replays have a rule of their own. That all is linearizable
 * then takes that they have one limit, as repeats of a call have; where they differ, no correct history is rejected.
 *
 * Takes O(n log n) time, and as much again for each reset.
 *
 * Sources: https://github.com/jepsen-io/jepsen (jepsen/src/jepsen/checker.clj, `counter`),
 * https://github.com/jepsen-io/maelstrom (doc/workloads.md, pn-counter)
 *
 * @throws Error for a history with both keys and resets
 */
export function checkExactness(history: History): Verdict {
  if ((history.resets ?? []).length > 0 && history.operations.some(({ key }) => key !== undefined)) {
    throw new Error('A history with keys must have no resets: what a reset forgets of the keys is unknown');
  }
  const timeline = toTimeline(withoutRepeats(history));
  const found = findings(history);
  checkReplays(history, found);
  checkDistinct(timeline, found);
  checkLimit(timeline, found);
  checkRefusals(timeline, found);
  checkOrder(timeline, found);
  checkReads(timeline, found);
  checkGaps(timeline, found);
  return found.verdict();
}

import { type History, type Operation, stepOf } from './history';
import { checkDistinct } from './rules/distinct';
import { checkGaps } from './rules/gaps';
import { checkLimit } from './rules/limit';
import { checkOrder } from './rules/order';
import { checkReads } from './rules/reads';
import { checkRefusals } from './rules/refusals';
import { checkReplays } from './rules/replays';
import { checkStrides } from './rules/strides';
import { checkSums } from './rules/sums';
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
  type RecorderOptions,
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
 * An increment may add more than one: then it owns an interval of values, all of which are its own. Which unknown outcomes
 * fill the gaps between them is bin packing where they add different steps, and then not always decided: a gap that nothing
 * fills is found, and gaps that can't all be filled, unless the search for that takes too long (`rules/step-gaps.ts`). With
 * one step it is decided, and no correct history is rejected with any.
 *
 * A counter that is spread over shards keeps the other rules, but its values have no order, and none is missing: what was
 * seen of it are sums (`rules/sums.ts`). That is linearizability, too: of a counter that hands out any value that is left.
 *
 * Takes O(n log n) time, and as much again for each reset; with different steps, and unknown outcomes among them, about a
 * second more at most.
 *
 * Sources: https://github.com/jepsen-io/jepsen (jepsen/src/jepsen/checker.clj, `counter`),
 * https://github.com/jepsen-io/maelstrom (doc/workloads.md, pn-counter)
 *
 * @throws Error for a history with both keys and resets, and for one of shards with resets or steps
 */
export function checkExactness(history: History): Verdict {
  if ((history.resets ?? []).length > 0 && history.operations.some(({ key }) => key !== undefined)) {
    throw new Error('A history with keys must have no resets: what a reset forgets of the keys is unknown');
  }
  if (history.sharded === true && (history.resets ?? []).length > 0) {
    throw new Error('A history of shards must have no resets: which values they take back is unknown');
  }
  if (history.sharded === true && history.operations.some((each) => stepOf(each) > 1 && mayCount(each))) {
    throw new Error('A history of shards must have no steps but 1: each shard counts its own values');
  }
  const timeline = toTimeline(withoutRepeats(history));
  const found = findings(history);
  checkReplays(history, found);
  checkDistinct(timeline, found);
  checkLimit(timeline, found);
  checkRefusals(timeline, found);
  checkOrder(timeline, found);
  checkReads(timeline, found);
  checkStrides(timeline, found);
  if (history.sharded === true) checkSums(timeline, found);
  else checkGaps(timeline, found);
  return found.verdict();
}

function mayCount({ result: { status } }: Operation): boolean {
  return status === 'incremented' || status === 'unknown';
}

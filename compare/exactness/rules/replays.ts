import { highestBefore, type History, type Operation, stepOf } from '../history';
import { answersOf, claimsToBeFirst, type KeyedCalls, keyedCalls, writerOf } from '../repeats';
import { startOf } from '../timeline';
import { described, type Findings } from '../verdict';

/**
 * The calls of a key count once, and each that is answered gets the value of the one that counted. So
 *
 * - all of them that have a value have the same one
 * - one of them may have counted: it doesn't say that another did, and began before the first of them was answered
 * - no more than one says that it counted
 * - none is refused: who is, found the key unused and the limit met, and from then on no call with that limit and step
 *   counts
 *
 * A call that wasn't applied says nothing of its key. A history is no longer than keys are remembered.
 */
export function checkReplays(history: History, found: Findings): void {
  const origin = startOf(history);
  const inWords: InWords = (operation) =>
    described({
      operation,
      invoked: Number(operation.invokedAt - origin),
      completed: Number(operation.completedAt - origin),
    });
  for (const calls of keyedCalls(history)) checkKey(calls, found, inWords);
}

type InWords = (operation: Operation) => string;

function checkKey({ calls, firsts }: KeyedCalls, found: Findings, inWords: InWords): void {
  const answers = answersOf(calls);
  const [answer] = answers;
  if (!answer) return;
  const contradict = (wrong: Operation): void => {
    found.add('replay', [answer.operation, wrong], () => `${inWords(wrong)}, though ${inWords(answer.operation)}`);
  };

  for (const { operation, counter } of answers) if (counter !== answer.counter) contradict(operation);
  for (const second of calls.filter(claimsToBeFirst)) if (second !== firsts[0]) contradict(second);
  const refused = calls.filter(({ result }) => result.status === 'limit-reached');
  if (refused.length > 0) {
    const before = answer.counter - stepOf(writerOf(firsts, answer));
    for (const refusal of refused) if (before <= highestBefore(refusal)) contradict(refusal);
  }
  if (firsts[0] === undefined || firsts[0].invokedAt > answer.operation.completedAt) {
    found.add(
      'replay',
      [answer.operation],
      () => `${inWords(answer.operation)}, which no call before it can have counted`,
    );
  }
}

import type { Epoch, Observation, Timeline } from '../timeline';
import { described, type Findings, type Rule } from '../verdict';

/** An operation observes everything that completed before it started: a counter never goes down within an epoch. */
export function checkOrder({ epochs }: Timeline, found: Findings): void {
  for (const epoch of epochs) {
    checkStart(epoch, found);
    checkEpoch(epoch, found);
  }
}

function checkStart({ start, observations }: Epoch, found: Findings): void {
  if (start === undefined) return;
  for (const observation of observations) {
    if (observation.atMostBefore >= start) continue;
    found.add(isRead(observation) ? 'read' : 'order', [observation.operation], () => {
      return `${described(observation)}, though the counter began at ${start}`;
    });
  }
}

function checkEpoch({ observations }: Epoch, found: Findings): void {
  const byCompletion = [...observations].sort((a, b) => a.completed - b.completed);
  const byInvocation = [...observations].sort((a, b) => a.invoked - b.invoked);
  let done = 0;
  let highest: Observation | undefined;
  for (const later of byInvocation) {
    for (let next = byCompletion[done]; next && next.completed < later.invoked; next = byCompletion[done]) {
      if (highest === undefined || next.atLeastAfter > highest.atLeastAfter) highest = next;
      done += 1;
    }
    const earlier = highest;
    if (earlier === undefined || earlier.atLeastAfter <= later.atMostBefore) continue;
    // The wrong one comes last: a refusal that a later, lower value proves premature.
    const [cause, subject] = ruleOf(earlier, later) === 'refusal' ? [later, earlier] : [earlier, later];
    found.add(ruleOf(earlier, later), [cause.operation, subject.operation], () => {
      return `${described(later)}, which began after ${described(earlier)}`;
    });
  }
}

function ruleOf(earlier: Observation, later: Observation): Rule {
  if (earlier.operation.result.status === 'limit-reached') return 'refusal';
  return isRead(later) ? 'read' : 'order';
}

function isRead({ operation }: Observation): boolean {
  return operation.result.status === 'read';
}

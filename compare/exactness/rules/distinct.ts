import type { Epoch, Increment, Timeline } from '../timeline';
import { described, type Findings } from '../verdict';

/** No value is returned twice in one epoch, nor is it among those that another increment took with the one it returned. */
export function checkDistinct({ increments, epochs, hasSteps }: Timeline, found: Findings): void {
  if (hasSteps) for (const epoch of epochs) checkOverlaps(epoch, found);
  for (const [value, sharers] of groupedByValue(increments)) {
    if (sharers.length === 1) continue;
    const taken = new Map<number, Increment>();
    // Earliest deadline first: this gives each an epoch of its own whenever that is possible.
    for (const increment of [...sharers].sort((a, b) => a.lastEpoch - b.lastEpoch || a.invoked - b.invoked)) {
      let epoch = increment.firstEpoch;
      while (epoch < increment.lastEpoch && taken.has(epoch)) epoch += 1;
      const other = taken.get(epoch);
      if (other === undefined) taken.set(epoch, increment);
      else {
        found.add('distinct', [other.operation, increment.operation], () => {
          return `${value} was returned twice, to ${described(other)} and to ${described(increment)}`;
        });
      }
    }
  }
}

function checkOverlaps({ increments }: Epoch, found: Findings): void {
  let highest: Increment | undefined;
  for (const next of [...increments].sort((a, b) => a.before - b.before || a.value - b.value)) {
    const other = highest;
    if (other === undefined || next.value > other.value) highest = next;
    if (other === undefined || next.before >= other.value || next.value === other.value) continue;
    const [earlier, later] = next.invoked < other.invoked ? [next, other] : [other, next];
    found.add('distinct', [earlier.operation, later.operation], () => {
      const [from, to] = [next.before + 1, Math.min(next.value, other.value)];
      const values = from === to ? `${from} was` : `${from} to ${to} were`;
      return `${values} taken twice, by ${described(earlier)} and by ${described(later)}`;
    });
  }
}

function groupedByValue(increments: readonly Increment[]): Map<number, Increment[]> {
  const groups = new Map<number, Increment[]>();
  for (const increment of increments) {
    const group = groups.get(increment.value);
    if (group) group.push(increment);
    else groups.set(increment.value, [increment]);
  }
  return groups;
}

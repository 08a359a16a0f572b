import type { Increment, Timeline } from '../timeline';
import { described, type Findings } from '../verdict';

/** No value is returned twice in one epoch. */
export function checkDistinct({ increments }: Timeline, found: Findings): void {
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

function groupedByValue(increments: readonly Increment[]): Map<number, Increment[]> {
  const groups = new Map<number, Increment[]>();
  for (const increment of increments) {
    const group = groups.get(increment.value);
    if (group) group.push(increment);
    else groups.set(increment.value, [increment]);
  }
  return groups;
}

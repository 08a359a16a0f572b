import type { Observation } from '../timeline';
import type { Rule } from '../verdict';

/** Those that set a deadline, ascending by the value they saw: each is the first to complete of those that saw as much. */
export function witnesses(observations: readonly Observation[]): Observation[] {
  const descending = [...observations].sort((a, b) => b.reached - a.reached || a.completed - b.completed);
  const kept: Observation[] = [];
  for (const observation of descending) {
    if (observation.completed < (kept.at(-1)?.completed ?? Infinity)) kept.push(observation);
  }
  return kept.reverse();
}

/** The rule that is broken where a witness saw what nobody can have written. */
export function ruleOf({ operation }: Observation): Rule {
  switch (operation.result.status) {
    case 'read':
      return 'read';
    case 'limit-reached':
      return 'refusal';
    default:
      return 'gap';
  }
}

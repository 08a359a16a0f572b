import type { Fields } from './fields';

interface Transition {
  readonly target: string;
  /** The field that names it, such as `Choices[0]/Next`. */
  readonly field: string;
}

/**
 * Reports states that are led to and aren't there, states that nothing leads to, and a machine that can't end.
 *
 * Any transition counts, from wherever: two states that lead to each other are never reported. A whole machine without an
 * end isn't searched for the former.
 *
 * Source: measured on AWS, https://github.com/floci-io/floci/issues/2735 and https://github.com/floci-io/floci/pull/2786;
 * https://github.com/aws-cloudformation/cfn-lint/issues/4074
 *
 * @param graph the machine, a branch or an item processor
 * @param isMachine whether it is the whole machine
 */
export function checkTransitions(graph: Fields, isMachine: boolean): void {
  const startAt = String(graph.raw('StartAt'));
  const states = Object.entries(graph.object('States'));
  const names = new Set(states.map(([name]) => name));
  const missing = (target: string, field: string): void =>
    graph.report(`Missing 'Next' target: ${target}`, field, 'MISSING_TRANSITION_TARGET');
  const reached = new Set([startAt]);
  if (!names.has(startAt)) missing(startAt, 'StartAt');
  for (const [name, state] of states) {
    for (const { target, field } of transitions(state)) {
      reached.add(target);
      if (!names.has(target)) missing(target, `States/${name}/${field}`);
    }
  }
  if (isMachine && !states.some(([, state]) => isTerminal(state))) {
    graph.reading.problems.report({ code: 'MISSING_END_STATE', problem: 'Workflow has no terminal state' });
    return;
  }
  for (const [name] of states) {
    if (reached.has(name)) continue;
    graph.report(`State "${name}" is not reachable.`, `States/${name}`, 'MISSING_TRANSITION_TARGET');
  }
}

interface Leads {
  readonly Type?: unknown;
  readonly Next?: unknown;
  readonly End?: unknown;
  readonly Default?: unknown;
  readonly Choices?: unknown;
  readonly Catch?: unknown;
}

function transitions(state: unknown): Transition[] {
  const leads = (state ?? {}) as Leads;
  const rules = (name: 'Choices' | 'Catch'): [string, unknown][] => {
    const list = leads[name];
    const items: readonly unknown[] = Array.isArray(list) ? list : [];
    return items.map((rule, index) => [`${name}[${index}]/Next`, ((rule ?? {}) as Leads).Next]);
  };
  const fields: [string, unknown][] = [
    ['Next', leads.Next],
    ...rules('Choices'),
    ['Default', leads.Default],
    ...rules('Catch'),
  ];
  return fields.flatMap(([field, target]) => (typeof target === 'string' ? [{ field, target }] : []));
}

function isTerminal(state: unknown): boolean {
  const { Type, End } = (state ?? {}) as Leads;
  return End === true || Type === 'Succeed' || Type === 'Fail';
}

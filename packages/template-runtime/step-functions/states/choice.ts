import { StateError } from '../errors';
import { READS_INPUT } from '../definition/fields';
import type { Fields } from '../definition/fields';
import { after } from '../execution/after';
import type { State } from '../execution/interpreter';
import { typedField } from '../definition/typed-field';
import type { TypedField } from '../definition/typed-field';
import { Visit } from '../execution/visit';
import type { ResultTemplates } from '../execution/visit';

interface Rule extends ResultTemplates {
  readonly condition: TypedField<boolean>;
  readonly next: string;
}

/**
 * A Choice state: the first rule whose condition is true decides.
 *
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html
 */
export function compileChoice(name: string, fields: Fields): State {
  fields.require('Choices');
  const rules = fields.items('Choices').flatMap((rule) => compileRule(rule) ?? []);
  if (fields.has('Choices') && fields.items('Choices').length === 0) fields.report('Value cannot be empty', 'Choices');
  const fallback = fields.optionalString('Default');
  const templates = { output: fields.template('Output', READS_INPUT), assign: fields.assign(READS_INPUT) };
  return {
    name,
    type: 'Choice',
    async run(frame, input) {
      const visit = new Visit(frame, 'Choice', name, input);
      const exit = after(firstTrue(rules, visit), (rule) => {
        const next = rule?.next ?? fallback;
        if (next === undefined) {
          const cause = 'Failed to transition out of the state. The state does not point to a next state.';
          throw new StateError('States.NoChoiceMatched', visit.describe(cause));
        }
        return visit.result(rule ?? templates, input, visit.bindings(), next);
      });
      return visit.leave(await exit);
    },
  };
}

function compileRule(fields: Fields): Rule | undefined {
  fields.allow('Condition', 'Next', 'Output', 'Assign');
  const condition = typedField(fields, 'Condition', 'boolean');
  fields.require(...['Condition', 'Next'].filter((name) => name !== 'Condition' || !fields.has('Variable')));
  return (
    condition && {
      condition,
      next: fields.optionalString('Next') ?? '',
      output: fields.template('Output', READS_INPUT),
      assign: fields.assign(READS_INPUT),
    }
  );
}

/** @param from the place of the first rule that is asked */
function firstTrue(rules: readonly Rule[], visit: Visit, from = 0): Rule | undefined | Promise<Rule | undefined> {
  for (let index = from; index < rules.length; index += 1) {
    const rule = rules[index] as Rule;
    const isTrue = rule.condition.read(visit);
    if (isTrue instanceof Promise) return isTrue.then((later) => (later ? rule : firstTrue(rules, visit, index + 1)));
    if (isTrue) return rule;
  }
  return undefined;
}

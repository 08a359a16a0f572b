import { compileField, type FieldTest } from './field-test';
import { InvalidPatternError, isObject } from './pattern-error';

/** Whether an event matches. */
export type EventPattern = (event: unknown) => boolean;

/** What an event has to fulfil: a test of the values of each joined name. */
type Rule = ReadonlyMap<string, FieldTest>;

/**
 * Compiles an event pattern.
 *
 * Names are joined by dots in the pattern as in the event: `{"detail":{"a.b":["x"]}}` and `{"detail":{"a":{"b":["x"]}}}` are
 * the same pattern. Where the event has a list of objects, the fields that are found in it have to be of one and the same
 * object. A name that comes twice counts as it comes last, also in and after `$or`.
 *
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html; what AWS does with the
 * cases in packages/template-runtime/test/event-bridge/patterns was recorded; joined names and lists: https://github.com/aws/event-ruler
 *
 * @throws InvalidPatternError for what EventBridge refuses
 */
export function compileEventPattern(pattern: unknown): EventPattern {
  if (!isObject(pattern)) throw new InvalidPatternError('Filter is not an object');
  // EventBridge follows the names' order, which decides where it looks for a missing field in lists.
  const rules = addObject([new Map()], pattern, '').map((rule) => [...rule].sort(([a], [b]) => (a < b ? -1 : 1)));
  return (event) => {
    const fields = flatten(event);
    return rules.some((rule) => isMet(rule, fields, new Map()));
  };
}

/** Each rule with what `pattern` adds to it; `$or` makes a rule of each of its alternatives. */
function addObject(rules: readonly Rule[], pattern: Readonly<Record<string, unknown>>, path: string): readonly Rule[] {
  const entries = Object.entries(pattern);
  if (entries.length === 0) throw new InvalidPatternError('Empty objects are not allowed', path);
  return entries.reduce((known, [step, condition]) => {
    if (step === '$or') return addAlternatives(known, condition, path);
    const name = path === '' ? step : `${path}.${step}`;
    if (isObject(condition)) return addObject(known, condition, name);
    if (!Array.isArray(condition)) throw new InvalidPatternError(`"${step}" must be an object or an array`, name);
    const test = compileField(name, condition);
    return known.map((rule) => new Map(rule).set(name, test));
  }, rules);
}

function addAlternatives(rules: readonly Rule[], alternatives: unknown, path: string): readonly Rule[] {
  if (!Array.isArray(alternatives)) throw new InvalidPatternError('It must be an Array followed with $or.', path);
  if (!alternatives.every(isObject)) {
    throw new InvalidPatternError('Only JSON object is allowed in array of $or relationship.', path);
  }
  if (alternatives.length < 2) {
    throw new InvalidPatternError('There must have at least 2 Objects in $or relationship.', path);
  }
  return alternatives.flatMap((alternative) => addObject(rules, alternative, path));
}

/** In which objects of which lists a value stands: list by number, index. */
type Places = ReadonlyMap<number, number>;

interface Value {
  readonly value: unknown;
  readonly places: Places;
}

/** The values of an event by their joined names: texts, numbers, booleans and nulls; objects and empty lists are none. */
function flatten(event: unknown): ReadonlyMap<string, readonly Value[]> {
  const fields = new Map<string, Value[]>();
  let lists = 0;
  const add = (value: unknown, name: string, places: Places): void => {
    if (Array.isArray(value)) {
      lists += 1;
      const list = lists;
      value.forEach((item: unknown, index) => {
        add(item, name, typeof item === 'object' && item !== null ? new Map(places).set(list, index) : places);
      });
    } else if (isObject(value)) {
      for (const [step, inner] of Object.entries(value)) add(inner, name === '' ? step : `${name}.${step}`, places);
    } else {
      const known = fields.get(name);
      if (known) known.push({ value, places });
      else fields.set(name, [{ value, places }]);
    }
  };
  add(event, '', new Map());
  return fields;
}

/** Whether all tests are passed by values whose places agree with each other. */
function isMet(
  rule: readonly (readonly [string, FieldTest])[],
  fields: ReadonlyMap<string, readonly Value[]>,
  places: Places,
): boolean {
  const [first, ...others] = rule;
  if (first === undefined) return true;
  const [name, test] = first;
  const agreeing = (fields.get(name) ?? []).filter((value) => agree(value.places, places));
  if (agreeing.length === 0) return test.ofNone && isMet(others, fields, places);
  return agreeing.some((value) => test.of(value.value) && isMet(others, fields, new Map([...places, ...value.places])));
}

const agree = (some: Places, others: Places): boolean =>
  Array.from(some).every(([list, index]) => (others.get(list) ?? index) === index);

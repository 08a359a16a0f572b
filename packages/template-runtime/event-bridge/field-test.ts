import { compileOperator, type ValueTest } from './pattern-operators';
import { InvalidPatternError, isObject } from './pattern-error';

/** A test of one of the values that a field has. */
export interface FieldTest {
  readonly of: ValueTest;
  /** Whether a field without a value passes. */
  readonly ofNone: boolean;
}

/** Compiles the list of conditions of a field, one of which has to hold. Numbers are compared as numbers: 300 is 300.0. */
export function compileField(name: string, conditions: readonly unknown[]): FieldTest {
  if (conditions.length === 0) throw new InvalidPatternError('Empty arrays are not allowed', name);
  let ofNone = false;
  const tests = conditions.map((condition): ValueTest => {
    if (!isObject(condition)) {
      if (!Array.isArray(condition)) return (value) => value === condition;
      throw new InvalidPatternError('Match value must be String, number, true, false, or null', name);
    }
    const [operator, operand] = onlyEntry(condition, name);
    if (operator !== 'exists') return compileOperator(name, operator, operand);
    if (typeof operand !== 'boolean') {
      throw new InvalidPatternError('exists match pattern must be either true or false.', name);
    }
    ofNone ||= !operand;
    return () => operand;
  });
  return { ofNone, of: (value) => tests.some((test) => test(value)) };
}

function onlyEntry(condition: Readonly<Record<string, unknown>>, name: string): [string, unknown] {
  const [entry, ...others] = Object.entries(condition);
  if (!entry) throw new InvalidPatternError('Match expression name not found', name);
  if (others.length > 0) throw new InvalidPatternError('Only one key allowed in match expression', name);
  return entry;
}

import { BSONRegExp } from 'bson';
import { CommandError } from '../errors';
import { type Document, isDocument } from '../values/document';
import { operators } from './operators';
import type { Predicate } from './predicate';

/** The operators that combine whole filters. */
export const logicalOperators: Readonly<Record<string, (filters: readonly Predicate[]) => Predicate>> = {
  $and: (filters) => (document) => filters.every((matches) => matches(document)),
  $or: (filters) => (document) => filters.some((matches) => matches(document)),
  $nor: (filters) => (document) => !filters.some((matches) => matches(document)),
};

/**
 * Compiles a filter.
 *
 * @throws CommandError with MongoDB's words for an operator that isn't among those here
 */
export function compileFilter(filter: Document): Predicate {
  const conditions = Object.entries(filter).map(([field, condition]) => compileEntry(field, condition));
  const [only] = conditions;
  return only && conditions.length === 1 ? only : (document) => conditions.every((matches) => matches(document));
}

/** Whether a condition is made of operators, and not a document to be equal to. */
export function isOperatorDocument(condition: unknown): condition is Document {
  return isDocument(condition) && Object.keys(condition)[0]?.startsWith('$') === true;
}

function compileEntry(field: string, condition: unknown): Predicate {
  if (!field.startsWith('$')) return compileCondition(field, condition);
  const combine = Object.hasOwn(logicalOperators, field) ? logicalOperators[field] : undefined;
  if (!combine) throw new CommandError(2, `unknown top level operator: ${field}`);
  if (!Array.isArray(condition) || condition.length === 0) {
    throw new CommandError(2, `${field} must be a nonempty array`);
  }
  return combine(
    (condition as unknown[]).map((item) => {
      if (!isDocument(item)) throw new CommandError(2, `${field} entries need to be full objects`);
      return compileFilter(item);
    }),
  );
}

/** A condition on one field: a value to be equal to, or operators that all have to hold. */
function compileCondition(path: string, condition: unknown): Predicate {
  if (condition instanceof BSONRegExp) throw unknownOperator('$regex');
  if (!isOperatorDocument(condition)) return operators.$eq(path, condition);
  const tests = Object.entries(condition).map(([name, operand]): Predicate => {
    if (name === '$not') {
      if (!isOperatorDocument(operand)) throw new CommandError(2, '$not needs a regex or a document');
      const matches = compileCondition(path, operand);
      return (document) => !matches(document);
    }
    if (!Object.hasOwn(operators, name)) throw unknownOperator(name);
    return operators[name as keyof typeof operators](path, operand);
  });
  return (document) => tests.every((matches) => matches(document));
}

function unknownOperator(name: string): CommandError {
  return new CommandError(2, `unknown operator: ${name}`);
}

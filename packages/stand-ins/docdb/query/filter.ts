import { BSONRegExp } from 'bson';
import { Context } from 'mingo/core';
import { $and, $nor, $not, $or } from 'mingo/operators/query/logical';
import { Query } from 'mingo/query';
import { CommandError } from '../errors';
import { type Document, isDocument } from '../values/document';
import { Operand, type Predicate, predicateOps, predicates } from './predicates';

const LOGICAL: ReadonlySet<string> = new Set(['$and', '$or', '$nor']);
/** Operators that MongoDB has at the top level and Amazon DocumentDB or this stand-in hasn't. */
const REFUSED: ReadonlySet<string> = new Set(['$expr', '$where', '$jsonSchema', '$text']);

/** mingo, which combines conditions, with the operators that know BSON's types. */
export const filterContext = Context.init({ query: { $and, $or, $nor, $not } }).addQueryOps(predicateOps);
const options = { context: filterContext };

/**
 * Compiles a filter.
 *
 * @throws CommandError with MongoDB's words for an operator that doesn't exist or isn't supported
 */
export function compileFilter(filter: Document): Predicate {
  if (Object.keys(filter).length === 0) return () => true;
  const query = new Query(preparedFilter(filter), options);
  return (document) => query.test(document);
}

/** The filter as mingo takes it: every operator checked, regular expressions as JavaScript's. */
export function preparedFilter(filter: Document): Document {
  const prepared: Document = {};
  for (const [field, condition] of Object.entries(filter)) {
    if (field === '$comment') continue;
    if (LOGICAL.has(field)) {
      prepared[field] = filterList(field, condition);
    } else if (field.startsWith('$')) {
      if (REFUSED.has(field)) throw new CommandError(303, `operator ${field} is currently not supported.`);
      throw new CommandError(2, `unknown top level operator: ${field}`);
    } else {
      if (field === 'constructor' || field === '__proto__') {
        // mingo takes an object that has it for none.
        throw new CommandError(2, `filtering by a field named ${field} is not supported by this stand-in`);
      }
      prepared[field] = preparedCondition(condition);
    }
  }
  return prepared;
}

/** Whether a condition is made of operators, and not a document to be equal to. */
export function isOperatorDocument(condition: unknown): condition is Document {
  return isDocument(condition) && Object.keys(condition)[0]?.startsWith('$') === true;
}

/** JavaScript's form of a BSON regular expression. */
export function toRegExp({ pattern, options: flags }: { pattern: string; options: string }): RegExp {
  for (const flag of flags) {
    if (!'imsu'.includes(flag))
      throw new CommandError(2, `regular expression option ${flag} is not supported by this stand-in`);
  }
  try {
    return new RegExp(pattern, flags);
  } catch (error) {
    throw new CommandError(2, `Regular expression is invalid: ${(error as Error).message}`);
  }
}

function preparedCondition(condition: unknown): unknown {
  if (condition instanceof BSONRegExp) return { $regex: toRegExp(condition) };
  // Spelt out, so that mingo doesn't take a document with such a field for an operator's.
  if (!isOperatorDocument(condition)) return { $eq: new Operand(condition) };
  const prepared: Document = {};
  for (const [operator, operand] of Object.entries(condition)) {
    switch (operator) {
      case '$regex':
        prepared.$regex = regexOperand(operand, condition.$options); // mingo knows this one, and copies it
        break;
      case '$options':
        if (!('$regex' in condition)) throw new CommandError(2, '$options needs a $regex');
        break;
      case '$not':
        if (!isOperatorDocument(operand) && !(operand instanceof BSONRegExp)) {
          throw new CommandError(2, '$not needs a regex or a document');
        }
        prepared.$not = preparedCondition(operand);
        break;
      case '$elemMatch':
        if (!isDocument(operand)) throw new CommandError(2, '$elemMatch needs an Object');
        prepared.$elemMatch = isItemCondition(operand) ? preparedCondition(operand) : preparedFilter(operand);
        break;
      case '$in':
      case '$nin':
      case '$all':
        prepared[operator] = new Operand(Array.isArray(operand) ? operand.map(preparedItem) : operand);
        break;
      default:
        if (!Object.hasOwn(predicates, operator)) throw new CommandError(2, `unknown operator: ${operator}`);
        prepared[operator] = new Operand(operand);
    }
  }
  return prepared;
}

/** An item of `$in`, `$nin` and `$all`. */
function preparedItem(item: unknown): unknown {
  if (item instanceof BSONRegExp) return toRegExp(item);
  return isDocument(item) && '$elemMatch' in item ? preparedCondition(item) : item;
}

function isItemCondition(operand: Document): boolean {
  const first = Object.keys(operand)[0];
  return first?.startsWith('$') === true && !LOGICAL.has(first);
}

function filterList(operator: string, operand: unknown): Document[] {
  if (!Array.isArray(operand) || operand.length === 0) {
    throw new CommandError(2, `${operator} must be a nonempty array`);
  }
  return (operand as unknown[]).map((item) => {
    if (!isDocument(item)) throw new CommandError(2, `${operator} entries need to be full objects`);
    return preparedFilter(item);
  });
}

function regexOperand(operand: unknown, flags: unknown): RegExp {
  if (flags !== undefined && typeof flags !== 'string') throw new CommandError(2, '$options has to be a string');
  if (operand instanceof BSONRegExp)
    return toRegExp(flags === undefined ? operand : { pattern: operand.pattern, options: flags });
  if (typeof operand !== 'string') throw new CommandError(2, '$regex has to be a string');
  return toRegExp({ pattern: operand, options: flags ?? '' });
}

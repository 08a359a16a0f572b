import { Context } from 'mingo/core';
import { $elemMatch, $slice } from 'mingo/operators/projection';
import { Query } from 'mingo/query';
import { CommandError } from '../errors';
import { cloneDocument, type Document, isDocument } from '../values/document';
import { isBsonNumber, toNumber } from '../values/number';
import { filterContext, preparedFilter } from './filter';

const options = { context: Context.from(filterContext, Context.init({ projection: { $elemMatch, $slice } })) };

/**
 * Compiles a projection: fields to include or exclude, `$slice`, `$elemMatch` and the positional `array.$`.
 *
 * @param filter the query's, which the positional operator refers to
 * @throws CommandError when it mixes inclusion and exclusion, or calculates: this stand-in takes no expressions here
 */
export function compileProjection(projection: Document, filter: Document): (document: Document) => Document {
  const fields = Object.entries(projection);
  if (fields.length === 0) return (document) => document;
  const prepared: Document = {};
  let including: boolean | undefined;
  for (const [field, value] of fields) {
    const operator = isDocument(value) ? Object.keys(value)[0] : undefined;
    if (isDocument(value) && (operator === '$slice' || operator === '$elemMatch')) {
      prepared[field] =
        operator === '$slice' ? { $slice: sliceOperand(value.$slice) } : elemMatchOperand(value.$elemMatch);
      continue;
    }
    const included = isIncluded(field, value);
    prepared[field] = included ? 1 : 0;
    if (field === '_id') continue;
    including ??= included;
    if (included && !including)
      throw new CommandError(31253, `Cannot do inclusion on field ${field} in exclusion projection`);
    if (!included && including)
      throw new CommandError(31254, `Cannot do exclusion on field ${field} in inclusion projection`);
  }
  // Only the positional operator asks which element the filter meant; else a document that an update has made is projected
  // whether or not it still meets the filter.
  const isPositional = fields.some(([field]) => field.endsWith('.$'));
  const query = new Query(isPositional ? preparedFilter(filter) : {}, options);
  // mingo removes excluded fields from the nested documents that it is given: they must not be the stored ones.
  return (document) => {
    const [projected] = query.find<Document>([cloneDocument(document)], prepared).all();
    if (projected) return projected;
    throw new CommandError(2, "positional operator '.$' couldn't find a matching element in the array");
  };
}

function isIncluded(field: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  if (isBsonNumber(value)) return toNumber(value) !== 0;
  throw new CommandError(303, `projection of ${field} by an expression is currently not supported.`);
}

function sliceOperand(operand: unknown): number | number[] {
  const numbers = (Array.isArray(operand) ? (operand as unknown[]) : [operand]).map((item) =>
    isBsonNumber(item) ? toNumber(item) : NaN,
  );
  const [first] = numbers;
  if (first === undefined || numbers.length > 2 || numbers.some(Number.isNaN)) {
    throw new CommandError(2, '$slice takes a number or two');
  }
  return Array.isArray(operand) ? numbers : first;
}

function elemMatchOperand(operand: unknown): Document {
  if (!isDocument(operand)) throw new CommandError(2, 'elemMatch: Invalid argument, object required');
  const prepared = preparedFilter({ item: { $elemMatch: operand } }).item as Document;
  return { $elemMatch: prepared.$elemMatch };
}

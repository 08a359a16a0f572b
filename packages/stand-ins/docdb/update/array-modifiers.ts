import { BSONRegExp } from 'bson';
import { CommandError } from '../errors';
import { compileFilter, isOperatorDocument } from '../query/filter';
import { compileSort } from '../query/sort';
import { cloneValue, type Document, isDocument } from '../values/document';
import { isBsonNumber, toNumber } from '../values/number';
import { compareValues, equalValues, typeName } from '../values/order';
import type { Modifier } from './modifier';
import type { Change } from './target';

/** The modifiers of arrays: mongodb.com, "Array Update Operators". */
export const arrayModifiers = {
  $push: (path, operand) => {
    const { values, position, sort, slice } = pushOf(operand);
    return (current) => {
      const items = arrayAt(path, current, '$push') ?? [];
      items.splice(position ?? items.length, 0, ...values.map(cloneValue));
      if (sort) items.sort(sort);
      return { set: slice === undefined ? items : slice < 0 ? items.slice(slice) : items.slice(0, slice) };
    };
  },
  $addToSet: (path, operand) => {
    const each = isDocument(operand) && '$each' in operand;
    if (each) onlyFields('$addToSet', operand, ['$each']);
    const values = each ? listAt('$each', operand.$each) : [operand];
    return (current) => {
      const items = arrayAt(path, current, '$addToSet') ?? [];
      for (const value of values) {
        if (!items.some((item) => equalValues(item, value))) items.push(cloneValue(value));
      }
      return { set: items };
    };
  },
  $pop: (path, operand) => {
    const end = isBsonNumber(operand) ? toNumber(operand) : NaN;
    if (end !== 1 && end !== -1) throw new CommandError(9, `$pop expects 1 or -1, found: ${String(operand)}`);
    return (current) => {
      const items = arrayAt(path, current, '$pop');
      if (!items) return 'keep';
      return { set: end === 1 ? items.slice(0, -1) : items.slice(1) };
    };
  },
  $pull: (path, operand) => {
    const pulled = itemCondition(operand);
    return (current) => without(arrayAt(path, current, '$pull'), pulled);
  },
  $pullAll: (path, operand) => {
    const values = listAt('$pullAll', operand);
    return (current) =>
      without(arrayAt(path, current, '$pullAll'), (item) => values.some((value) => equalValues(item, value)));
  },
} satisfies Record<string, Modifier>;

interface Push {
  readonly values: readonly unknown[];
  readonly position: number | undefined;
  readonly slice: number | undefined;
  readonly sort: ((a: unknown, b: unknown) => number) | undefined;
}

function pushOf(operand: unknown): Push {
  if (!isDocument(operand) || !('$each' in operand)) {
    return { values: [operand], position: undefined, slice: undefined, sort: undefined };
  }
  onlyFields('$push', operand, ['$each', '$position', '$slice', '$sort']);
  return {
    values: listAt('$each', operand.$each),
    position: wholeNumber('$position', operand.$position),
    slice: wholeNumber('$slice', operand.$slice),
    sort: '$sort' in operand ? pushSort(operand.$sort) : undefined,
  };
}

/** By the items themselves, or by fields of items that are documents. */
function pushSort(operand: unknown): (a: unknown, b: unknown) => number {
  if (isDocument(operand)) {
    const compare = compileSort(operand);
    return (a, b) => compare(isDocument(a) ? a : {}, isDocument(b) ? b : {});
  }
  const direction = isBsonNumber(operand) ? toNumber(operand) : NaN;
  if (direction !== 1 && direction !== -1) {
    throw new CommandError(
      2,
      'The $sort is invalid: use 1/-1 to sort the whole element, or {field:1/-1} to sort embedded fields',
    );
  }
  return (a, b) => compareValues(a, b) * direction;
}

function itemCondition(operand: unknown): (item: unknown) => boolean {
  if (isOperatorDocument(operand) || operand instanceof BSONRegExp) {
    const matches = compileFilter({ item: operand });
    return (item) => matches({ item });
  }
  if (!isDocument(operand)) return (item) => equalValues(item, operand);
  const matches = compileFilter(operand);
  return (item) => isDocument(item) && matches(item);
}

function without(items: unknown[] | undefined, pulled: (item: unknown) => boolean): Change {
  return items ? { set: items.filter((item) => !pulled(item)) } : 'keep';
}

function arrayAt(path: string, current: unknown, modifier: string): unknown[] | undefined {
  if (current === undefined) return undefined;
  if (!Array.isArray(current)) {
    throw new CommandError(2, `The field '${path}' must be an array but is of type ${typeName(current)} (${modifier})`);
  }
  return [...(current as unknown[])];
}

function listAt(name: string, operand: unknown): readonly unknown[] {
  if (!Array.isArray(operand)) {
    throw new CommandError(2, `The argument to ${name} must be an array but it was of type: ${typeName(operand)}`);
  }
  return operand as unknown[];
}

function wholeNumber(name: string, operand: unknown): number | undefined {
  if (operand === undefined) return undefined;
  const number = isBsonNumber(operand) ? toNumber(operand) : NaN;
  if (!Number.isSafeInteger(number)) throw new CommandError(2, `The value for ${name} must be an integer value`);
  return number;
}

function onlyFields(modifier: string, operand: Document, known: readonly string[]): void {
  const unknown = Object.keys(operand).find((field) => !known.includes(field));
  if (unknown !== undefined) throw new CommandError(2, `Unrecognized clause in ${modifier}: ${unknown}`);
}

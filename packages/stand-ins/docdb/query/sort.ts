import { CommandError } from '../errors';
import type { Document } from '../values/document';
import { isBsonNumber, toNumber } from '../values/number';
import { compareValues } from '../values/order';
import { valuesAt } from './path';

/**
 * Compiles a sort specification such as `{ name: 1, age: -1 }`. An array sorts by its least item ascending and by its
 * greatest descending (mongodb.com, "Comparison/Sort Order").
 */
export function compileSort(specification: Document): (a: Document, b: Document) => number {
  const keys = Object.entries(specification).map(([path, value]) => ({ path, direction: directionOf(path, value) }));
  return (a, b) => {
    for (const { path, direction } of keys) {
      const order = compareValues(sortValue(a, path, direction), sortValue(b, path, direction));
      if (order !== 0) return order * direction;
    }
    return 0;
  };
}

function directionOf(path: string, value: unknown): 1 | -1 {
  const direction = isBsonNumber(value) ? toNumber(value) : NaN;
  if (direction !== 1 && direction !== -1) {
    throw new CommandError(2, `$sort key ordering must be 1 (for ascending) or -1 (for descending): ${path}`);
  }
  return direction;
}

function sortValue(document: Document, path: string, direction: 1 | -1): unknown {
  const values = valuesAt(document, path).flatMap((value) =>
    Array.isArray(value) && value.length > 0 ? (value as unknown[]) : [value],
  );
  return values.reduce((best, value) => (compareValues(value, best) * direction < 0 ? value : best), values[0]);
}

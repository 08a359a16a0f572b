import { BSONRegExp } from 'bson';
import { isOperatorDocument } from './filter';
import { type Document, isDocument } from '../values/document';

/** A condition of a filter that holds for one value only. */
export interface Equality {
  readonly path: string;
  readonly value: unknown;
}

/**
 * The equalities that every match of the filter fulfils: `field: value`, `$eq`, `$all` with one item, also inside `$and`.
 * Indexes look documents up by them, and an upsert makes its document of them (mongodb.com, "Upsert with Operator
 * Expressions").
 */
export function equalitiesOf(filter: Document): Equality[] {
  return Object.entries(filter).flatMap(([path, condition]): Equality[] => {
    if (path === '$and' && Array.isArray(condition)) {
      return (condition as unknown[]).filter(isDocument).flatMap(equalitiesOf);
    }
    if (path.startsWith('$') || condition instanceof BSONRegExp) return [];
    if (!isOperatorDocument(condition)) return [{ path, value: condition }];
    if ('$eq' in condition) return [{ path, value: condition.$eq }];
    const all = condition.$all;
    if (!Array.isArray(all) || all.length !== 1) return [];
    const value: unknown = all[0];
    return value instanceof BSONRegExp || isOperatorDocument(value) ? [] : [{ path, value }];
  });
}

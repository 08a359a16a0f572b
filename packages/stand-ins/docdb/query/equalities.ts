import { type Document, isDocument } from '../values/document';
import { isOperatorDocument } from './filter';

/** A condition of a filter that holds for one value only. */
export interface Equality {
  readonly path: string;
  readonly value: unknown;
}

/**
 * The equalities that every match of the filter fulfils: `field: value` and `$eq`, also inside `$and`. Indexes look
 * documents up by them, and an upsert makes its document of them (mongodb.com, "Upsert with Operator Expressions").
 */
export function equalitiesOf(filter: Document): Equality[] {
  return Object.entries(filter).flatMap(([path, condition]): Equality[] => {
    if (path === '$and' && Array.isArray(condition)) {
      return (condition as unknown[]).filter(isDocument).flatMap(equalitiesOf);
    }
    if (path.startsWith('$')) return [];
    if (!isOperatorDocument(condition)) return [{ path, value: condition }];
    return '$eq' in condition ? [{ path, value: condition.$eq }] : [];
  });
}

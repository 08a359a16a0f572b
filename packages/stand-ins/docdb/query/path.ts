import { type Document, isDocument } from '../values/document';

const INDEX = /^(?:0|[1-9]\d*)$/;

/** Whether a part of a path may be the index of an array's item. */
export function isArrayIndex(part: string): boolean {
  return INDEX.test(part);
}

/**
 * The values that a path reaches: a field of every document in an array is reached, and so is an item by its index
 * (mongodb.com, "Query an Array of Embedded Documents"). A missing field is `undefined`, which compares as null.
 */
export function valuesAt(document: Document, path: string): unknown[] {
  if (!path.includes('.')) return [ownValue(document, path)];
  const found: unknown[] = [];
  collect(document, path.split('.'), 0, found);
  return found;
}

/** The values that a condition on the path is tried on: those at the path, and the items of those that are arrays. */
export function comparedValues(document: Document, path: string): unknown[] {
  const values = valuesAt(document, path);
  if (!values.some(Array.isArray)) return values;
  return values.flatMap((value) => (Array.isArray(value) ? [value, ...(value as unknown[])] : [value]));
}

/** The field's value; fields that every JavaScript object inherits don't count. */
export function ownValue(document: Document, field: string): unknown {
  return Object.hasOwn(document, field) ? document[field] : undefined;
}

function collect(value: unknown, parts: readonly string[], from: number, found: unknown[]): void {
  const part = parts[from];
  if (part === undefined) {
    found.push(value);
  } else if (isDocument(value)) {
    collect(ownValue(value, part), parts, from + 1, found);
  } else if (Array.isArray(value)) {
    const items: unknown[] = value;
    if (isArrayIndex(part) && Number(part) < items.length) collect(items[Number(part)], parts, from + 1, found);
    for (const item of items) {
      if (isDocument(item)) collect(item, parts, from, found);
    }
  } else {
    found.push(undefined);
  }
}

import { CommandError } from '../errors';
import { isArrayIndex, ownValue } from '../query/path';
import { type Document, isDocument } from '../values/document';
import { shown } from '../values/shown';

/** MongoDB's limit to the nulls that fill an array up to an index. */
const MAX_BACKFILL = 1_500_000;

/** What a modifier makes of a field. */
export type Change = { readonly set: unknown } | 'remove' | 'keep';

/**
 * Changes the field at a path without positional operators. Documents on the way are made where there are none.
 *
 * @param document a copy that may be changed
 * @param change from the field's value, undefined where there is none
 * @throws CommandError PathNotViable where something that isn't a document or an array stands in the way
 */
export function changeAt(document: Document, path: readonly string[], change: (current: unknown) => Change): void {
  const last = path.at(-1);
  if (last === undefined) return;
  const changed = change(valueAtPath(document, path));
  if (changed === 'keep') return;
  if (changed === 'remove') return removeAt(document, path);
  let container: Document | unknown[] = document;
  for (const [depth, part] of path.slice(0, -1).entries()) {
    const next = childOf(container, part);
    if (next === undefined) {
      const made: Document = {};
      put(container, part, made, path[depth - 1]);
      container = made;
    } else if (isDocument(next) || Array.isArray(next)) {
      container = next as Document | unknown[];
    } else {
      throw notViable(path[depth + 1], part, next);
    }
  }
  put(container, last, changed.set, path.at(-2));
}

/** The value that a modifier finds: unlike in filters, no documents inside an array are searched. */
export function valueAtPath(document: Document, path: readonly string[]): unknown {
  let value: unknown = document;
  for (const part of path) {
    if (!isDocument(value) && !Array.isArray(value)) return undefined;
    value = childOf(value as Document | unknown[], part);
  }
  return value;
}

function removeAt(document: Document, path: readonly string[]): void {
  const container = valueAtPath(document, path.slice(0, -1));
  const last = path.at(-1) ?? '';
  if (Array.isArray(container)) container[Number(last)] = null;
  else if (isDocument(container)) delete container[last];
}

function childOf(container: Document | unknown[], part: string): unknown {
  if (!Array.isArray(container)) return ownValue(container, part);
  return isArrayIndex(part) ? container[Number(part)] : undefined;
}

function put(container: Document | unknown[], part: string, value: unknown, parent: string | undefined): void {
  if (!Array.isArray(container)) {
    if (part === '__proto__') throw new CommandError(2, 'the field name __proto__ is not supported by this stand-in');
    container[part] = value;
    return;
  }
  const index = Number(part);
  if (!isArrayIndex(part)) throw notViable(part, parent ?? '', container);
  if (index - container.length > MAX_BACKFILL) {
    throw new CommandError(2, `can't backfill more than ${MAX_BACKFILL} elements`);
  }
  while (container.length < index) container.push(null);
  container[index] = value;
}

function notViable(field: string | undefined, element: string, value: unknown): CommandError {
  return new CommandError(28, `Cannot create field '${field ?? ''}' in element {${element}: ${shown(value)}}`);
}

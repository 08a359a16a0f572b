import { CommandError } from '../errors';
import { isArrayIndex, ownValue } from '../query/path';
import { type Document, isDocument } from '../values/document';
import { shown } from '../values/shown';

/** What a modifier makes of a field. */
export type Change = { readonly set: unknown } | 'remove' | 'keep';

/**
 * Changes the field at a path. Documents on the way are made where there are none.
 *
 * @param document a copy that may be changed
 * @param change from the field's value, undefined where there is none
 * @throws CommandError PathNotViable where something else stands in the way
 */
export function changeAt(document: Document, path: readonly string[], change: (current: unknown) => Change): void {
  const last = path.at(-1) ?? '';
  const container = valueAt(document, path.slice(0, -1));
  const changed = change(isContainer(container) ? childOf(container, last) : undefined);
  if (changed === 'keep') return;
  if (changed !== 'remove') put(document, path, changed.set);
  else if (Array.isArray(container)) container[Number(last)] = null;
  else if (isDocument(container)) delete container[last];
}

/** The value that a modifier finds: unlike in filters, no documents inside an array are searched. */
function valueAt(document: Document, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, part) => (isContainer(value) ? childOf(value, part) : undefined), document);
}

function put(document: Document, path: readonly string[], value: unknown): void {
  let container: unknown = document;
  for (const [depth, part] of path.entries()) {
    const isLast = depth === path.length - 1;
    // An array takes another value for an item that it has, and no fields or further items.
    const viable = Array.isArray(container)
      ? isArrayIndex(part) && Number(part) < container.length
      : isDocument(container);
    if (!viable || !isContainer(container)) {
      throw new CommandError(28, `Cannot create field '${part}' in element {${path[depth - 1]}: ${shown(container)}}`);
    }
    if (part === '__proto__') throw new CommandError(2, 'the field name __proto__ is not supported by this stand-in');
    const next: unknown = isLast ? value : (childOf(container, part) ?? {});
    (container as Document)[part] = next;
    container = next;
  }
}

function isContainer(value: unknown): value is Document | unknown[] {
  return isDocument(value) || Array.isArray(value);
}

function childOf(container: Document | unknown[], part: string): unknown {
  if (!Array.isArray(container)) return ownValue(container, part);
  return isArrayIndex(part) ? container[Number(part)] : undefined;
}

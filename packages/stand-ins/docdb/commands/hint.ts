import { CommandError } from '../errors';
import type { Collection } from '../storage/collection';
import { isDocument } from '../values/document';
import { identicalValues } from '../values/order';

/**
 * Checks a hint. It doesn't choose the index here, which changes no result.
 *
 * @throws CommandError when no index has the name or the fields
 */
export function checkHint(collection: Collection | undefined, hint: unknown): void {
  if (hint === undefined || !collection) return;
  if (isDocument(hint) && (Object.keys(hint).length === 0 || '$natural' in hint)) return;
  const known = collection.indexes.some(({ name, key }) =>
    isDocument(hint) ? identicalValues(key, hint) : name === hint,
  );
  if (!known) throw new CommandError(2, 'hint provided does not correspond to an existing index');
}

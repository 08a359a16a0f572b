import { CommandError } from '../errors';
import { Collection, type FindOptions } from '../storage/collection';
import type { BatchOptions } from '../storage/cursors';
import { type Document, isDocument } from '../values/document';
import { identicalValues } from '../values/order';
import { type Call, collectionName } from './command';

/** What a filter finds in the collection that a command names, by its hint; in none where there is no collection. */
export function found(call: Call, filter: Document, options: FindOptions): readonly Document[] {
  const namespace = `${call.database}.${collectionName(call)}`;
  const collection = collectionOf(call);
  if (collection) checkHint(collection, call.body.hint);
  return (collection ?? new Collection(namespace)).find(filter, options).map(({ document }) => document);
}

/** The collection that a command names, if there is one. */
export function collectionOf(call: Call): Collection | undefined {
  return call.server.catalog.get(call.database, collectionName(call));
}

/**
 * Checks a hint. It doesn't choose the index here, which changes no result.
 *
 * @throws CommandError when no index has the name or the fields
 */
export function checkHint(collection: Collection, hint: unknown): void {
  if (hint === undefined) return;
  if (isDocument(hint) && (Object.keys(hint).length === 0 || '$natural' in hint)) return;
  const known = collection.indexes.some(({ name, key }) =>
    isDocument(hint) ? identicalValues(key, hint) : name === hint,
  );
  if (!known) throw new CommandError(2, 'hint provided does not correspond to an existing index');
}

/** Starts a cursor over documents, and answers its first batch. */
export function firstBatch(
  { server }: Call,
  namespace: string,
  documents: readonly Document[],
  options?: BatchOptions,
): Document {
  const { id, documents: batch } = server.cursors.start(namespace, documents, options);
  return { cursor: { firstBatch: batch, id, ns: namespace } };
}

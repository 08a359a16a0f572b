import { CommandError } from '../errors';
import { Collection, type FindOptions } from '../storage/collection';
import { type Document, documentBytes, isDocument, MAX_DOCUMENT_BYTES } from '../values/document';
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

/**
 * Answers all documents in one batch: the client has nothing more to fetch.
 *
 * @throws CommandError when they are more than a document can take: `bson` writes an answer as one
 */
export function firstBatch(namespace: string, documents: readonly Document[]): Document {
  const bytes = documents.reduce((sum, document) => sum + documentBytes(document), 0);
  if (bytes > MAX_DOCUMENT_BYTES) {
    throw new CommandError(10334, `a result of ${bytes} bytes is not supported by this stand-in: set a limit`);
  }
  return { cursor: { firstBatch: documents, id: 0n, ns: namespace } };
}

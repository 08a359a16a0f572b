import { CommandError, optionNotSupported } from '../errors';
import type { Collection } from '../storage/collection';
import type { IndexSpecification } from '../storage/collection-index';
import { type Document, isDocument } from '../values/document';
import { isBsonNumber, toNumber } from '../values/number';
import { identicalValues } from '../values/order';
import { shown } from '../values/shown';
import {
  type Call,
  type Command,
  collectionName,
  documentField,
  documentsField,
  flagField,
  stringField,
} from './command';
import { collectionOf, firstBatch } from './reading';

/** `v` is the index format's version; a build in the background is one build here. */
const INDEX_FIELDS: ReadonlySet<string> = new Set(['key', 'name', 'unique', 'background', 'v']);

/** Commands about indexes. */
export const indexCommands: Readonly<Record<string, Command>> = {
  createIndexes: { fields: ['indexes', 'commitQuorum'], run: createIndexes },
  listIndexes: {
    fields: ['cursor'],
    run: (call) => {
      const collection = existing(call, 'ns does not exist');
      const indexes = collection.indexes.map(({ key, name, unique }): Document => ({
        v: 2,
        key,
        name,
        // The index on _id is unique without saying so.
        ...(unique && name !== '_id_' ? { unique } : {}),
      }));
      return firstBatch(collection.namespace, indexes);
    },
  },
  dropIndexes: { fields: ['index'], run: dropIndexes },
};

function createIndexes(call: Call): Document {
  const { server, database, body } = call;
  const name = collectionName(call);
  const specifications = documentsField(body, 'indexes').map(specificationOf);
  if (specifications.length === 0) throw new CommandError(2, 'Must specify at least one index to create');
  const createdCollectionAutomatically = server.catalog.get(database, name) === undefined;
  const collection = server.catalog.getOrCreate(database, name);
  const numIndexesBefore = collection.indexes.length;
  const added = specifications.filter((specification) => !alreadyThere(collection, specification));
  collection.createIndexes(added);
  return {
    createdCollectionAutomatically,
    numIndexesBefore,
    numIndexesAfter: collection.indexes.length,
  };
}

/** @throws CommandError when an index of the name or on the fields is there, and is another */
function alreadyThere(collection: Collection, wanted: IndexSpecification): boolean {
  for (const index of collection.indexes) {
    const sameFields = identicalValues(index.key, wanted.key);
    if (index.name === wanted.name && !sameFields) {
      throw new CommandError(
        86,
        `An existing index has the same name as the requested index. Requested index: ${shown(wanted)}, existing index: ${shown(index)}`,
      );
    }
    if (!sameFields) continue;
    if (index.name === wanted.name && identicalValues(index, wanted)) return true;
    if (index.name === '_id_') return true;
    throw new CommandError(85, `Index already exists with a different name or options: ${index.name}`);
  }
  return false;
}

function specificationOf(index: Document): IndexSpecification {
  const unknown = Object.keys(index).find((field) => !INDEX_FIELDS.has(field));
  if (unknown !== undefined) throw optionNotSupported(unknown);
  const key = documentField(index, 'key');
  if (!key || Object.keys(key).length === 0) throw new CommandError(67, 'Index keys cannot be an empty document');
  for (const [path, direction] of Object.entries(key)) checkKey(path, direction);
  return { name: stringField(index, 'name'), key, unique: flagField(index, 'unique') };
}

function checkKey(path: string, direction: unknown): void {
  if (path.startsWith('$') || path.split('.').includes('')) {
    throw new CommandError(67, `Index key contains an illegal field name: '${path}'`);
  }
  if (!isBsonNumber(direction)) throw optionNotSupported(`index type ${shown(direction)}`);
  if (toNumber(direction) === 0 || Number.isNaN(toNumber(direction))) {
    throw new CommandError(67, `Values in the index key pattern cannot be 0: ${path}`);
  }
}

function dropIndexes(call: Call): Document {
  const collection = existing(call, 'ns not found');
  const nIndexesWas = collection.indexes.length;
  const { index } = call.body;
  if (index === '*') {
    for (const { name } of collection.indexes) if (name !== '_id_') collection.dropIndex(name);
    return { nIndexesWas };
  }
  const found = collection.indexes.find(({ name, key }) =>
    isDocument(index) ? identicalValues(key, index) : name === index,
  );
  if (!found) throw new CommandError(27, `index not found with name [${shown(index)}]`);
  if (found.name === '_id_') throw new CommandError(72, 'cannot drop _id index');
  collection.dropIndex(found.name);
  return { nIndexesWas };
}

function existing(call: Call, message: string): Collection {
  const collection = collectionOf(call);
  if (!collection) throw new CommandError(26, `${message}: ${call.database}.${collectionName(call)}`);
  return collection;
}

import { CommandError, optionNotSupported } from '../errors';
import { compileProjection } from '../query/projection';
import { Collection } from '../storage/collection';
import type { Entry } from '../storage/collection-index';
import { compileUpdate, type Update } from '../update/update';
import { upsertedDocument, withId } from '../update/upsert';
import type { Document } from '../values/document';
import { isBsonNumber, toNumber } from '../values/number';
import { type Call, type Command, collectionName, documentField, documentsField, flagField } from './command';
import { checkHint } from './hint';
import { runStatements } from './reply';

const UPDATE_FIELDS: readonly string[] = ['q', 'u', 'multi', 'upsert', 'arrayFilters', 'hint'];
const DELETE_FIELDS: readonly string[] = ['q', 'limit', 'hint'];

const findAndModify: Command = {
  fields: [
    'query',
    'sort',
    'remove',
    'update',
    'new',
    'fields',
    'upsert',
    'arrayFilters',
    'hint',
    'bypassDocumentValidation',
  ],
  unsupported: ['collation', 'let'],
  run: runFindAndModify,
};

/** Commands that write. Each statement of them is atomic, and in Amazon DocumentDB also one that changes several documents. */
export const writeCommands: Readonly<Record<string, Command>> = {
  insert: {
    fields: ['documents', 'ordered', 'bypassDocumentValidation'],
    run: (call) => {
      const documents = statementsOf(call, 'documents');
      const collection = collectionOf(call, true);
      let n = 0;
      const result = runStatements(documents, isOrdered(call), (document) => {
        collection.insert(withId(document));
        n++;
      });
      return { n, ...result };
    },
  },
  update: { fields: ['updates', 'ordered', 'bypassDocumentValidation'], unsupported: ['let'], run: runUpdates },
  delete: { fields: ['deletes', 'ordered'], unsupported: ['let'], run: runDeletes },
  findAndModify,
  findandmodify: findAndModify,
};

function runUpdates(call: Call): Document {
  const statements = statementsOf(call, 'updates');
  for (const statement of statements) checkStatement('update.updates', statement, UPDATE_FIELDS);
  const collection = collectionOf(
    call,
    statements.some((statement) => flagField(statement, 'upsert')),
  );
  const upserted: Document[] = [];
  let n = 0;
  let nModified = 0;
  const result = runStatements(statements, isOrdered(call), (statement, index) => {
    checkHint(collection, statement.hint);
    const filter = documentField(statement, 'q') ?? {};
    const update = updateOf(statement.u, filter, statement);
    const multi = flagField(statement, 'multi');
    if (multi && update.replaces) {
      throw new CommandError(9, 'multi update is not supported for replacement-style update');
    }
    const found = collection.find(filter, { limit: multi ? 0 : 1 });
    if (found.length === 0 && flagField(statement, 'upsert')) {
      const document = upsertedDocument(filter, update);
      collection.insert(document);
      upserted.push({ index, _id: document._id });
      n++;
    }
    n += found.length;
    nModified += updateAll(collection, found, update);
  });
  return { n, nModified, ...(upserted.length === 0 ? {} : { upserted }), ...result };
}

/**
 * Updates all or, when one fails, none (docs.aws.amazon.com, DocumentDB "Functional differences": implicit
 * transactions).
 *
 * @returns how many differ from before
 */
function updateAll(collection: Collection, found: readonly Entry[], update: Update): number {
  const changes = found.map((entry) => ({ entry, before: entry.document, after: update.apply(entry.document, false) }));
  const changed: typeof changes = [];
  try {
    for (const change of changes) {
      if (collection.replace(change.entry, change.after)) changed.push(change);
    }
  } catch (error) {
    for (const { entry, before } of changed.reverse()) collection.replace(entry, before);
    throw error;
  }
  return changed.length;
}

function runDeletes(call: Call): Document {
  const statements = statementsOf(call, 'deletes');
  for (const statement of statements) checkStatement('delete.deletes', statement, DELETE_FIELDS);
  const collection = collectionOf(call, false);
  let n = 0;
  const result = runStatements(statements, isOrdered(call), (statement) => {
    checkHint(collection, statement.hint);
    const limit = isBsonNumber(statement.limit) ? toNumber(statement.limit) : NaN;
    if (limit !== 0 && limit !== 1) throw new CommandError(9, 'The limit field in delete objects must be 0 or 1.');
    const found = collection.find(documentField(statement, 'q') ?? {}, { limit });
    for (const entry of found) collection.delete(entry);
    n += found.length;
  });
  return { n, ...result };
}

function runFindAndModify(call: Call): Document {
  const { body } = call;
  const filter = documentField(body, 'query') ?? {};
  const sort = documentField(body, 'sort');
  const remove = flagField(body, 'remove');
  const returnNew = flagField(body, 'new');
  const upsert = flagField(body, 'upsert');
  if (remove === (body.update !== undefined)) {
    throw new CommandError(
      9,
      remove ? 'Cannot specify both an update and remove=true' : 'Either an update or remove=true must be specified',
    );
  }
  if (remove && (upsert || returnNew)) {
    throw new CommandError(9, `Cannot specify both ${upsert ? 'upsert' : 'new'}=true and remove=true`);
  }
  const project = compileProjection(documentField(body, 'fields') ?? {}, filter);
  const update = remove ? undefined : updateOf(body.update, filter, body);
  const collection = collectionOf(call, upsert);
  checkHint(collection, body.hint);
  const [entry] = collection.find(filter, { limit: 1, ...(sort ? { sort } : {}) });

  // What may fail comes before the write: the reply's value too.
  if (!entry) {
    if (!update || !upsert) {
      return { lastErrorObject: { n: 0, ...(remove ? {} : { updatedExisting: false }) }, value: null };
    }
    const document = upsertedDocument(filter, update);
    const value = returnNew ? project(document) : null;
    collection.insert(document);
    return { lastErrorObject: { n: 1, updatedExisting: false, upserted: document._id }, value };
  }
  const before = entry.document;
  if (!update) {
    const value = project(before);
    collection.delete(entry);
    return { lastErrorObject: { n: 1 }, value };
  }
  const after = update.apply(before, false);
  const value = project(returnNew ? after : before);
  collection.replace(entry, after);
  return { lastErrorObject: { n: 1, updatedExisting: true }, value };
}

function updateOf(update: unknown, filter: Document, statement: Document): Update {
  const arrayFilters = 'arrayFilters' in statement ? documentsField(statement, 'arrayFilters') : [];
  return compileUpdate(update, { filter, arrayFilters });
}

/** The collection; where there is none, a new one that stays only if the write may insert. */
function collectionOf(call: Call, inserts: boolean): Collection {
  const { server, database } = call;
  const name = collectionName(call);
  if (inserts) return server.catalog.getOrCreate(database, name);
  return server.catalog.get(database, name) ?? new Collection(`${database}.${name}`);
}

function statementsOf({ body }: Call, field: string): readonly Document[] {
  const statements = documentsField(body, field);
  if (statements.length === 0)
    throw new CommandError(2, 'Write batch sizes must be between 1 and 100000. Got 0 operations.');
  return statements;
}

function isOrdered({ body }: Call): boolean {
  return body.ordered === undefined || flagField(body, 'ordered');
}

function checkStatement(name: string, statement: Document, fields: readonly string[]): void {
  const unknown = Object.keys(statement).find((field) => !fields.includes(field));
  if (unknown === 'collation') throw optionNotSupported(unknown);
  if (unknown !== undefined) throw new CommandError(40415, `BSON field '${name}.${unknown}' is an unknown field.`);
}

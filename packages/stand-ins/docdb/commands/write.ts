import { CommandError, optionNotSupported } from '../errors';
import { compileProjection } from '../query/projection';
import { Collection } from '../storage/collection';
import type { Entry } from '../storage/entry';
import { compileUpdate, type Update } from '../update/update';
import { upsertedDocument, withId } from '../update/upsert';
import type { Document } from '../values/document';
import { isBsonNumber, toNumber } from '../values/number';
import {
  type Call,
  type Command,
  checkFields,
  collectionName,
  documentField,
  documentsField,
  flagField,
} from './command';
import { checkHint } from './reading';
import { runStatements } from './reply';

const UPDATE_FIELDS: readonly string[] = ['q', 'u', 'multi', 'upsert', 'hint'];
const DELETE_FIELDS: readonly string[] = ['q', 'limit', 'hint'];

const findAndModify: Command = {
  fields: ['query', 'sort', 'remove', 'update', 'new', 'fields', 'upsert', 'hint'],
  run: runFindAndModify,
};

/** Commands that write. Each statement of them is atomic, and in Amazon DocumentDB also one that changes several documents. */
export const writeCommands: Readonly<Record<string, Command>> = {
  insert: {
    fields: ['documents', 'ordered'],
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
  update: { fields: ['updates', 'ordered'], run: runUpdates },
  delete: { fields: ['deletes', 'ordered'], run: runDeletes },
  findAndModify,
  findandmodify: findAndModify,
};

function runUpdates(call: Call): Document {
  const statements = statementsOf(call, 'updates');
  for (const statement of statements) checkFields('update.updates', UPDATE_FIELDS, statement);
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
    const update = compileUpdate(statement.u, 'u');
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
  for (const statement of statements) checkFields('delete.deletes', DELETE_FIELDS, statement);
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
  const returnNew = flagField(body, 'new');
  const upsert = flagField(body, 'upsert');
  if (flagField(body, 'remove')) throw optionNotSupported('remove');
  if (body.update === undefined) throw new CommandError(9, 'Either an update or remove=true must be specified');
  const project = compileProjection(documentField(body, 'fields') ?? {});
  const update = compileUpdate(body.update, 'update');
  const collection = collectionOf(call, upsert);
  checkHint(collection, body.hint);
  const [entry] = collection.find(filter, { limit: 1, ...(sort ? { sort } : {}) });

  // What may fail comes before the write: the reply's value too.
  if (!entry) {
    if (!upsert) return { lastErrorObject: { n: 0, updatedExisting: false }, value: null };
    const document = upsertedDocument(filter, update);
    const value = returnNew ? project(document) : null;
    collection.insert(document);
    return { lastErrorObject: { n: 1, updatedExisting: false, upserted: document._id }, value };
  }
  const before = entry.document;
  const after = update.apply(before, false);
  const value = project(returnNew ? after : before);
  collection.replace(entry, after);
  return { lastErrorObject: { n: 1, updatedExisting: true }, value };
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

import { CommandError } from '../errors';
import { compileProjection } from '../query/projection';
import { valuesAt } from '../query/path';
import type { FindOptions } from '../storage/collection';
import type { Document } from '../values/document';
import { valueKey } from '../values/order';
import { aggregate } from './aggregate';
import {
  type Call,
  type Command,
  collectionName,
  documentField,
  documentsField,
  flagField,
  numberField,
  stringField,
} from './command';
import { checkHint } from './hint';
import { batchReply } from './reply';

const UNSUPPORTED_FIND = [
  'collation',
  'let',
  'tailable',
  'awaitData',
  'min',
  'max',
  'returnKey',
  'showRecordId',
  'oplogReplay',
  'noCursorTimeout', // Amazon DocumentDB hasn't it either
];

/** Commands that read. */
export const readCommands: Readonly<Record<string, Command>> = {
  find: {
    fields: [
      'filter',
      'sort',
      'projection',
      'hint',
      'skip',
      'limit',
      'batchSize',
      'singleBatch',
      'allowPartialResults',
      'allowDiskUse',
    ],
    unsupported: UNSUPPORTED_FIND,
    run: find,
  },
  getMore: {
    fields: ['collection', 'batchSize'],
    run: ({ server: { cursors }, database, argument, body }) => {
      const namespace = `${database}.${stringField(body, 'collection')}`;
      const id = cursorId(argument);
      return batchReply('nextBatch', namespace, cursors.more(id, namespace, numberField(body, 'batchSize')));
    },
  },
  killCursors: {
    fields: ['cursors'],
    run: (call) => {
      const { server, database, body } = call;
      const namespace = `${database}.${collectionName(call)}`;
      const ids = Array.isArray(body.cursors) ? (body.cursors as unknown[]).map(cursorId) : [];
      const cursorsKilled = ids.filter((id) => server.cursors.kill(id, namespace));
      const cursorsNotFound = ids.filter((id) => !cursorsKilled.includes(id));
      return { cursorsKilled, cursorsNotFound, cursorsAlive: [], cursorsUnknown: [] };
    },
  },
  count: {
    fields: ['query', 'limit', 'skip', 'hint'],
    unsupported: ['collation'],
    run: (call) => {
      const filter = documentField(call.body, 'query') ?? {};
      const collection = collectionOf(call);
      checkHint(collection, call.body.hint);
      return { n: collection?.find(filter, findOptions(call.body)).length ?? 0 };
    },
  },
  distinct: {
    fields: ['key', 'query'],
    unsupported: ['collation', 'hint'],
    run: (call) => {
      const path = stringField(call.body, 'key');
      const found = collectionOf(call)?.find(documentField(call.body, 'query') ?? {}) ?? [];
      const values = found
        .flatMap(({ document }) => valuesAt(document, path))
        .flatMap((value) => (Array.isArray(value) ? (value as unknown[]) : [value]))
        .filter((value) => value !== undefined);
      return { values: [...new Map(values.map((value) => [valueKey(value), value])).values()] };
    },
  },
  aggregate: {
    fields: ['pipeline', 'cursor', 'hint', 'allowDiskUse', 'batchSize', 'bypassDocumentValidation'],
    unsupported: ['collation', 'let', 'explain'],
    run: (call) => {
      const { server, database, body } = call;
      const name = collectionName(call);
      const collection = server.catalog.get(database, name);
      checkHint(collection, body.hint);
      const documents = aggregate(collection, documentsField(body, 'pipeline'), (other) =>
        server.catalog.get(database, other),
      );
      const batchSize = numberField(documentField(body, 'cursor') ?? {}, 'batchSize');
      const namespace = `${database}.${name}`;
      return batchReply(
        'firstBatch',
        namespace,
        server.cursors.start(namespace, documents, batchSize === undefined ? {} : { batchSize }),
      );
    },
  },
};

function find(call: Call): Document {
  const { server, database, body } = call;
  const namespace = `${database}.${collectionName(call)}`;
  const filter = documentField(body, 'filter') ?? {};
  const project = compileProjection(documentField(body, 'projection') ?? {}, filter);
  const collection = collectionOf(call);
  checkHint(collection, body.hint);
  const found = collection?.find(filter, findOptions(body)) ?? [];
  const batchSize = numberField(body, 'batchSize');
  const batch = server.cursors.start(
    namespace,
    found.map(({ document }) => project(document)),
    { singleBatch: flagField(body, 'singleBatch'), ...(batchSize === undefined ? {} : { batchSize }) },
  );
  return batchReply('firstBatch', namespace, batch);
}

function collectionOf(call: Call): ReturnType<Call['server']['catalog']['get']> {
  return call.server.catalog.get(call.database, collectionName(call));
}

function findOptions(body: Document): FindOptions {
  const sort = documentField(body, 'sort');
  return { skip: numberField(body, 'skip') ?? 0, limit: numberField(body, 'limit') ?? 0, ...(sort ? { sort } : {}) };
}

function cursorId(value: unknown): bigint {
  if (typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value))) return BigInt(value);
  throw new CommandError(14, "BSON field 'getMore' is the wrong type, expected type 'long'");
}

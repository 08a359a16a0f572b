import { CommandError } from '../errors';
import { compileProjection } from '../query/projection';
import type { FindOptions } from '../storage/collection';
import type { Document } from '../values/document';
import { aggregateCommand } from './aggregate';
import { type Command, collectionName, documentField, flagField, numberField, stringField } from './command';
import { firstBatch, found } from './reading';

/** Commands that read. */
export const readCommands: Readonly<Record<string, Command>> = {
  find: {
    fields: ['filter', 'sort', 'projection', 'hint', 'skip', 'limit', 'batchSize', 'singleBatch'],
    run: (call) => {
      const { body } = call;
      const project = compileProjection(documentField(body, 'projection') ?? {});
      const documents = found(call, documentField(body, 'filter') ?? {}, findOptions(body)).map(project);
      const options = { batchSize: numberField(body, 'batchSize'), singleBatch: flagField(body, 'singleBatch') };
      return firstBatch(call, `${call.database}.${collectionName(call)}`, documents, options);
    },
  },
  getMore: {
    fields: ['collection', 'batchSize'],
    run: ({ server: { cursors }, database, argument, body }) => {
      const namespace = `${database}.${stringField(body, 'collection')}`;
      const { id, documents } = cursors.more(cursorId(argument), namespace, numberField(body, 'batchSize'));
      return { cursor: { nextBatch: documents, id, ns: namespace } };
    },
  },
  killCursors: {
    fields: ['cursors'],
    run: (call) => {
      const { server, database, body } = call;
      const namespace = `${database}.${collectionName(call)}`;
      const ids = Array.isArray(body.cursors) ? (body.cursors as unknown[]).map(cursorId) : [];
      return { cursorsKilled: ids.filter((id) => server.cursors.kill(id, namespace)) };
    },
  },
  count: {
    fields: ['query', 'limit', 'skip', 'hint'],
    run: (call) => ({ n: found(call, documentField(call.body, 'query') ?? {}, findOptions(call.body)).length }),
  },
  aggregate: aggregateCommand,
};

function findOptions(body: Document): FindOptions {
  const sort = documentField(body, 'sort');
  return { skip: numberField(body, 'skip') ?? 0, limit: numberField(body, 'limit') ?? 0, ...(sort ? { sort } : {}) };
}

function cursorId(value: unknown): bigint {
  if (typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value))) return BigInt(value);
  throw new CommandError(14, "BSON field 'getMore' is the wrong type, expected type 'long'");
}

import { compileProjection } from '../query/projection';
import type { FindOptions } from '../storage/collection';
import type { Document } from '../values/document';
import { aggregateCommand } from './aggregate';
import { type Command, collectionName, documentField, numberField } from './command';
import { firstBatch, found } from './reading';

/** Commands that read. `batchSize` and `singleBatch` change nothing: all documents are in the first batch. */
export const readCommands: Readonly<Record<string, Command>> = {
  find: {
    fields: ['filter', 'sort', 'projection', 'hint', 'skip', 'limit', 'batchSize', 'singleBatch'],
    run: (call) => {
      const { body } = call;
      const project = compileProjection(documentField(body, 'projection') ?? {});
      const documents = found(call, documentField(body, 'filter') ?? {}, findOptions(body)).map(project);
      return firstBatch(`${call.database}.${collectionName(call)}`, documents);
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

import { CommandError } from '../errors';
import { compileFilter } from '../query/filter';
import type { Document } from '../values/document';
import { type Command, collectionName, documentField, flagField } from './command';
import { firstBatch } from './reading';

/** Commands about databases and collections. */
export const catalogCommands: Readonly<Record<string, Command>> = {
  listDatabases: {
    fields: ['filter', 'nameOnly', 'authorizedDatabases'],
    run: ({ server: { catalog }, body }) => {
      const matches = compileFilter(documentField(body, 'filter') ?? {});
      const databases = catalog
        .databaseNames()
        .map((name): Document => ({ name, sizeOnDisk: 0, empty: false }))
        .filter(matches);
      if (flagField(body, 'nameOnly')) return { databases: databases.map(({ name }) => ({ name })) };
      return { databases, totalSize: 0, totalSizeMb: 0 };
    },
  },
  listCollections: {
    fields: ['filter', 'nameOnly', 'authorizedCollections', 'cursor'],
    run: (call) => {
      const { server, database, body } = call;
      const matches = compileFilter(documentField(body, 'filter') ?? {});
      const collections = [...server.catalog.collections(database).keys()]
        .map((name): Document => ({ name, type: 'collection', options: {}, info: { readOnly: false } }))
        .filter(matches)
        .map((found) => (flagField(body, 'nameOnly') ? { name: found.name, type: found.type } : found));
      return firstBatch(`${database}.$cmd.listCollections`, collections);
    },
  },
  create: {
    fields: [],
    run: (call) => {
      const { server, database } = call;
      const name = collectionName(call);
      if (server.catalog.get(database, name)) {
        throw new CommandError(48, `Collection already exists. NS: ${database}.${name}`);
      }
      server.catalog.getOrCreate(database, name);
      return {};
    },
  },
  drop: {
    fields: [],
    run: (call) => {
      const { server, database } = call;
      const name = collectionName(call);
      const collection = server.catalog.get(database, name);
      if (!collection) throw new CommandError(26, 'ns not found');
      server.catalog.drop(database, name);
      return { nIndexesWas: collection.indexes.length, ns: collection.namespace };
    },
  },
  dropDatabase: {
    fields: [],
    run: ({ server, database }) => {
      server.catalog.dropDatabase(database);
      return { dropped: database };
    },
  },
};

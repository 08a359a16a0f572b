import type { MeasuredServer } from '../../compare/report';
import type { StoreName } from '../../local/store-modules';
import { namedServers } from '../test-stores/find-servers';

/** What `npm start` embeds. */
const EMBEDDED: Readonly<Record<StoreName, MeasuredServer>> = {
  dynamo: { name: 'dynalite, embedded', kind: 'emulator' },
  redis: { name: 'stand-in for Redis', kind: 'stand-in' },
  momento: { name: 'stand-in for Momento', kind: 'stand-in' },
  docdb: { name: 'stand-in for DocumentDB', kind: 'stand-in' },
  tidb: { name: 'stand-in for TiDB', kind: 'stand-in' },
};

/** Services that nobody else runs: what answers at a URL emulates them. */
const SERVICES: readonly StoreName[] = ['dynamo', 'momento', 'docdb'];

/**
 * What stands behind the names of stores.
 *
 * @param problems gets a line for each part of a URL that can't be used, and for each server that doesn't answer
 */
export async function measuredServers(
  stores: readonly StoreName[],
  urls: Readonly<Record<string, string | undefined>>,
  problems: string[],
): Promise<Record<string, MeasuredServer>> {
  const named = await namedServers(stores, urls, problems);
  return Object.fromEntries(
    stores.map((store): [string, MeasuredServer] => {
      const server = named[store];
      if (server === undefined) return [store, EMBEDDED[store]];
      return [store, { name: server.is, kind: SERVICES.includes(store) ? 'emulator' : 'server' }];
    }),
  );
}

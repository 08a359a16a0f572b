import type { EmbeddedStore, EmbeddedStoreOptions } from '../embedded-store';
import { startLoopbackListener } from '../loopback-listener';
import { Catalog } from './storage/catalog';
import { Connection } from './wire/connection';

/**
 * Starts an embedded stand-in for TiDB: it speaks MySQL's protocol on 127.0.0.1 and interprets the SQL that it is sent,
 * in memory. What it doesn't carry out it refuses with error 1235 naming it.
 *
 * @param options.port on loopback
 * @throws Error `EADDRINUSE` when the port is taken
 */
export async function startTidb({ port = 0 }: EmbeddedStoreOptions = {}): Promise<EmbeddedStore> {
  const catalog = new Catalog();
  let nextConnectionId = 1;
  const listener = await startLoopbackListener({
    port,
    onConnection: (socket) => {
      new Connection(socket, catalog, nextConnectionId++);
    },
  });
  return { ...listener, close: () => listener.stop() };
}

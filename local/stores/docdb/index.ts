import type { EmbeddedStore, EmbeddedStoreOptions } from '../embedded-store';
import type { Server, Session } from './commands/command';
import { execute } from './commands/execute';
import { type Credentials, Scram } from './commands/scram';
import { startLoopbackListener } from '../loopback-listener';
import { Catalog } from './storage/catalog';
import { Cursors } from './storage/cursors';
import { serveConnection } from './wire/connection';

export interface DocdbOptions extends EmbeddedStoreOptions {
  /**
   * The user that clients have to authenticate as, by SCRAM-SHA-1 or SCRAM-SHA-256.
   *
   * @default - nobody has to, or can
   */
  readonly credentials?: Credentials;
}

/**
 * The embedded DocumentDB: one primary of the replica set `rs0` that speaks MongoDB's wire protocol, in memory.
 *
 * @throws the listener's error, such as EADDRINUSE
 */
export async function startDocdb({ port = 0, credentials }: DocdbOptions = {}): Promise<EmbeddedStore> {
  const catalog = new Catalog();
  const cursors = new Cursors();
  const scram = credentials && new Scram(credentials);
  let address = '';
  let lastConnection = 0;
  const listener = await startLoopbackListener({
    port,
    onConnection: (socket) => {
      const server: Server = { catalog, cursors, scram, address };
      const session: Session = { id: ++lastConnection, authenticated: false };
      serveConnection(socket, (body) => execute(server, session, body));
    },
  });
  address = `127.0.0.1:${listener.port}`;
  return {
    port: listener.port,
    stop: () => listener.stop(),
    start: () => listener.start(),
    close: () => listener.stop(),
  };
}

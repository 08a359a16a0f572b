import { type EmbeddedStore, type EmbeddedStoreOptions, fileIn } from 'template-runtime/worker';
import { type Journal, openJournal } from 'template-runtime/journal';
import type { Server, Session } from './commands/command';
import { execute } from './commands/execute';
import { type Credentials, Scram } from './commands/scram';
import { startLoopbackListener } from 'template-runtime/http';
import { Catalog } from './storage/catalog';
import { type CommandRecord, toRecord } from './storage/change-record';
import { KEPT_STATE, KeptCatalog } from './storage/kept-catalog';
import { serveConnection } from './wire/connection';

export { type Document, readDocument } from './values/document';
export { messageLength, readRequest, type Request, writeReply } from './wire/message';

export interface DocdbOptions extends EmbeddedStoreOptions {
  /**
   * The user that clients have to authenticate as, by SCRAM-SHA-256.
   *
   * @default - nobody has to, or can
   */
  readonly credentials?: Credentials;
}

/**
 * The embedded DocumentDB: one primary of the replica set `rs0` that speaks MongoDB's wire protocol, and carries out the
 * commands of README.md.
 *
 * @throws the listener's error, such as EADDRINUSE, and the journal's
 */
export async function startDocdb(options: DocdbOptions = {}): Promise<EmbeddedStore> {
  const { port = 0, credentials, dataDirectory } = options;
  let changes: CommandRecord[number][] | undefined;
  const catalog: Catalog = new Catalog((change) => changes?.push(toRecord(change)));
  const journal = openKept(catalog, fileIn(dataDirectory, 'docdb.journal'));
  if (dataDirectory !== undefined) changes = [];
  /** Keeps what a command has changed, before anybody learns of it. */
  const keep = (): void => {
    if (changes === undefined || changes.length === 0) return;
    journal.append(changes);
    changes = [];
    journal.flush();
  };
  const scram = credentials && new Scram(credentials);
  let address = '';
  let lastConnection = 0;
  const listener = await startLoopbackListener({
    port,
    onConnection: (socket) => {
      const server: Server = { catalog, scram, address };
      const session: Session = { id: ++lastConnection, authenticated: false };
      serveConnection(socket, (body) => {
        const reply = execute(server, session, body);
        keep();
        return reply;
      });
    },
  });
  address = `127.0.0.1:${listener.port}`;
  return {
    port: listener.port,
    stop: () => listener.stop(),
    start: () => listener.start(),
    close: async () => {
      await listener.stop();
      await journal.close();
    },
  };
}

/** Opens the journal, with what it tells in the catalog. On its own, so that nothing else holds what the journal told. */
function openKept(catalog: Catalog, file: string | undefined): Journal<CommandRecord> {
  const kept = new KeptCatalog();
  const journal = openJournal<CommandRecord>({ file, replay: (record) => kept.replay(record), state: KEPT_STATE });
  catalog.load(kept);
  return journal;
}

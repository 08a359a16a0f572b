import { type EmbeddedStore, type EmbeddedStoreOptions, fileIn } from 'template-runtime/worker';
import { openJournal } from 'template-runtime/journal';
import { startLoopbackListener } from 'template-runtime/http';
import { Database } from './database';
import { type CommitRecord, KEPT_STATE, recordChanges, replayCommit } from './records';
import { Connection } from './wire/connection';

/**
 * Starts an embedded stand-in for TiDB: it speaks MySQL's protocol on 127.0.0.1 and carries out the SQL that it is sent on
 * tables in memory. What it doesn't carry out it refuses with error 1235 naming it; README.md has the list.
 *
 * @param options.port on loopback
 * @throws Error `EADDRINUSE` when the port is taken, and the journal's
 */
export async function startTidb({ port = 0, dataDirectory }: EmbeddedStoreOptions = {}): Promise<EmbeddedStore> {
  const database = new Database();
  const journal = openJournal<CommitRecord>({
    file: fileIn(dataDirectory, 'tidb.journal'),
    replay: (record) => replayCommit(database, record),
    state: KEPT_STATE,
  });
  if (dataDirectory !== undefined) recordChanges(database, (record) => journal.append(record));
  let nextConnectionId = 1;
  const listener = await startLoopbackListener({
    port,
    onConnection: (socket) => {
      new Connection(socket, database, nextConnectionId++, () => journal.flush());
    },
  });
  return {
    ...listener,
    close: async () => {
      await listener.stop();
      await journal.close();
    },
  };
}

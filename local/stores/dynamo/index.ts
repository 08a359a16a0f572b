import { createServer } from 'node:http';
import dynalite from 'dynalite';
import { type EmbeddedStore, type EmbeddedStoreOptions, fileIn } from '../embedded-store';
import { startLoopbackListener } from '../loopback-listener';
import { endCutChanges } from './cut-changes';

/**
 * The embedded DynamoDB: `dynalite`, in memory or in a folder of LevelDB. That hands each write to the operating system
 * before it is answered.
 *
 * A folder is let go when the store's thread ends.
 *
 * @throws the listener's error, such as EADDRINUSE, or one naming the folder
 */
export async function startDynamo({ port = 0, dataDirectory }: EmbeddedStoreOptions = {}): Promise<EmbeddedStore> {
  const folder = fileIn(dataDirectory, 'dynamo');
  if (folder !== undefined) await endCutChanges(folder);
  const dynamo = dynalite({
    createTableMs: 0,
    deleteTableMs: 0,
    updateTableMs: 0,
    ...(folder !== undefined && { path: folder }),
  });
  // dynalite drops its data when its own server closes, so that one never listens.
  const server = createServer(
    { keepAliveTimeout: 0 }, // a client that sends while its idle connection is being closed can't tell what became of it
    (request, response) => dynamo.emit('request', request, response),
  );
  const listener = await startLoopbackListener({ port, onConnection: (socket) => server.emit('connection', socket) });
  return { ...listener, close: () => listener.stop() };
}

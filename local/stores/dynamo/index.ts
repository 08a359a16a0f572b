import { createServer } from 'node:http';
import dynalite from 'dynalite';
import type { EmbeddedStore, EmbeddedStoreOptions } from '../embedded-store';
import { startLoopbackListener } from '../loopback-listener';

/**
 * The embedded DynamoDB: `dynalite`, in memory.
 *
 * @throws the listener's error, such as EADDRINUSE
 */
export async function startDynamo({ port = 0 }: EmbeddedStoreOptions = {}): Promise<EmbeddedStore> {
  const dynamo = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  // dynalite drops its data when its own server closes, so that one never listens.
  const server = createServer((request, response) => dynamo.emit('request', request, response));
  const listener = await startLoopbackListener({ port, onConnection: (socket) => server.emit('connection', socket) });
  return { ...listener, close: () => listener.stop() };
}

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import dynalite from 'dynalite';
import type { EmbeddedStore, EmbeddedStoreOptions } from '../embedded-store';

/**
 * The embedded DynamoDB: `dynalite`, in memory.
 *
 * @throws the listener's error, such as EADDRINUSE
 */
export async function startDynamo({ port = 0 }: EmbeddedStoreOptions = {}): Promise<EmbeddedStore> {
  const dynamo = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  // dynalite drops its data when its own server closes, so it never listens itself.
  const server = createServer((request, response) => dynamo.emit('request', request, response));
  const listen = (onPort: number): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(onPort, '127.0.0.1', () => {
        server.off('error', reject);
        resolve();
      });
    });
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      if (!server.listening) return resolve();
      server.close(() => resolve());
      server.closeAllConnections();
    });

  await listen(port);
  const address = server.address() as AddressInfo;
  return {
    port: address.port,
    stop,
    start: () => (server.listening ? Promise.resolve() : listen(address.port)),
    close: stop,
  };
}

import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { EmbeddedStore, EmbeddedStoreOptions } from '../../worker/embedded-store';

/**
 * The smallest store: it sends back what it gets, prefixed with how often it was asked; `crash` ends its thread by an
 * error.
 */
export async function startEcho({ port = 0 }: EmbeddedStoreOptions = {}): Promise<EmbeddedStore> {
  let asked = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (bytes) => {
      const text = bytes.toString();
      if (text === 'crash') throw new RangeError('asked to crash');
      asked += 1;
      socket.write(`${asked}:${text}`);
    });
  });
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
      for (const socket of sockets) socket.destroy();
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

/** A store that can't start. */
export function startBroken(): Promise<EmbeddedStore> {
  return Promise.reject(new TypeError('no such store'));
}

import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { EmbeddedStore, EmbeddedStoreOptions } from '../embedded-store';
import { serveConnection } from './connection';
import { COMMANDS, findCall } from './commands/registry';
import { RedisServer } from './redis-server';

/** How often keys that have expired unnoticed are freed. */
const EVICTION_INTERVAL_MS = 1000;

/**
 * The embedded Redis, in memory: strings, hashes, sorted sets, transactions and Lua scripts over RESP2 and RESP3, with
 * the answers of Redis 7.0. Any other command gets Redis' own "unknown command".
 *
 * @throws the listener's error, such as EADDRINUSE
 */
export async function startRedis({ port = 0 }: EmbeddedStoreOptions = {}): Promise<EmbeddedStore> {
  const redis = new RedisServer(() => Date.now(), COMMANDS, findCall);
  const sockets = new Set<Socket>();
  const listener = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    serveConnection(redis, socket);
  });
  const listen = (onPort: number): Promise<void> =>
    new Promise((resolve, reject) => {
      listener.once('error', reject);
      listener.listen(onPort, '127.0.0.1', () => {
        listener.off('error', reject);
        resolve();
      });
    });
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      if (!listener.listening) return resolve();
      listener.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });

  await listen(port);
  const address = listener.address() as AddressInfo;
  const eviction = setInterval(() => redis.evictExpired(), EVICTION_INTERVAL_MS).unref();
  return {
    port: address.port,
    stop,
    start: () => (listener.listening ? Promise.resolve() : listen(address.port)),
    close: async () => {
      clearInterval(eviction);
      await stop();
    },
  };
}

import type { EmbeddedStore, EmbeddedStoreOptions } from '../embedded-store';
import { startLoopbackListener } from '../loopback-listener';
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
  const listener = await startLoopbackListener({ port, onConnection: (socket) => serveConnection(redis, socket) });
  const eviction = setInterval(() => redis.evictExpired(), EVICTION_INTERVAL_MS).unref();
  return {
    ...listener,
    close: async () => {
      clearInterval(eviction);
      await listener.stop();
    },
  };
}

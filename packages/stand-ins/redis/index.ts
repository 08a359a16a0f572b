import { type EmbeddedStore, type EmbeddedStoreOptions, fileIn } from 'template-runtime/worker';
import { openJournal } from 'template-runtime/journal';
import { startLoopbackListener } from 'template-runtime/http';
import { serveConnection } from './connection';
import { KEPT_STATE, replayWrites } from './kept-writes';
import { RedisServer, type WriteRecord } from './redis-server';

/** How often some of the keys that have expired unnoticed are freed: as often as Redis does it (its `hz`). */
const EVICTION_INTERVAL_MS = 100;

/**
 * The embedded Redis: the commands of README.md over RESP2, with the answers of Redis 7.0. Any other command gets Redis' own
 * "unknown command".
 *
 * @throws the listener's error, such as EADDRINUSE, and the journal's
 */
export async function startRedis({ port = 0, dataDirectory }: EmbeddedStoreOptions = {}): Promise<EmbeddedStore> {
  const redis = new RedisServer(() => Date.now());
  const journal = openJournal<WriteRecord>({
    file: fileIn(dataDirectory, 'redis.journal'),
    replay: (record) => replayWrites(redis, record),
    state: KEPT_STATE,
  });
  if (dataDirectory !== undefined) redis.journal = journal;
  const listener = await startLoopbackListener({ port, onConnection: (socket) => serveConnection(redis, socket) });
  const eviction = setInterval(() => redis.evictExpired(), EVICTION_INTERVAL_MS).unref();
  return {
    ...listener,
    close: async () => {
      clearInterval(eviction);
      await listener.stop();
      await journal.close();
    },
  };
}

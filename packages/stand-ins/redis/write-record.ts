import { carryOut } from './commands/command';
import type { Value } from './keyspace';
import { formatGeneral } from './numbers';
import type { RedisServer } from './redis-server';
import { selectDatabase } from './session';

/**
 * A call that changed data: when it ran, in milliseconds since 1970, in which database, and its words. Every command gives
 * the same result for the same data at the same time, so carrying the calls out again makes the same data.
 */
export type WrittenCall = readonly [at: number, database: number, ...words: string[]];

/** What one request wrote. */
export type WriteRecord = readonly WrittenCall[];

/** Carries out again what a request wrote. */
export function replayWrites(server: RedisServer, record: WriteRecord): void {
  const session = server.openSession('');
  for (const [at, database, ...words] of record) {
    selectDatabase(session, database);
    server.atTime(at, () => carryOut(session, server.findCall(words)));
  }
  server.closeSession(session);
}

/** Calls that make the present data out of nothing, as Redis' own append-only file is rewritten. */
export function* writesOfAll(server: RedisServer): Generator<WriteRecord> {
  const now = server.now();
  for (const [database, keys] of server.databases.entries()) {
    for (const key of keys.keys()) {
      const value = keys.get(key);
      if (value === undefined) continue;
      const expiry = keys.expiry(key);
      const written: WrittenCall = [now, database, ...writeOf(key, value)];
      yield expiry === undefined ? [written] : [written, [now, database, 'PEXPIREAT', key, String(expiry)]];
    }
  }
}

function writeOf(key: string, value: Value): string[] {
  if (typeof value === 'string') return ['SET', key, value];
  if (value instanceof Map) return ['HSET', key, ...[...value].flat()];
  return ['ZADD', key, ...value.members().flatMap(({ member, score }) => [formatGeneral(score, 17), member])];
}

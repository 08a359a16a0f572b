import { inGroups, type JournaledState, type StateModule } from 'template-runtime/journal';
import { compiledModule } from 'template-runtime/worker';
import { execute } from './commands/call';
import { selectDatabase } from './commands/command';
import { openSession } from './commands/registry';
import type { Value } from './keyspace';
import { RedisServer, type WriteRecord, type WrittenCall } from './redis-server';
import { CommandError } from './reply';

/**
 * Carries out again what a request wrote.
 *
 * @throws Error naming a call that this server doesn't carry out
 */
export function replayWrites(server: RedisServer, record: WriteRecord): void {
  const session = openSession(server);
  for (const [at, database, ...words] of record) {
    selectDatabase(session, database);
    const { revision } = session.keys;
    const reply = server.atTime(at, () => execute(session, words));
    // One that only noticed that a key had expired may end in an error, now as then.
    if (reply instanceof CommandError && session.keys.revision === revision) {
      throw new Error(`the journal of Redis has a ${words[0]} that can't be carried out: ${reply.message}`);
    }
  }
}

/** For the thread that rewrites the journal. */
export const KEPT_STATE: StateModule = {
  module: compiledModule('redis/kept-writes.js', __dirname),
  make: 'emptyServer',
};

/** A server without data, at a time in milliseconds since 1970. */
export function emptyServer(nowMs: number): JournaledState<WriteRecord> {
  const server = new RedisServer(() => nowMs);
  return { replay: (record) => replayWrites(server, record), snapshot: () => inGroups(writesOfAll(server)) };
}

/** Calls that make the present data out of nothing, as Redis' own append-only file is rewritten. */
function* writesOfAll(server: RedisServer): Generator<WrittenCall> {
  const now = server.now();
  for (const [database, keys] of server.databases.entries()) {
    for (const key of keys.keys()) {
      const value = keys.get(key);
      if (value === undefined) continue;
      const expiry = keys.expiry(key);
      yield [now, database, ...writeOf(key, value)];
      if (expiry !== undefined) yield [now, database, 'PEXPIREAT', key, String(expiry)];
    }
  }
}

function writeOf(key: string, value: Value): string[] {
  return typeof value === 'string' ? ['SET', key, value] : ['HSET', key, ...[...value].flat()];
}

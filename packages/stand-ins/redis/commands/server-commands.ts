import type { RedisServer } from '../redis-server';
import { OK, Status, VerbatimReply, type Reply } from '../reply';
import { REDIS_VERSION } from '../version';
import { syntaxError, type Command, type CommandTable } from './command';

/** The server as a whole: https://redis.io/docs/latest/commands/?group=server */
export const serverCommands: CommandTable = {
  dbsize: { arity: 1, run: ({ keys }) => keys.size },
  flushdb: {
    arity: -1,
    writes: true,
    run: ({ keys }, ...options) => {
      checkFlushOptions(options);
      keys.clear();
      return OK;
    },
  },
  flushall: {
    arity: -1,
    writes: true,
    run: ({ server }, ...options) => {
      checkFlushOptions(options);
      for (const keys of server.databases) keys.clear();
      return OK;
    },
  },
  time: {
    arity: 1,
    run: ({ server }) => {
      const now = server.now();
      return [String(Math.floor(now / 1000)), String((now % 1000) * 1000)];
    },
  },
  info: { arity: -1, run: ({ server }, ...sections) => new VerbatimReply(info(server, sections)) },
  command: { arity: -1, run: ({ server }) => [...server.commands].map(describe) },
  'command|count': { arity: 2, run: ({ server }) => topLevelNames(server).length },
  'command|list': { arity: 2, run: ({ server }) => topLevelNames(server) },
  'command|info': {
    arity: -2,
    run: ({ server }, ...names) => {
      if (names.length === 0) return [...server.commands].map(describe);
      return names.map((name) => {
        const command = server.commands.get(name.toLowerCase());
        return command === undefined ? null : describe([name.toLowerCase(), command]);
      });
    },
  },
};

function checkFlushOptions(options: readonly string[]): void {
  const [option = 'SYNC'] = options;
  if (options.length > 1 || !['SYNC', 'ASYNC'].includes(option.toUpperCase())) throw syntaxError();
}

function topLevelNames(server: RedisServer): string[] {
  return [...new Set([...server.commands.keys()].map((name) => name.replace(/\|.*/, '')))];
}

const NO_KEYS = [0, 0, 0] as const;

/** The first six fields of https://redis.io/docs/latest/commands/command/, which Redis before 7 had. */
function describe([name, { arity, writes, refusedInScripts, keys = NO_KEYS }]: [string, Command]): Reply {
  const flags = [new Status(writes ? 'write' : 'readonly'), ...(refusedInScripts ? [new Status('noscript')] : [])];
  return [name, arity, flags, ...keys];
}

function info(server: RedisServer, wanted: readonly string[]): string {
  const uptimeSeconds = Math.floor((server.now() - server.startedAt) / 1000);
  const sections: Record<string, Record<string, string | number>> = {
    Server: {
      redis_version: REDIS_VERSION,
      redis_mode: 'standalone',
      process_id: process.pid,
      uptime_in_seconds: uptimeSeconds,
    },
    Clients: { connected_clients: server.sessions.size },
    Memory: { maxmemory_policy: 'noeviction' },
    Persistence: { loading: 0 },
    Replication: { role: 'master', connected_slaves: 0 },
    Keyspace: Object.fromEntries(
      server.databases.flatMap((keys, index) =>
        keys.size === 0 ? [] : [[`db${index}`, `keys=${keys.size},expires=${keys.volatileSize},avg_ttl=0`]],
      ),
    ),
  };
  const names = wanted.map((name) => name.toLowerCase());
  const all = names.length === 0 || names.some((name) => ['all', 'default', 'everything'].includes(name));
  return Object.entries(sections)
    .filter(([title]) => all || names.includes(title.toLowerCase()))
    .map(([title, fields]) =>
      [`# ${title}`, ...Object.entries(fields).map(([name, value]) => `${name}:${value}`), ''].join('\r\n'),
    )
    .join('\r\n');
}

import type { RedisServer } from '../redis-server';
import { OK, syntaxError } from '../reply';
import { REDIS_VERSION } from '../version';
import type { CommandTable } from './command';

/** The server as a whole: https://redis.io/docs/latest/commands/?group=server */
export const serverCommands: CommandTable = {
  dbsize: { takes: '', run: ({ keys }) => keys.size },
  flushdb: {
    takes: '[ASYNC | SYNC]',
    writes: true,
    run: ({ keys }, ...options) => {
      checkFlushOptions(options);
      keys.clear();
      return OK;
    },
  },
  flushall: {
    takes: '[ASYNC | SYNC]',
    writes: true,
    run: ({ server }, ...options) => {
      checkFlushOptions(options);
      for (const keys of server.databases) keys.clear();
      return OK;
    },
  },
  time: {
    takes: '',
    run: ({ server }) => {
      const now = server.now();
      return [String(Math.floor(now / 1000)), String((now % 1000) * 1000)];
    },
  },
  info: { takes: '[section ...]', run: ({ server }, ...sections) => info(server, sections) },
  // redis-cli sends this when it starts, for its hints: with an empty list it uses its own.
  'command|docs': { takes: '[command-name ...]', run: () => [] },
};

function checkFlushOptions(options: readonly string[]): void {
  const [option = 'SYNC'] = options;
  if (options.length > 1 || !['SYNC', 'ASYNC'].includes(option.toUpperCase())) throw syntaxError();
}

function info(server: RedisServer, wanted: readonly string[]): string {
  const uptimeSeconds = Math.floor((server.now() - server.startedAt) / 1000);
  const sections: Record<string, Record<string, string | number>> = {
    Server: { redis_version: REDIS_VERSION, redis_mode: 'standalone', uptime_in_seconds: uptimeSeconds },
    Clients: { connected_clients: server.clients },
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

import Redis from 'ioredis';
import { counterHandler } from '../../functions/counter-handler';
import { redisClient } from '../../functions/redis/client';
import { redisCounterStore } from '../../functions/redis/store';
import { pool, tidbClient } from '../../functions/tidb/client';
import { tidbCounterStore } from '../../functions/tidb/store';
import { setUpTidb } from '../../functions/tidb/setup';
import type { FunctionMeasurement, FunctionTarget } from './functions';
import { measurePair } from './measure';

/** The two ways of one store: the function's handler, and the same operation on the bare client. */
interface Ways {
  readonly ours: () => Promise<unknown>;
  readonly bare: () => Promise<unknown>;
  close(): Promise<void>;
}

const LOADS = [
  { clients: 1, calls: 4000 },
  { clients: 32, calls: 20_000 },
];

async function main(target: FunctionTarget): Promise<void> {
  const ways = target.store === 'redis' ? redisWays(target) : await tidbWays(target);
  const measurements: FunctionMeasurement[] = [];
  for (const load of LOADS) {
    measurements.push({ clients: load.clients, ...(await measurePair(ways.ours, ways.bare, load)) });
  }
  await ways.close();
  process.send?.(measurements);
  process.disconnect();
}

const CONTEXT = { awsRequestId: '00000000-0000-4000-8000-000000000000' };

function redisWays({ host, port, user, password }: FunctionTarget): Ways {
  const address = { host, port, ...(user ? { username: user } : {}), ...(password ? { password } : {}) };
  const counters = redisCounterStore(redisClient(() => Promise.resolve(address)));
  const handler = counterHandler({ store: 'redis', counterStore: () => counters });
  const bare = new Redis(address);
  return {
    ours: () => handler({ id: 'bench' }, CONTEXT),
    bare: () => bare.incr('counter:{bare}'),
    close: async () => {
      bare.disconnect();
      await counters.close();
    },
  };
}

async function tidbWays({
  host,
  port,
  user = 'root',
  password = '',
  database = 'bench',
}: FunctionTarget): Promise<Ways> {
  const options = { host, port, user, password };
  await setUpTidb({ database, options });
  const counters = tidbCounterStore(tidbClient(() => Promise.resolve({ database, options })));
  const handler = counterHandler({ store: 'tidb', counterStore: () => counters });
  const bare = pool({ ...options, database });
  const sql =
    'INSERT INTO counters (counter_id, counter_value) VALUES (?, LAST_INSERT_ID(1)) ON DUPLICATE KEY UPDATE ' +
    'counter_value = IF(counter_value < ?, LAST_INSERT_ID(counter_value + 1), counter_value)';
  return {
    ours: () => handler({ id: 'bench' }, CONTEXT),
    bare: () => bare.execute(sql, ['bare', '9007199254740991']),
    close: async () => {
      await bare.end();
      await counters.close();
    },
  };
}

main(JSON.parse(process.argv[2] ?? '{}') as FunctionTarget).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});

import type Redis from 'ioredis';
import { type CounterStore, MAX_COUNTER, type Operation } from '../counter-store';
import type { SharedClient } from '../shared-client';
import { withSteps } from '../steps';
import { isConnectionLost, redisErrors, translateRedisError } from './errors';
import { increment, incrementBelow } from './increment';
import { incrementKeyed } from './keyed';
import { readCounter } from './read';
import { whileListening } from './silence';

/**
 * Counters in Redis, each a string of digits under `counter:{id}`, with its idempotency keys under names that begin like
 * that. The braces are part of the key: in a cluster they keep all keys of a counter on one server, so that a script
 * may use several.
 */
export function redisCounterStore(client: SharedClient<Redis>): CounterStore {
  const send = <Answer>(operation: Operation, command: (redis: Redis) => Promise<Answer>): Promise<Answer> =>
    client.use(async (redis) => {
      try {
        sendTogether(redis);
        return await whileListening(redis, () => command(redis));
      } catch (error) {
        if (isConnectionLost(error)) client.retire(redis);
        throw translateRedisError(error, operation);
      }
    });

  const store: CounterStore = {
    increment: (id, { max, by = 1 } = {}) =>
      send('increment', (redis) =>
        max === undefined && by === 1
          ? increment(redis, keyOf(id))
          : incrementBelow(redis, keyOf(id), Number(max ?? MAX_COUNTER), by),
      ),
    incrementKeyed: (id, keyed) => send('increment', (redis) => incrementKeyed(redis, keyOf(id), keyed)),
    read: (id) => send('read', (redis) => readCounter(redis, keyOf(id))),
    close: () => client.close(),
  };
  return withSteps(store, redisErrors);
}

const keyOf = (id: string): string => `counter:{${id}}`;

/**
 * Sends the commands of one turn of the event loop in one write: ioredis makes a system call for each, which is half
 * the cost of a command under load. Its own auto-pipelining would delay a single command.
 */
function sendTogether({ stream }: Redis): void {
  if (stream.writableCorked > 0) return;
  stream.cork();
  process.nextTick(() => stream.uncork());
}

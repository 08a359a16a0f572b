import type Redis from 'ioredis';
import { type CounterStore, MAX_COUNTER, type Operation, type Outcome, UnknownOutcomeError } from '../counter-store';
import type { SharedClient } from '../shared-client';
import { isConnectionLost, isNotANumber, notANumber, translateRedisError } from './errors';
import { readCounter } from './read';
import { whileListening } from './silence';

/**
 * Counters in Redis, a string of digits under `counter:{id}` each. The braces are part of the key: in a cluster they keep
 * all keys of a counter on one server, so that a script may use several.
 *
 * Without a limit an increment is INCR. It alone would pass 2^53−1, beyond which values are no longer exact here; what it
 * then returns is refused and the counter set back. No value beyond 2^53−1 is ever handed out: whoever meets the counter
 * there is refused too, whether or not it has been set back already. INCR would as well count what somebody has set below
 * -(2^53−1), where no counter is: that increment is taken back.
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

  return {
    increment: (id, { max } = {}) =>
      send('increment', (redis) =>
        max === undefined ? increment(redis, keyOf(id)) : incrementBelow(redis, keyOf(id), max),
      ),
    read: (id) => send('read', (redis) => readCounter(redis, keyOf(id))),
    close: () => client.close(),
  };
}

const keyOf = (id: string): string => `counter:{${id}}`;

/**
 * Lets the commands of one turn of the event loop leave in one write: ioredis makes a system call for each, which is half
 * of what a command costs under load. Its own auto-pipelining would delay a command that is alone.
 */
function sendTogether({ stream }: Redis): void {
  if (stream.writableCorked > 0) return;
  stream.cork();
  process.nextTick(() => stream.uncork());
}

async function increment(redis: Redis, key: string): Promise<Outcome> {
  const answer = await redis.incr(key).catch(async (error: unknown) => {
    // In the same words INCR refuses a text and a number that is too large for it: to every store that is at the limit.
    if (isNotANumber(error) && (await isSetBack(redis, key))) return String(MAX_COUNTER + 1);
    throw error;
  });
  const counter = Number(answer); // a text: see the client's stringNumbers
  if (counter <= -MAX_COUNTER) {
    await redis.takeBack(key).catch((error: unknown) => {
      throw new UnknownOutcomeError('redis did not take an increment back', { cause: error });
    });
    throw notANumber();
  }
  if (counter <= MAX_COUNTER) return { status: 'incremented', counter };
  await isSetBack(redis, key);
  return { status: 'limit-reached', counter: MAX_COUNTER };
}

/** Whether the counter stood above the largest value and has been set back. If that fails, the next call does it. */
async function isSetBack(redis: Redis, key: string): Promise<boolean> {
  const isSet = await redis.clamp(key).catch(() => '0');
  return isSet === '1';
}

async function incrementBelow(redis: Redis, key: string, max: string): Promise<Outcome> {
  const [incremented, value] = await redis.incrementBelow(key, max);
  const counter = Number(value);
  if (incremented === '1') return { status: 'incremented', counter };
  return Number.isSafeInteger(counter) ? { status: 'limit-reached', counter } : { status: 'limit-reached' };
}

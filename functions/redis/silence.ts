import type Redis from 'ioredis';
import { COMMAND_TIMEOUT_MS } from '../timeouts';

/** Counts the calls that wait for a connection. */
interface Silence {
  begin(): void;
  end(): void;
}

const silences = new WeakMap<Redis, Silence>();

/**
 * Destroys the connection when calls wait and nothing has arrived for as long as a command may take, and one more turn
 * of the event loop: see `giveUpAfter`. ioredis's own `socketTimeout` destroys it at once, with the answer in it.
 *
 * One timer serves the connection and outlives the calls: a timer per command would cost more than the command itself.
 */
export function watchSilence(redis: Redis): void {
  const { stream } = redis;
  let waiting = 0;
  let turn: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => {
    if (waiting > 0) turn = setImmediate(() => stream.destroy(new Error('redis is silent')));
  }, COMMAND_TIMEOUT_MS).unref();
  const heard = (): void => {
    clearImmediate(turn);
    timer.refresh();
  };
  stream.on('data', heard);
  stream.once('close', () => {
    clearImmediate(turn);
    clearTimeout(timer);
  });
  silences.set(redis, {
    begin() {
      waiting += 1;
      if (waiting === 1) timer.refresh();
    },
    end() {
      waiting -= 1;
    },
  });
}

/** Runs a command on a connection whose silence is watched. */
export async function whileListening<Answer>(redis: Redis, command: () => Promise<Answer>): Promise<Answer> {
  const silence = silences.get(redis);
  silence?.begin();
  try {
    return await command();
  } finally {
    silence?.end();
  }
}

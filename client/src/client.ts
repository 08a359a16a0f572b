import { systemClock } from './clock.js';
import { increment } from './increment.js';
import type { CounterClientOptions, IncrementOptions, ReadOptions } from './options.js';
import { read } from './read.js';
import type { Machine } from './repeat.js';
import type { IncrementResult, ReadResult } from './results.js';
import { settingsOf } from './settings.js';

/** Increments and reads the counters of one deployment. */
export interface CounterClient {
  /**
   * Adds one to a counter, or `by`. Repeats what is safe to repeat until the call is settled, and says at the end what is known.
   *
   * @param store such as `dynamo`
   * @param id 1 to 128 of the characters `A-Z a-z 0-9 . _ ~ : @ -`, but not `.` or `..`
   * @throws TypeError if an argument has the wrong type, or a number is out of its range
   * @throws the signal's reason when it aborts; the increment may have counted then
   */
  increment(store: string, id: string, options?: IncrementOptions): Promise<IncrementResult>;
  /**
   * Reads a counter: 0 where there is none. With `max`, tells what remains.
   *
   * @throws TypeError if an argument has the wrong type, or a number is out of its range
   * @throws the signal's reason when it aborts
   */
  read(store: string, id: string, options?: ReadOptions): Promise<ReadResult>;
}

/**
 * A client of one deployment of the API. It keeps nothing between calls: one serves a whole process or page.
 *
 * @throws TypeError if an option is missing or wrong
 */
export function counterClient(options: CounterClientOptions): CounterClient {
  return clientOn({ clock: systemClock, random: Math.random }, options);
}

/** A client with a clock and random numbers of the caller's. */
export function clientOn(machine: Machine, options: CounterClientOptions): CounterClient {
  const context = { machine, settings: settingsOf(options) };
  return {
    increment: (store, id, callOptions = {}) => increment({ store, id }, callOptions, context),
    read: (store, id, callOptions = {}) => read({ store, id }, callOptions, context),
  };
}

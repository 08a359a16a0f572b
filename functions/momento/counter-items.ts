import {
  type CacheClient,
  CacheGetResponse,
  CacheSetIfAbsentResponse,
  CacheSetIfEqualResponse,
  CacheSetIfPresentAndNotEqualResponse,
} from '@gomomento/sdk';
import { counterValue, type Operation } from '../counter-store';
import type { KeyedCounter, RecentKey } from '../keyed-counter';
import { momentoErrors, translateReadError, translateWriteError } from './errors';

/** What an item holds: a counter, which is 2^53−1 for anything above, where numbers are not exact, and all its keys. */
export interface Found extends KeyedCounter {
  /** The item as it is stored, to compare with. */
  readonly text: string;
}

/**
 * The text of a counter with its idempotency keys, `42|hash:until=41|…`; without any, the digits alone, which Momento's
 * `increment` accepts.
 */
export function counterText({ counter, keys }: KeyedCounter): string {
  return `${counter}${keys.map(({ hash, until, value }) => `|${hash}:${until}=${value}`).join('')}`;
}

const KEY = /\|([0-9a-f]{16}):([0-9]{1,12})=(-?[0-9]{1,16})/g;
const WITH_KEYS = new RegExp(`^(-?[0-9]{1,16})((?:${KEY.source})+)$`);

function foundWithKeys(text: string): Found | undefined {
  const [, digits = '', behind = ''] = WITH_KEYS.exec(text) ?? [];
  const counter = counterValue(digits);
  if (counter === undefined) return undefined;
  const keys = Array.from(behind.matchAll(KEY), ([, hash = '', until, value]): RecentKey => {
    return { hash, until: Number(until), value: Number(value) };
  });
  return { text, counter, keys };
}

/** The item of one counter. Values are what `counterText` makes; a write returns whether it was stored. */
export interface Counters {
  /**
   * @returns undefined where there is no item
   * @throws StoreUnavailableError when the item isn't a counter
   */
  read(): Promise<Found | undefined>;
  setIfAbsent(value: string): Promise<boolean>;
  setIfEqual(value: string, equal: string): Promise<boolean>;
  setIfPresentAndNotEqual(value: string, notEqual: string): Promise<boolean>;
}

/**
 * What Momento's `increment` accepts as a number, whoever wrote it: 64 bits, with or without a sign and leading zeros.
 */
const INTEGER = /^[+-]?[0-9]{1,20}$/;

function foundIn(text: string): Found | undefined {
  const value = INTEGER.test(text) ? BigInt(text.replace('+', '')) : undefined;
  if (value === undefined || BigInt.asIntN(64, value) !== value) return undefined;
  const counter = counterValue(String(value));
  return counter === undefined ? undefined : { text, counter, keys: [] };
}

/**
 * The item of counter `id`, its SDK errors translated.
 *
 * @param operation what the call does to the counter: an increment may start with a read
 */
export function counterItems(cache: CacheClient, cacheName: string, id: string, operation: Operation): Counters {
  return {
    async read() {
      const response = await cache.get(cacheName, id);
      switch (response.type) {
        case CacheGetResponse.Miss:
          return undefined;
        case CacheGetResponse.Hit: {
          const text = response.value();
          const found = foundIn(text) ?? foundWithKeys(text);
          if (!found) throw momentoErrors.notACounter();
          return found;
        }
        case CacheGetResponse.Error:
          throw translateReadError(response.innerException(), operation);
      }
    },
    async setIfAbsent(value) {
      const response = await cache.setIfAbsent(cacheName, id, value);
      if (response.type === CacheSetIfAbsentResponse.Error) throw translateWriteError(response.innerException());
      return response.type === CacheSetIfAbsentResponse.Stored;
    },
    async setIfEqual(value, equal) {
      const response = await cache.setIfEqual(cacheName, id, value, equal);
      if (response.type === CacheSetIfEqualResponse.Error) throw translateWriteError(response.innerException());
      return response.type === CacheSetIfEqualResponse.Stored;
    },
    async setIfPresentAndNotEqual(value, notEqual) {
      const response = await cache.setIfPresentAndNotEqual(cacheName, id, value, notEqual);
      if (response.type === CacheSetIfPresentAndNotEqualResponse.Error) {
        throw translateWriteError(response.innerException());
      }
      return response.type === CacheSetIfPresentAndNotEqualResponse.Stored;
    },
  };
}

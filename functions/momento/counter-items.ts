import {
  type CacheClient,
  CacheGetResponse,
  CacheSetIfAbsentResponse,
  CacheSetIfEqualResponse,
  CacheSetIfPresentAndNotEqualResponse,
} from '@gomomento/sdk';
import { isWholeNumber, type Operation } from '../counter-store';
import { notANumber, translateReadError, translateWriteError } from './errors';

/** The item of one counter. Values are decimal digits; a write tells whether it was stored. */
export interface Counters {
  /**
   * @returns undefined where there is no item
   * @throws StoreUnavailableError when the item is no whole number
   */
  read(): Promise<string | undefined>;
  setIfAbsent(value: string): Promise<boolean>;
  setIfEqual(value: string, equal: string): Promise<boolean>;
  setIfPresentAndNotEqual(value: string, notEqual: string): Promise<boolean>;
}

/**
 * The item of counter `id`, its SDK errors translated.
 *
 * @param operation what is done to the counter: an increment may begin with a read
 */
export function counterItems(cache: CacheClient, cacheName: string, id: string, operation: Operation): Counters {
  return {
    async read() {
      const response = await cache.get(cacheName, id);
      switch (response.type) {
        case CacheGetResponse.Miss:
          return undefined;
        case CacheGetResponse.Hit: {
          const value = response.value();
          if (!isWholeNumber(value)) throw notANumber();
          return value;
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

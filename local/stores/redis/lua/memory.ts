import { getHeapStatistics } from 'node:v8';

/** Bytes of strings that one script may make: a doubled string grows faster than instructions are counted. */
const STRING_BYTES = 1024 * 1024 * 1024;
/** Share of the JavaScript heap that may be in use. */
const HEAP_SHARE = 0.75;

let stringBytes = 0;

/** A script begins. */
export function resetStringBytes(): void {
  stringBytes = 0;
}

/**
 * A script makes a string.
 *
 * @throws RangeError as the allocation itself would
 */
export function countStringBytes(bytes: number): void {
  stringBytes += bytes;
  if (stringBytes > STRING_BYTES) throw new RangeError('a script made more than 1 GiB of strings');
}

export function isHeapAlmostFull(): boolean {
  const { used_heap_size, heap_size_limit } = getHeapStatistics();
  return used_heap_size > heap_size_limit * HEAP_SHARE;
}

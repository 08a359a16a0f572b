import { getHeapStatistics } from 'node:v8';
import type { LuaState } from 'fengari';

/** Bytes of strings that one script may make: a doubled string grows faster than instructions are counted. */
const STRING_BYTES = 128 * 1024 * 1024;
/** How far the JavaScript heap, where Lua's tables are, may grow while one script runs, in bytes. */
const HEAP_GROWTH = 256 * 1024 * 1024;

/** The memory that Lua may take: without limit, except while a script runs. */
let stringBytesLeft = Infinity;
let heapLimit = Infinity;
let endScript: (L: LuaState) => void = () => undefined;

/**
 * Limits the memory that Lua takes until the limit is lifted.
 *
 * @param end ends the script that takes more, by a Lua error
 */
export function limitMemory(end: (L: LuaState) => never): void {
  stringBytesLeft = STRING_BYTES;
  heapLimit = getHeapStatistics().used_heap_size + HEAP_GROWTH;
  endScript = end;
}

export function liftMemoryLimit(): void {
  stringBytesLeft = Infinity;
}

/** A string is made. */
export function countStringBytes(L: LuaState, bytes: number): void {
  stringBytesLeft -= bytes;
  if (stringBytesLeft >= 0) return;
  liftMemoryLimit(); // for the message, and as the script ends
  endScript(L);
}

export function isHeapExhausted(): boolean {
  return getHeapStatistics().used_heap_size > heapLimit;
}

import { shown } from './shown.js';

/** What the API takes as a key. Sent otherwise, an empty one could get lost on the way, and its repeats would count. */
const KEY = /^[A-Za-z0-9._~:@-]{1,64}$/;

/** What is wrong with a key, in the API's words; undefined if nothing is. */
export function keyProblem(key: string | undefined): string | undefined {
  if (key === undefined || KEY.test(key)) return undefined;
  return `Idempotency-Key must be 1 to 64 of the characters A-Z a-z 0-9 . _ ~ : @ -, got ${shown(key)}`;
}

/**
 * 128 random bits, as hexadecimal digits. `crypto.randomUUID` is there in secure contexts alone, not in a page
 * that came by plain HTTP.
 *
 * Source: https://developer.mozilla.org/en-US/docs/Web/API/Crypto/randomUUID
 */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

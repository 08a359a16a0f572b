const FIRST_CEILING_MS = 100;
const HIGHEST_CEILING_MS = 5_000;

/**
 * A random pause before the next attempt, anywhere below a ceiling that doubles: callers that failed together don't come
 * back together.
 *
 * Source: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ ("full jitter")
 *
 * @param attempts how many there were
 * @param random from 0 to below 1
 * @returns whole milliseconds, at least 1
 */
export function backoffMs(attempts: number, random: number): number {
  return 1 + Math.floor(random * Math.min(HIGHEST_CEILING_MS, FIRST_CEILING_MS * 2 ** (attempts - 1)));
}

/**
 * How long `Retry-After` asks to wait, in seconds or until a date.
 *
 * Source: https://www.rfc-editor.org/rfc/rfc9110.html#section-10.2.3
 *
 * @param date now, in milliseconds since 1970
 * @returns milliseconds; 0 without the header, or if it can't be read
 */
export function retryAfterMs(header: string | null, date: number): number {
  if (header === null) return 0;
  if (/^\d+$/.test(header)) return Number(header) * 1000;
  const until = /[a-z]/i.test(header) ? Date.parse(header) : NaN; // a bare number such as -1 would be read as a year
  return Number.isNaN(until) ? 0 : Math.max(0, until - date);
}

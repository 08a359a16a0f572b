import type { CounterClientOptions } from './options.js';
import { shown } from './shown.js';

/** The client's options, checked and complete. */
export interface Settings {
  /** Without a slash at the end. */
  readonly url: string;
  readonly apiKey: string;
  readonly deadlineMs: number;
  readonly attemptTimeoutMs: number;
  readonly idempotencyWindowMs: number;
}

/** The longest delay of a timer, about 25 days. */
const LONGEST_MS = 2 ** 31 - 1;

/** The most that one increment adds. */
const LARGEST_STEP = 1_000_000;

/** @throws TypeError naming the option, its rule and the value */
export function settingsOf(options: CounterClientOptions): Settings {
  const idempotencyWindowMs = duration('idempotencyWindowMs', options.idempotencyWindowMs ?? 120_000);
  return {
    url: baseUrl(options.url),
    apiKey: apiKey(options.apiKey),
    deadlineMs: deadline(options.deadlineMs ?? Math.min(30_000, idempotencyWindowMs), idempotencyWindowMs),
    attemptTimeoutMs: duration('attemptTimeoutMs', options.attemptTimeoutMs ?? 16_000),
    idempotencyWindowMs,
  };
}

/**
 * The deadline of a call.
 *
 * @throws TypeError if it is none, or longer than the window
 */
export function deadline(value: number, idempotencyWindowMs: number): number {
  if (duration('deadlineMs', value) <= idempotencyWindowMs) return value;
  throw new TypeError(
    `deadlineMs must be at most idempotencyWindowMs (${idempotencyWindowMs}), got ${value}: after the window a repeat may ` +
      'count again. Shorten it, or set idempotencyWindowMs to what the deployment has.',
  );
}

/**
 * How much an increment adds.
 *
 * @throws TypeError if it is out of its range. Not for undefined: the API has a default
 */
export function step(by: number | undefined): number | undefined {
  return by === undefined ? undefined : whole('by', by, LARGEST_STEP);
}

/**
 * The limit of a call.
 *
 * @throws TypeError if it is out of its range. Not for undefined: the deployment may have one
 */
export function limit(max: number | undefined): number | undefined {
  return max === undefined ? undefined : whole('max', max, Number.MAX_SAFE_INTEGER);
}

/** @throws TypeError if it is no signal */
export function abortSignal(signal: AbortSignal | undefined): AbortSignal | undefined {
  if (signal === undefined || typeof (signal as Partial<AbortSignal>).throwIfAborted === 'function') return signal;
  throw new TypeError(`signal must be an AbortSignal, got ${shown(signal)}: pass the signal of an AbortController.`);
}

/** @throws TypeError if it is no string, naming `name` */
export function text(name: string, value: string): string {
  if (typeof value === 'string') return value;
  throw new TypeError(`${name} must be a string, got ${shown(value)}.`);
}

function baseUrl(value: string | URL): string {
  const url = URL.canParse(String(value)) ? new URL(value) : undefined;
  if (url && /^https?:$/.test(url.protocol) && url.username + url.password + url.search + url.hash === '') {
    return url.href.replace(/\/+$/, '');
  }
  throw new TypeError(
    `url must be an absolute http or https URL without credentials, query and fragment, got ${shown(value)}: pass the ` +
      "stack's output ApiUrl, or http://127.0.0.1:3000/prod.",
  );
}

function apiKey(value: string): string {
  if (typeof value === 'string' && /^[\x21-\x7e]+$/.test(value)) return value;
  // Not the value: it may be most of a secret.
  throw new TypeError(
    'apiKey must be a string of visible ASCII characters: pass what ApiKeyCommand of the stack prints.',
  );
}

function duration(name: string, value: number): number {
  return whole(name, value, LONGEST_MS, ' of milliseconds');
}

function whole(name: string, value: number, most: number, unit = ''): number {
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new TypeError(`${name} must be a whole number${unit} from 1 to ${most}, got ${shown(value)}.`);
}

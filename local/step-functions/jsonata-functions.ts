import { createHash, randomUUID } from 'node:crypto';
import type jsonata from 'jsonata';

/**
 * The functions that Step Functions adds to JSONata, and the one that it takes away (`$eval`).
 *
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html, "JSONata functions provided by
 * Step Functions"
 */
export function addStepFunctionsFunctions(expression: jsonata.Expression): void {
  expression.registerFunction('partition', partition, '<an:a>');
  expression.registerFunction('range', range, '<nnn:a<n>>');
  expression.registerFunction('hash', hash, '<s-s:s>');
  expression.registerFunction('random', random, '<n?:n>');
  expression.registerFunction('uuid', randomUUID, '<:s>');
  expression.registerFunction('parse', parse, '<s-:x>');
  // Without a value the name is no function any more: AWS answers T1006 to $eval.
  expression.assign('eval', undefined);
}

/** `$partition([1,2,3], 2)` is `[[1,2],[3]]`. */
function partition(items: unknown[] | undefined, size: number): unknown[][] | undefined {
  if (items === undefined) return undefined;
  if (!Number.isInteger(size) || size < 1)
    throw new Error(`The chunk size of $partition must be a positive integer, got ${size}`);
  const chunks: unknown[][] = [];
  for (let start = 0; start < items.length; start += size) chunks.push(items.slice(start, start + size));
  return chunks;
}

/** Above this an array would exceed the payload limit anyway: two bytes an element at least. */
const LONGEST_RANGE = 131_072;

/**
 * `$range(0, 10, 2)` is `[0,2,4,6,8,10]`: both ends belong to it. It is a sequence of JSONata: a single number stands for
 * itself (recorded on AWS: `$range(1, 9, 9)` is `1`).
 */
function range(first: number, last: number, step: number): number[] {
  const length = Math.floor((last - first) / step) + 1;
  if (!Number.isFinite(length)) throw new Error('The step of $range must not be zero');
  if (length > LONGEST_RANGE) throw new Error(`$range would make ${length} elements, more than a payload can hold`);
  const numbers = Array.from({ length: Math.max(length, 0) }, (_, index) => first + index * step);
  return Object.defineProperty(numbers, 'sequence', { value: true });
}

const HASH_ALGORITHMS: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};

/** The hash of the text's UTF-8, in lower-case hexadecimal digits. */
function hash(content: string | undefined, algorithm: string): string | undefined {
  if (content === undefined) return undefined;
  const name = HASH_ALGORITHMS[algorithm];
  if (name === undefined) {
    throw new Error(`$hash knows ${Object.keys(HASH_ALGORITHMS).join(', ')}, got "${algorithm}"`);
  }
  return createHash(name).update(content).digest('hex');
}

/**
 * From 0 up to 1. The same seed gives the same number; AWS doesn't document its generator, so the numbers themselves
 * differ from AWS's.
 */
function random(seed?: number): number {
  if (seed === undefined) return Math.random();
  return createHash('sha256').update(String(seed)).digest().readUIntBE(0, 6) / 2 ** 48;
}

/** The value of a JSON text. */
function parse(text: string | undefined): unknown {
  return text === undefined ? undefined : (JSON.parse(text) as unknown);
}

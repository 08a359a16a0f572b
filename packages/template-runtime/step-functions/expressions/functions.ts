import { createHash, randomUUID } from 'node:crypto';
import type jsonata from 'jsonata';
import { EXPRESSION_LIMITS, LIMIT_MESSAGES } from './limits';
import { javaRandom } from './java-random';
import { base64decode, formatNumber } from './corrections';
import { CodedError, EvaluationError } from './values';
import { parseStrictJson } from './strict-json';

/**
 * The functions that Step Functions adds to JSONata, those that answer differently there, and the one that it takes away
 * (`$eval`).
 *
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html, "JSONata functions provided by
 * Step Functions"; what they do with odd arguments was measured on AWS: https://github.com/floci-io/floci/pull/2676
 */
export function addStepFunctionsFunctions(expression: jsonata.Expression): void {
  expression.registerFunction('partition', partition, '<an?:a>');
  expression.registerFunction('range', range, '<nnn?:a<n>>');
  expression.registerFunction('hash', hash, '<s-s?:s>');
  expression.registerFunction('random', random, '<n?:n>');
  expression.registerFunction('uuid', randomUUID, '<:s>');
  expression.registerFunction('parse', parse, '<s-:x>');
  expression.registerFunction('base64decode', base64decode, '<s-:s>');
  expression.registerFunction('formatNumber', formatNumber, '<n-so?:s>');
  // Without a value the name is no function any more: AWS answers T1006 to $eval.
  expression.assign('eval', undefined);
}

/** `$partition([1,2,3], 2)` is `[[1,2],[3]]`; without a size all is one chunk, and chunks of no size are nothing. */
function partition(items: unknown[] | undefined, size?: number): unknown[][] | undefined {
  if (items === undefined || items.length === 0) return undefined;
  if (size === undefined) return [items];
  const whole = Math.trunc(size);
  if (whole < 0) throw new CodedError('D3137', 'Second argument must be zero or greater');
  if (whole === 0) return undefined;
  const chunks: unknown[][] = [];
  for (let start = 0; start < items.length; start += whole) chunks.push(items.slice(start, start + whole));
  return chunks;
}

/**
 * `$range(0, 10, 2)` is `[0,2,4,6,8,10]`: both ends belong to it. It is a sequence of JSONata: a single number stands for
 * itself (recorded on AWS: `$range(1, 9, 9)` is `1`), and none is nothing. Fractions are cut off.
 */
function range(from: number, to: number, by?: number): number[] | undefined {
  if (by === undefined) return undefined;
  const [first, last, step] = [Math.trunc(from), Math.trunc(to), Math.trunc(by)];
  const length = Math.floor((last - first) / step) + 1;
  if (step === 0 || length < 1) return undefined;
  if (length > EXPRESSION_LIMITS.rangeLength) throw new EvaluationError(LIMIT_MESSAGES.memory);
  const numbers = Array.from({ length }, (_, index) => first + index * step);
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
function hash(content: string | undefined, algorithm?: string): string | undefined {
  if (content === undefined || algorithm === undefined) return undefined;
  const name = Object.hasOwn(HASH_ALGORITHMS, algorithm) ? HASH_ALGORITHMS[algorithm] : undefined;
  if (name === undefined) {
    throw new CodedError('D3137', `$hash knows ${Object.keys(HASH_ALGORITHMS).join(', ')}, got "${algorithm}"`);
  }
  return createHash(name).update(content).digest('hex');
}

/** From 0 up to 1; the same seed gives the same number, the one that AWS gives. */
function random(seed?: number): number {
  return seed === undefined ? Math.random() : javaRandom(seed);
}

/** The value of a JSON text. */
function parse(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return parseStrictJson(text);
  } catch {
    throw new CodedError('D3137', 'Invalid JSON');
  }
}

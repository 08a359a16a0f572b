import { randomUUID } from 'node:crypto';
import jsonata from 'jsonata';
import { CodedError, EvaluationError } from './values';

/** Java's basic Base64: the padding may be missing, nothing else. */
const BASE64 = /^(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}(?:==)?|[A-Za-z\d+/]{3}=?)?$/;

/**
 * `$base64decode`, which jsonata leaves to Node: that skips what isn't Base64. On AWS `$base64decode("!!!")` is an internal
 * error, whose text ends in a new UUID (measured); that AWS decodes as `java.util.Base64.getDecoder()` is an inference.
 *
 * Source: https://github.com/floci-io/floci/issues/2736
 */
export function base64decode(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (!BASE64.test(text)) throw new EvaluationError(`threw an internal error during evaluation. ${randomUUID()}`);
  return Buffer.from(text, 'base64').toString('latin1');
}

interface BuiltIn {
  readonly implementation: (...parameters: unknown[]) => unknown;
}

/**
 * `$formatNumber`, which in jsonata ends in a TypeError where a sub-picture has no digit, separator or grouping sign in it.
 * AWS names the rule that is broken: `$formatNumber(1, "x")` is D3086 (measured). Of several broken rules jsonata names the
 * last one.
 *
 * Source: https://github.com/floci-io/floci/issues/2737; the rules: https://www.w3.org/TR/xpath-functions-31/#syntax-of-picture-string
 */
export async function formatNumber(
  value: number | undefined,
  picture: string,
  options: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  if (value === undefined) return undefined;
  const problem = picture
    .split(options['pattern-separator'] ?? ';')
    .slice(0, 2)
    .map((part) => problemOfPassive(part, options))
    .find((code) => code !== undefined);
  if (problem !== undefined) throw new CodedError(problem);
  const { implementation } = (await jsonata('$formatNumber').evaluate(undefined)) as BuiltIn;
  return implementation(value, picture, { ...options });
}

/** The rule that a sub-picture breaks which has nothing active in it, but perhaps exponent separators. */
function problemOfPassive(part: string, options: Readonly<Record<string, string>>): string | undefined {
  const zero = (options['zero-digit'] ?? '0').charCodeAt(0);
  const exponent = options['exponent-separator'] ?? 'e';
  const active = [
    ...Array.from({ length: 10 }, (_, digit) => String.fromCharCode(zero + digit)),
    ...[options['decimal-separator'] ?? '.', options['grouping-separator'] ?? ',', options.digit ?? '#'],
  ];
  const characters = part.split('');
  if (characters.some((character) => active.includes(character))) return undefined;
  if (characters.includes(exponent)) return 'D3093';
  return characters.length > 0 ? 'D3086' : 'D3085';
}

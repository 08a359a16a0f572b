import { compileRegularExpression } from './regular-expression';

/** A term: `word`, `"any text"` or `%expression%`, behind `-` to exclude it or `?` to make it one of several. */
const TERM = /\s*([-?]?)(?:"((?:[^"\\]|\\.)*)"|%([^%]*)%|(\w+))(?=\s|$)/y;

/**
 * Compiles a pattern for unstructured events: every term must appear, no excluded one, and any one of those behind `?`,
 * which count only where there are no others.
 *
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/matching-terms-unstructured-log-events.html
 *
 * @throws SyntaxError
 */
export function compileTermPattern(text: string): (message: string) => boolean {
  const required: ((message: string) => boolean)[] = [];
  const optional: ((message: string) => boolean)[] = [];
  TERM.lastIndex = 0;
  while (text.slice(TERM.lastIndex).trim() !== '') {
    const at = TERM.lastIndex;
    const match = TERM.exec(text);
    if (!match) {
      throw new SyntaxError(
        `"${text.slice(at).trim()}": terms of other than letters, digits and _ stand in double quotes`,
      );
    }
    const [, sign, quoted, expression, word] = match;
    const test = appears(quoted?.replace(/\\(.)/g, '$1') ?? word, expression);
    if (sign === '?') optional.push(test);
    else required.push(sign === '-' ? (message) => !test(message) : test);
  }
  if (required.length > 0) return (message) => required.every((test) => test(message));
  if (optional.length > 0) return (message) => optional.some((test) => test(message));
  return () => true;
}

function appears(text: string | undefined, expression: string | undefined): (message: string) => boolean {
  if (text !== undefined) return (message) => message.includes(text);
  const regular = compileRegularExpression(expression ?? '');
  return (message) => regular.test(message);
}

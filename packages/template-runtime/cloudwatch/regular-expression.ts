/** Letters, digits and the symbols that the page lists, and its operators; no parentheses. */
const ALLOWED = /^[A-Za-z0-9_#=@/;,:' \-^$?[\]{}|\\*+.]*$/;

/**
 * The expression between two `%` of a filter pattern. It matches anywhere in a text.
 *
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html, "Supported regular
 * expressions (regex) syntax"
 *
 * @throws SyntaxError
 */
export function compileRegularExpression(text: string): RegExp {
  if (!ALLOWED.test(text)) throw new SyntaxError(`%${text}% has characters that a filter's expression can't have`);
  return new RegExp(text);
}

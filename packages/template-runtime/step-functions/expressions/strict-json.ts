/** Strings, punctuation, and what is neither. */
const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s{}[\]:,"]+/g;

/**
 * Parses a JSON text as strictly as AWS's `$parse`: a name that comes twice in an object is refused, and so is a number
 * beyond the range of a double (measured on AWS: https://github.com/floci-io/floci/pull/2676).
 *
 * @throws SyntaxError
 */
export function parseStrictJson(text: string): unknown {
  const value = JSON.parse(text) as unknown;
  const names: (Set<string> | undefined)[] = [];
  let previous = '';
  for (const [token] of text.matchAll(TOKENS)) {
    if (token === '{' || token === '[') names.push(token === '{' ? new Set() : undefined);
    else if (token === '}' || token === ']') names.pop();
    else if (token === ':') addName(names.at(-1), previous);
    else if (/^-?\d/.test(token) && !Number.isFinite(Number(token))) throw new SyntaxError(`${token} is out of range`);
    previous = token;
  }
  return value;
}

function addName(names: Set<string> | undefined, token: string): void {
  const name = JSON.parse(token) as string;
  if (names?.has(name)) throw new SyntaxError(`"${name}" comes twice`);
  names?.add(name);
}

/** A token of JSON, after white space. Source: https://www.rfc-editor.org/rfc/rfc8259#section-2 */
const TOKEN =
  /[ \t\r\n]*(?:([{}[\],:])|("(?:[^"\\\p{Cc}]|[\x7f-\x9f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*")|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)/uy;

/** What may come next: a value, a name or the end of an object, … */
type Expected = 'value' | 'value or end' | 'name' | 'name or end' | 'colon' | 'comma or end' | 'nothing';

/**
 * Where a text stops being JSON, in words. `JSON.parse` tells it by quoting the text, and not in every version of Node.
 *
 * @returns such as `line 2, column 5`; undefined for JSON
 */
export function jsonProblemAt(text: string): string | undefined {
  const open: string[] = [];
  let expected: Expected = 'value';
  let at = 0;
  while (/\S/.test(text.slice(at))) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    const next: Expected | null | undefined =
      match && after(expected, match[1] ?? (match[2] === undefined ? 'literal' : 'text'), open);
    if (!match || !next) return placeOf(text, at + text.slice(at).search(/\S/));
    expected = next;
    at = TOKEN.lastIndex;
  }
  return expected === 'nothing' ? undefined : placeOf(text, text.trimEnd().length);
}

/** @param open the brackets that are open, which this changes. @returns undefined where the token may not be there */
function after(expected: Expected, token: string, open: string[]): Expected | undefined {
  const ended = (): Expected => (open.length === 0 ? 'nothing' : 'comma or end');
  const closes = token === '}' || token === ']';
  if (closes && expected.endsWith('or end')) {
    const isObject = open.pop() === '{';
    const mayClose = isObject
      ? expected !== 'value or end' && token === '}'
      : expected !== 'name or end' && token === ']';
    return mayClose ? ended() : undefined;
  }
  if (expected.startsWith('name')) return token === 'text' ? 'colon' : undefined;
  if (expected === 'colon') return token === ':' ? 'value' : undefined;
  if (expected === 'comma or end') return token === ',' ? (open.at(-1) === '{' ? 'name' : 'value') : undefined;
  if (!expected.startsWith('value')) return undefined;
  if (token === 'text' || token === 'literal') return ended();
  if (token !== '{' && token !== '[') return undefined;
  open.push(token);
  return token === '{' ? 'name or end' : 'value or end';
}

function placeOf(text: string, offset: number): string {
  const lines = text.slice(0, offset).split('\n');
  return `line ${lines.length}, column ${(lines.at(-1) ?? '').length + 1}`;
}

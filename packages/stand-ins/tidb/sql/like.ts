import type { Collation } from '../values/collation';
import { toText, type Value } from '../values/value';

const PATTERNS = new Map<string, RegExp>();
const MAX_PATTERNS = 200;

/** LIKE: `%` is any text, `_` one character, a backslash takes the next one as it is. Unknown (null) with a null. */
export function like(value: Value, pattern: Value, collation: Collation): boolean | null {
  if (value === null || pattern === null) return null;
  // trailing spaces count in LIKE, so the case is folded without padding
  const foldsCase = collation.name.endsWith('_ci');
  return regularExpression(toText(pattern), foldsCase).test(toText(value));
}

function regularExpression(pattern: string, foldsCase: boolean): RegExp {
  const key = `${foldsCase ? 'i' : 'c'}${pattern}`;
  let found = PATTERNS.get(key);
  if (found === undefined) {
    const source = pattern.replace(/\\([\s\S])|[%_]|[$()*+.?[\\\]^{|}]/g, (match, escaped: string | undefined) => {
      if (escaped !== undefined) return escaped.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&');
      return match === '%' ? '[\\s\\S]*' : match === '_' ? '[\\s\\S]' : `\\${match}`;
    });
    found = new RegExp(`^${source}$`, foldsCase ? 'iu' : 'u');
    if (PATTERNS.size >= MAX_PATTERNS) PATTERNS.clear();
    PATTERNS.set(key, found);
  }
  return found;
}

/** Java's regular expressions that JavaScript lacks or reads differently: refused, never approximated. */
const JAVA_ONLY = /&&|\\[AZzGQEhHRXNpP]|\(\?[a-zA-Z-]+[:)]|\(\?>|[*+?}]\+/;
/** An escaped character that needs no escape. Java allows it, JavaScript's Unicode mode doesn't. */
const NEEDLESS_ESCAPE = /(\\\\)|\\([^\w\s^$.*+?()[\]{}|/\\-])/g;

/**
 * Compiles a regular expression written for `java.util.regex`, the subset that means the same in JavaScript.
 *
 * @param flags besides the Unicode mode, which makes `.` match a code point as in Java
 * @throws SyntaxError for anything else
 */
export function javaRegex(pattern: string, flags = ''): RegExp {
  const unsupported = JAVA_ONLY.exec(pattern);
  if (unsupported !== null) throw new SyntaxError(`regular expression ${pattern}: ${unsupported[0]} is not supported`);
  return new RegExp(
    pattern.replace(NEEDLESS_ESCAPE, (match, backslash: string | undefined, character: string) =>
      backslash === undefined ? character : match,
    ),
    `u${flags}`,
  );
}

/** The whole text must match, as in `String.matches`. */
export function javaFullMatch(pattern: string): RegExp {
  return javaRegex(`^(?:${pattern})$`);
}

/**
 * Reads a replacement text of `String.replaceAll`: `$1` is a group, a backslash takes the next character literally
 * (java.util.regex.Matcher, "appendReplacement").
 *
 * @throws SyntaxError for a lone `$` or a named group
 */
export function javaReplacement(replacement: string): (...match: unknown[]) => string {
  if (!/[\\$]/.test(replacement)) return () => replacement;
  const parts: (string | number)[] = [];
  for (const [, escaped, group, text, rest] of replacement.matchAll(/\\([^])|\$(\d)|([^\\$]+)|([^])/g)) {
    if (rest !== undefined)
      throw new SyntaxError(`replacement ${replacement}: ${rest} needs a group number or a character`);
    parts.push(group === undefined ? (escaped ?? text ?? '') : Number(group));
  }
  return (...match) =>
    parts.map((part) => (typeof part === 'string' ? part : ((match[part] as string | undefined) ?? ''))).join('');
}

/**
 * Matches Redis' glob patterns: `*`, `?`, `[abc]`, `[^a-c]`, and a backslash before a character that stands for itself.
 */
export function matchesPattern(pattern: string, text: string): boolean {
  return pattern === '*' || toRegExp(pattern).test(text);
}

let compiled: { pattern: string; expression: RegExp } | undefined;

function toRegExp(pattern: string): RegExp {
  if (compiled?.pattern !== pattern) compiled = { pattern, expression: compile(pattern) };
  return compiled.expression;
}

function compile(pattern: string): RegExp {
  const expression = pattern.replace(
    /\\([^])|\*+|\?|\[(\^?)((?:\\[^]|[^\]\\])*)(?:\]|$)|[^]/g,
    (token: string, escaped?: string, negation?: string, members?: string) => {
      if (escaped !== undefined) return literal(escaped);
      if (token.startsWith('*')) return '[^]*';
      if (token === '?') return '[^]';
      if (members !== undefined) return characterClass(negation === '^', members);
      return literal(token);
    },
  );
  return new RegExp(`^${expression}$`);
}

function characterClass(negated: boolean, members: string): string {
  const set = members.replace(
    /(\\?)([^])-(\\?)([^])|\\([^])|[^]/g,
    (token: string, _escape1?: string, from?: string, _escape2?: string, to?: string, escaped?: string) => {
      if (from !== undefined && to !== undefined) {
        const [low, high] = from <= to ? [from, to] : [to, from];
        return `${literal(low)}-${literal(high)}`;
      }
      return literal(escaped ?? token);
    },
  );
  if (set === '') return negated ? '[^]' : '[]';
  return `[${negated ? '^' : ''}${set}]`;
}

function literal(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}

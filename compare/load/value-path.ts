/** Takes a value out of JSON. */
export type ReadValue = (json: unknown) => unknown;

const STEP = /\.([A-Za-z_$][\w$-]*)|\[(\d+)\]|\['([^']*)'\]|\["([^"]*)"\]/y;

/**
 * Compiles the part of JSONPath that names one value: names (`$.a.b`, `$['a']`) and indexes (`$.a[0]`).
 *
 * Source: https://www.rfc-editor.org/rfc/rfc9535, singular queries (2.3.5.1); negative indexes aren't read.
 *
 * @throws Error that names the path where it is anything else
 */
export function compileValuePath(path: string): ReadValue {
  const steps: string[] = [];
  STEP.lastIndex = 1;
  while (path.startsWith('$') && STEP.lastIndex < path.length) {
    const match = STEP.exec(path);
    if (match === null) break;
    steps.push(match.slice(1).find((part) => part !== undefined) ?? '');
    if (STEP.lastIndex === path.length) break;
  }
  if (!path.startsWith('$') || (path.length > 1 && STEP.lastIndex !== path.length)) {
    throw new Error(`valuePath takes names and indexes, such as $.counter or $.items[0]['a b'], got "${path}"`);
  }
  return (json) => steps.reduce<unknown>((value, step) => childOf(value, step), json);
}

function childOf(value: unknown, step: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, step)
    ? (value as Readonly<Record<string, unknown>>)[step]
    : undefined;
}

/** A counter's value, which some APIs give as a string of digits; undefined where it is none. */
export function counterOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^-?\d{1,16}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined;
}

/**
 * A copy of a JSON value, as if it were printed and parsed: what is undefined is left out.
 *
 * @param value of plain objects, arrays, texts, finite numbers, booleans and null
 */
export function asParsed(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(asParsed);
  const copy: Record<string, unknown> = { ...value };
  for (const name in copy) {
    const field = copy[name];
    if (field === undefined) delete copy[name];
    else if (typeof field === 'object') copy[name] = asParsed(field);
  }
  return copy;
}

/** A value of SQL on its way between the wire and SQLite. */
export type Value = null | bigint | number | string;

/** What an expression or a column gives. `unsigned`: 64 bits without a sign, kept as their digits. */
export type ValueType = 'integer' | 'unsigned' | 'double' | 'text' | 'datetime' | 'null';

export const MAX_BIGINT = 2n ** 63n - 1n;
export const MIN_BIGINT = -(2n ** 63n);

/** The type of a parameter or a literal. */
export function typeOfValue(value: Value): ValueType {
  if (value === null) return 'null';
  if (typeof value === 'bigint') return value > MAX_BIGINT ? 'unsigned' : 'integer';
  return typeof value === 'number' ? 'double' : 'text';
}

/** As MySQL prints it: a double without a fraction has no point, and an exponent no plus. */
export function toText(value: Exclude<Value, null>): string {
  return typeof value === 'number' ? String(value).replace('e+', 'e') : String(value);
}

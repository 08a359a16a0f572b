/**
 * Goes on with a value that is there at once, or with one that is promised: most expressions are evaluated at once, and an
 * async function would make a promise of each step nevertheless.
 */
export function after<Value, Result>(
  value: Value | Promise<Value>,
  then: (value: Value) => Result | Promise<Result>,
): Result | Promise<Result> {
  return value instanceof Promise ? value.then(then) : then(value);
}

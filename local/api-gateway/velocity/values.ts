/**
 * A value as a mapping template sees it. JSON documents are plain objects and arrays; a list that the template made itself
 * is a `JavaList`, because the two print differently.
 */
export type Value = null | boolean | number | string | Value[] | ValueMap | MapEntry;

export interface ValueMap {
  [key: string]: Value;
}

/** A list made by the template (`[1, 2]`, `split`, `keySet`): prints as Java does, `[1, 2]`. A JSON list prints as JSON. */
export class JavaList extends Array<Value> {}

/** An element of `entrySet()`. */
export class MapEntry {
  constructor(
    readonly key: string,
    readonly value: Value,
  ) {}
}

/** Request headers by the spelling that the client sent. `get` ignores case, as HTTP does. */
export class HeaderMap {
  [name: string]: string;
}

export function isMap(value: Value): value is ValueMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof MapEntry);
}

/** A map without a prototype: no key that a client sends can mean anything else than itself. */
export function emptyMap(): ValueMap {
  return Object.create(null) as ValueMap;
}

/** What `$map.key`, `$map["key"]` and `$map.get("key")` give; null where there is none. */
export function mapGet(map: ValueMap, key: string): Value {
  if (Object.hasOwn(map, key)) return map[key] ?? null;
  if (map instanceof HeaderMap) {
    const wanted = key.toLowerCase();
    for (const name of Object.keys(map)) if (name.toLowerCase() === wanted) return map[name] ?? null;
  }
  return null;
}

/** Sets a key; `__proto__` too is only a key. */
export function mapPut(map: ValueMap, key: string, value: Value): void {
  if (key === '__proto__')
    Object.defineProperty(map, key, { value, writable: true, enumerable: true, configurable: true });
  else map[key] = value;
}

/**
 * How a value is printed. Recorded on AWS: nothing for an undefined reference, `{foo=bar}` for a JSON object, JSON for a
 * JSON list, also for one inside an object
 * (localstack/localstack, tests/aws/services/apigateway/test_apigateway_common.py, test_input_path_template_formatting).
 */
export function print(value: Value): string {
  if (typeof value === 'string') return value;
  if (value === null) return '';
  if (typeof value !== 'object') return String(value);
  if (value instanceof JavaList) return `[${value.map(printNested).join(', ')}]`;
  if (Array.isArray(value)) return JSON.stringify(value);
  if (value instanceof MapEntry) return `${value.key}=${printNested(value.value)}`;
  return `{${Object.entries(value)
    .map(([key, item]) => `${key}=${printNested(item)}`)
    .join(', ')}}`;
}

function printNested(value: Value): string {
  return value === null ? 'null' : print(value);
}

/**
 * Whether `#if` takes the branch: everything but null and false, so also 0 and the empty string
 * (Velocity 1.7 User Guide, "Conditionals": https://velocity.apache.org/engine/1.7/user-guide.html#conditionals).
 */
export function isTrue(value: Value): boolean {
  return value !== null && value !== false;
}

/**
 * `==`. Values of different classes are compared as text (Velocity 1.7 User Guide, "Relational and Logical Operators");
 * that null equals the empty string is recorded on AWS (source as for `print`, case "empty-body").
 */
export function isEqual(left: Value, right: Value): boolean {
  if (left === right) return true;
  if (left === null || right === null) return (left ?? right) === '';
  if (typeof left === 'object' && typeof right === 'object') return JSON.stringify(left) === JSON.stringify(right);
  return print(left) === print(right);
}

/** `+ - * / %` on numbers: whole numbers divide to whole numbers; null where an operand isn't a number or a divisor is 0. */
export function calculate(operator: '+' | '-' | '*' | '/' | '%', left: Value, right: Value): Value {
  if (operator === '+' && (typeof left === 'string' || typeof right === 'string')) return print(left) + print(right);
  if (typeof left !== 'number' || typeof right !== 'number') return null;
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      if (right === 0) return null;
      return Number.isInteger(left) && Number.isInteger(right) ? Math.trunc(left / right) : left / right;
    case '%':
      return right === 0 ? null : left % right;
  }
}

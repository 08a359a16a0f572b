import { isDeepStrictEqual } from 'node:util';

/**
 * A value as a mapping template sees it. JSON documents are plain objects and arrays; a list that the template made itself
 * is a `JavaList`, because the two print differently.
 */
export type Value = null | boolean | number | string | JavaDouble | DefinedBlock | Value[] | ValueMap | MapEntry;

export interface ValueMap {
  [key: string]: Value;
}

/** A list made by the template (`[1, 2]`, `split`, `keySet`): prints as Java does, `[1, 2]`. A JSON list prints as JSON. */
export class JavaList extends Array<Value> {}

/** Faster than `JavaList.from`, which asks the class for each step. */
export function javaList(items: readonly Value[]): JavaList {
  const list = new JavaList();
  for (const item of items) list.push(item);
  return list;
}

/** A number with a fraction, which a template wrote or calculated: prints as Java does, `2.0`. A JSON number is none. */
export class JavaDouble {
  constructor(readonly value: number) {}
}

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

/** What `#define` assigns: a part of the template, rendered wherever its reference stands. */
export class DefinedBlock {
  constructor(readonly render: () => string) {}
}

/** A map of `$context`: its keys have values, but as a whole it prints nothing, as recorded on AWS. */
export class UnprintedMap {
  [key: string]: Value;
}

export function isMap(value: Value): value is ValueMap {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof MapEntry) &&
    !(value instanceof JavaDouble) &&
    !(value instanceof DefinedBlock)
  );
}

/** Inherits nothing. `Object.create(null)` would give a hash table, which is several times as large and slow. */
class PlainMap {
  [key: string]: Value;
}
Object.setPrototypeOf(PlainMap.prototype, null);
Reflect.deleteProperty(PlainMap.prototype, 'constructor');

/** A map that inherits nothing: no key that a client sends can mean anything else than itself. */
export function emptyMap(): ValueMap {
  return new PlainMap();
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
  if (value instanceof JavaDouble) return printDouble(value.value);
  if (value instanceof UnprintedMap || value instanceof DefinedBlock) return '';
  return `{${Object.entries(value)
    .map(([key, item]) => `${key}=${printNested(item)}`)
    .join(', ')}}`;
}

function printNested(value: Value): string {
  return value === null ? 'null' : print(value);
}

/** https://docs.oracle.com/javase/8/docs/api/java/lang/Double.html#toString-double- */
function printDouble(value: number): string {
  const size = Math.abs(value);
  if (value === 0 || !Number.isFinite(value) || (size >= 1e-3 && size < 1e7))
    return Number.isInteger(value) ? `${Object.is(value, -0) ? '-0' : value}.0` : String(value);
  const [digits = '', exponent = ''] = value.toExponential().split('e');
  return `${digits.includes('.') ? digits : `${digits}.0`}E${Number(exponent)}`;
}

/**
 * Whether `#if` takes the branch: everything but null and false, so also 0 and the empty string, which an undefined
 * reference is (Velocity 1.7 User Guide, "Conditionals": https://velocity.apache.org/engine/1.7/user-guide.html#conditionals).
 */
export function isTrue(value: Value): boolean {
  return value !== null && value !== false;
}

/** `==`. Values of different classes are compared as text (Velocity 1.7 User Guide, "Relational and Logical Operators"). */
export function isEqual(left: Value, right: Value): boolean {
  if (left === right) return true;
  if (left === null || right === null) return false;
  const [a, b] = [toNumber(left), toNumber(right)];
  if (a !== undefined && b !== undefined) return a === b;
  if (Array.isArray(left) && Array.isArray(right)) return isDeepStrictEqual([...left], [...right]);
  if (isMap(left) && isMap(right)) return isDeepStrictEqual({ ...left }, { ...right });
  return print(left) === print(right);
}

/** The number that a value is; undefined where it isn't one. */
export function toNumber(value: Value): number | undefined {
  return value instanceof JavaDouble ? value.value : typeof value === 'number' ? value : undefined;
}

/**
 * `+ - * / %` as Velocity calculates: whole numbers divide to whole numbers, and one with a fraction makes the result one;
 * null where an operand isn't a number or a divisor is 0. `+` joins texts.
 *
 * @throws RangeError beyond ±(2^53 − 1), where JavaScript would round
 */
export function calculate(operator: '+' | '-' | '*' | '/' | '%', left: Value, right: Value): Value {
  if (operator === '+' && (typeof left === 'string' || typeof right === 'string')) return print(left) + print(right);
  const [a, b] = [toNumber(left), toNumber(right)];
  if (a === undefined || b === undefined || (b === 0 && (operator === '/' || operator === '%'))) return null;
  const result = OPERATIONS[operator](a, b);
  if (left instanceof JavaDouble || right instanceof JavaDouble) return new JavaDouble(result);
  const whole = Math.trunc(result) + 0; // -0 is 0
  if (!Number.isSafeInteger(whole)) throw new RangeError(`${a} ${operator} ${b} is beyond ±(2^53 − 1)`);
  return Number.isInteger(a) && Number.isInteger(b) ? whole : result;
}

const OPERATIONS = {
  '+': (a: number, b: number) => a + b,
  '-': (a: number, b: number) => a - b,
  '*': (a: number, b: number) => a * b,
  '/': (a: number, b: number) => a / b,
  '%': (a: number, b: number) => a % b,
} as const;

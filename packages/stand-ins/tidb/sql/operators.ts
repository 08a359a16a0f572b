import { SqlError } from '../sql-error';
import type { ResultType } from '../storage/column-type';
import { Decimal } from '../values/decimal';
import { extract, Json, parsePath } from '../values/json';
import { DateTime, inRange, MAX_BIGINT, toInteger, toNumber, toText, type Value } from '../values/value';

const ARITHMETIC = ['+', '-', '*', '/', '%', 'MOD', 'DIV'] as const;
type Arithmetic = (typeof ARITHMETIC)[number];
const BITWISE = ['&', '|', '^', '<<', '>>'] as const;
type Bitwise = (typeof BITWISE)[number];

export function isArithmetic(operator: string): operator is Arithmetic {
  return (ARITHMETIC as readonly string[]).includes(operator);
}

export function isBitwise(operator: string): operator is Bitwise {
  return (BITWISE as readonly string[]).includes(operator);
}

/** What arithmetic works on: exact integers, exact decimals or doubles (MySQL, "Arithmetic Operators"). */
function toNumeric(value: Exclude<Value, null>): bigint | Decimal | number {
  if (typeof value === 'bigint' || typeof value === 'number' || value instanceof Decimal) return value;
  return value instanceof DateTime && !value.text.includes('.')
    ? BigInt(value.text.replace(/\D/g, ''))
    : toNumber(value);
}

/** The result's type where both operands' types tell it. */
export function arithmeticType(
  operator: Arithmetic,
  left: ResultType | undefined,
  right: ResultType | undefined,
): ResultType | undefined {
  if (left === undefined || right === undefined || left === 'datetime' || right === 'datetime') return undefined;
  const types = [left, right];
  if (operator === 'DIV') return types.includes('unsigned') ? 'unsigned' : 'integer';
  if (types.some((type) => type === 'double' || type === 'text' || type === 'bytes' || type === 'json'))
    return 'double';
  if (operator === '/' || types.includes('decimal')) return 'decimal';
  return types.includes('unsigned') ? 'unsigned' : 'integer';
}

/**
 * @param unsigned whether an operand is BIGINT UNSIGNED, which makes the result so
 * @param strict whether a division by zero is an error rather than null
 * @throws SqlError 1690 for a result out of range, 1365 for a division by zero
 */
export function arithmetic(operator: Arithmetic, left: Value, right: Value, unsigned: boolean, strict: boolean): Value {
  if (left === null || right === null) return null;
  const a = toNumeric(left);
  const b = toNumeric(right);
  if (typeof a === 'bigint' && typeof b === 'bigint') return onIntegers(operator, a, b, unsigned, strict);
  if (operator === 'DIV') return integerDivision(a, b, strict);
  if (typeof a === 'number' || typeof b === 'number') {
    return onDoubles(operator, toNumber(a), toNumber(b), strict);
  }
  return onDecimals(operator, Decimal.of(a), Decimal.of(b), strict);
}

function divisionByZero(strict: boolean): null {
  if (strict) throw new SqlError(1365, 'Division by 0');
  return null;
}

function onIntegers(operator: Arithmetic, a: bigint, b: bigint, unsigned: boolean, strict: boolean): Value {
  const isUnsigned = unsigned || a > MAX_BIGINT || b > MAX_BIGINT;
  const checked = (result: bigint) => inRange(result, isUnsigned, `(${a} ${operator} ${b})`);
  switch (operator) {
    case '+':
      return checked(a + b);
    case '-':
      return checked(a - b);
    case '*':
      return checked(a * b);
    case '/':
      return b === 0n ? divisionByZero(strict) : Decimal.of(a).dividedBy(Decimal.of(b));
    case 'DIV':
      return b === 0n ? divisionByZero(strict) : checked(a / b);
    case '%':
    case 'MOD':
      return b === 0n ? divisionByZero(strict) : a % b;
  }
}

function integerDivision(a: bigint | Decimal | number, b: bigint | Decimal | number, strict: boolean): Value {
  const divisor = toNumber(b);
  if (divisor === 0) return divisionByZero(strict);
  if (typeof a !== 'number' && typeof b !== 'number') {
    const [x, y] = [Decimal.of(a), Decimal.of(b)];
    const quotient = (x.unscaled * 10n ** BigInt(y.scale)) / (y.unscaled * 10n ** BigInt(x.scale));
    return inRange(quotient, false, `(${a.toString()} DIV ${b.toString()})`);
  }
  return inRange(BigInt(Math.trunc(toNumber(a) / divisor)), false, `(${a.toString()} DIV ${b.toString()})`);
}

function onDoubles(operator: Arithmetic, a: number, b: number, strict: boolean): Value {
  if ((operator === '/' || operator === '%' || operator === 'MOD') && b === 0) return divisionByZero(strict);
  const result =
    operator === '+' ? a + b : operator === '-' ? a - b : operator === '*' ? a * b : operator === '/' ? a / b : a % b;
  if (!Number.isFinite(result)) throw new SqlError(1690, `DOUBLE value is out of range in '(${a} ${operator} ${b})'`);
  return result;
}

function onDecimals(operator: Arithmetic, a: Decimal, b: Decimal, strict: boolean): Value {
  if (operator === '+') return a.plus(b);
  if (operator === '-') return a.minus(b);
  if (operator === '*') return a.times(b);
  if (b.unscaled === 0n) return divisionByZero(strict);
  return operator === '/' ? a.dividedBy(b) : a.remainder(b);
}

/** @throws SqlError 1690 */
export function negate(value: Exclude<Value, null>): Value {
  const number = toNumeric(value);
  if (typeof number === 'bigint') return inRange(-number, false, `-(${number})`);
  return number instanceof Decimal ? new Decimal(-number.unscaled, number.scale) : -number;
}

/** Bit operations give BIGINT UNSIGNED. */
export function bitwise(operator: Bitwise, left: Value, right: Value): Value {
  if (left === null || right === null) return null;
  const a = BigInt.asUintN(64, toInteger(left));
  const b = BigInt.asUintN(64, toInteger(right));
  switch (operator) {
    case '&':
      return a & b;
    case '|':
      return a | b;
    case '^':
      return a ^ b;
    case '<<':
      return b > 63n ? 0n : BigInt.asUintN(64, a << b);
    case '>>':
      return b > 63n ? 0n : a >> b;
  }
}

/** `->` and, without the quotes of a string, `->>`. */
export function extractJson(document: Value, path: Value, unquoted: boolean): Value {
  if (document === null || path === null) return null;
  const json = document instanceof Json ? document : Json.parse(toText(document));
  const found = extract(json.node, parsePath(toText(path)));
  if (found === undefined) return null;
  return unquoted ? (typeof found === 'string' ? found : new Json(found).toString()) : new Json(found);
}

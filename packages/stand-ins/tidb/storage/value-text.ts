import { Decimal } from '../values/decimal';
import { Json } from '../values/json';
import { DateTime, type Value } from '../values/value';

/** A value as JSON, from which it comes back as it was: a string as it is, another with the letter of its type. */
export type ValueText = null | string | readonly [type: keyof typeof READERS, text: string];

const READERS = {
  i: (text: string): Value => BigInt(text),
  d: Number,
  n: Decimal.parse,
  b: (text: string): Value => Buffer.from(text, 'base64'),
  j: Json.parse,
  t: (text: string): Value => new DateTime(text),
} as const satisfies Record<string, (text: string) => Value>;

export function toValueText(value: Value): ValueText {
  if (value === null || typeof value === 'string') return value;
  if (Buffer.isBuffer(value)) return ['b', value.toString('base64')];
  return [typeOf(value), value.toString()];
}

export function fromValueText(text: ValueText): Value {
  return text === null || typeof text === 'string' ? text : READERS[text[0]](text[1]);
}

function typeOf(value: bigint | number | Decimal | Json | DateTime): keyof typeof READERS {
  if (typeof value === 'bigint') return 'i';
  if (typeof value === 'number') return 'd';
  if (value instanceof Decimal) return 'n';
  return value instanceof Json ? 'j' : 't';
}

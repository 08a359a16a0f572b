import { Binary, BSONRegExp, Code, Decimal128, Double, Long, MaxKey, ObjectId, Timestamp } from 'bson';
import { valuesAt } from '../../docdb/query/path';
import { type Document, fromText, toText } from '../../docdb/values/document';
import { FieldKeys } from '../../docdb/values/field-keys';
import { valueKey } from '../../docdb/values/order';

/** A value of each type, and what they have at their edges. */
const VALUES: readonly unknown[] = [
  ...['', 'a', 'counter-1', 'é\0𝒳', '\uFEFFx', '\uFFFD', 'x'.repeat(3000)],
  ...[0, -1, 2 ** 31 - 1, -(2 ** 31), 1.5, NaN, new Double(7), 7n, 2n ** 62n, Decimal128.fromString('1.10')],
  ...[null, true, false, new Date(5), new ObjectId('0123456789abcdef01234567'), Timestamp.fromBits(1, 2)],
  ...[{}, { a: 1, counter_id: 'inside' }, [], ['a', { counter_id: 'b' }], new Binary(Buffer.from([0, 255]))],
  ...[new BSONRegExp('a', 'i'), new Code('x', { y: 1 }), new Code('x'), new MaxKey(), Long.fromNumber(3)],
];

/** Whose keys are told without reading the whole document: where only such values come before as well. */
const TOLD = [
  'missing',
  ...VALUES.filter((value) => (typeof value === 'string' && value.length < 100) || value instanceof ObjectId),
  ...[0, -1, 2 ** 31 - 1, -(2 ** 31)],
];

function keysAt(fields: FieldKeys, document: Document, path: string): [told: string | undefined, read: string] {
  const text = toText(document);
  fields.read(text);
  return [fields.keyAt(path), valueKey(valuesAt(fromText(text), path)[0])];
}

it('tells a key as the read document has it, or nothing', () => {
  const fields = new FieldKeys();
  const differing: unknown[] = [];

  for (const before of VALUES) {
    for (const value of VALUES) {
      for (const path of ['counter_id', 'counter', 'missing', 'before.a', 'é', 'before']) {
        const document = { before, counter_i: 1, counter_idx: 2, é: 'x', counter_id: value, behind: before };
        const [told, read] = keysAt(fields, document, path);
        if (told !== undefined && told !== read) differing.push([document, path, told, read]);
      }
    }
  }

  expect(differing).toEqual([]);
});

it.each(TOLD)('tells the key of %p', (value) => {
  const document = value === 'missing' ? { before: 1 } : { before: 'x', counter_id: value };

  const [told, read] = keysAt(new FieldKeys(), document, 'counter_id');

  expect(told).toBe(read);
});

it.each([
  ['that is cut off', (bytes: Buffer) => bytes.subarray(0, -1)],
  ['that ends before its end', (bytes: Buffer) => bytes.fill(0, 4, 5)],
  ['of a type that there is none of', (bytes: Buffer) => bytes.fill(0x20, 4, 5)],
  ['with a length below 0', (bytes: Buffer) => bytes.fill(0xff, 7, 11)],
  ['that is empty', () => Buffer.alloc(0)],
])('tells nothing of a document %s', (_, damage) => {
  const fields = new FieldKeys();
  fields.read(toText({ counter_id: 'earlier' }));

  fields.read(damage(Buffer.from(toText({ a: 'x', n: 1.5 }), 'base64')).toString('base64'));

  expect(fields.keyAt('counter_id')).toBeUndefined();
});

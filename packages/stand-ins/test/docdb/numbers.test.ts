import { BSON, type Collection, Decimal128, type Document, Double, type Filter, Int32, Long } from 'mongodb';
import { type ConnectedDocdb, connectDocdb, serverError } from './connected-docdb';

const MAX_LONG = Long.MAX_VALUE;

describe('numbers', () => {
  let docdb: ConnectedDocdb;
  beforeAll(async () => {
    docdb = await connectDocdb({ client: { promoteValues: false, promoteLongs: false } });
  });
  afterAll(() => docdb.close());

  /** The value, with its BSON type, after an update of a document that holds `before`. */
  const count = async (collection: Collection, filter: Filter<Document>): Promise<number> =>
    Number(await collection.countDocuments(filter));
  const codeOf = async (call: Promise<unknown>): Promise<number> => Number((await serverError(call)).code);
  const after = async (before: unknown, update: Record<string, unknown>): Promise<unknown> => {
    const collection = docdb.collection();
    await collection.insertOne({ n: before });
    const found = await collection.findOneAndUpdate({}, update, { returnDocument: 'after' });
    return found?.n;
  };

  it.each([
    ['int32 + int32 is an int32', new Int32(1), new Int32(1), new Int32(2)],
    ['int32 that overflows becomes a long', new Int32(2 ** 31 - 1), new Int32(1), Long.fromNumber(2 ** 31)],
    ['int32 that underflows becomes a long', new Int32(-(2 ** 31)), new Int32(-1), Long.fromNumber(-(2 ** 31) - 1)],
    ['long stays a long though it would fit', Long.fromNumber(1), new Int32(1), Long.fromNumber(2)],
    ['2^53-2 + 1 is exact', Long.fromString('9007199254740990'), new Int32(1), Long.fromString('9007199254740991')],
    ['2^53 + 1 is exact', Long.fromString('9007199254740992'), new Int32(1), Long.fromString('9007199254740993')],
    ['2^63-2 + 1 is exact', MAX_LONG.subtract(1), new Int32(1), MAX_LONG],
    ['double + int32 is a double', new Double(1), new Int32(1), new Double(2)],
    ['int32 + double is a double', new Int32(1), new Double(0.5), new Double(1.5)],
  ])('$inc: %s', async (_name, before, amount, expected) => {
    const value = await after(before, { $inc: { n: amount } });

    expect(BSON.EJSON.stringify(value, { relaxed: false })).toBe(BSON.EJSON.stringify(expected, { relaxed: false }));
  });

  it('$inc makes a missing field the amount, in the amount’s type', async () => {
    const collection = docdb.collection();
    await collection.insertOne({ other: 1 });

    await collection.updateOne({}, { $inc: { n: Long.fromNumber(5) } });

    expect((await collection.findOne())?.n).toEqual(Long.fromNumber(5));
  });

  it('$inc refuses to overflow a long, and leaves it', async () => {
    const collection = docdb.collection();
    await collection.insertOne({ _id: 7 as never, n: MAX_LONG });

    const error = await serverError(collection.updateOne({}, { $inc: { n: 1 } }));

    expect(Number(error.code)).toBe(2);
    expect(error.message).toContain('Failed to apply $inc operations to current value (9223372036854775807)');
    expect((await collection.findOne())?.n).toEqual(MAX_LONG);
  });

  it.each([
    ['a text', 'ten', 'string'],
    ['null', null, 'null'],
    ['an array', [1], 'array'],
    ['a date', new Date(0), 'date'],
  ])('$inc refuses %s under the field as TypeMismatch', async (_name, value, type) => {
    const collection = docdb.collection();
    await collection.insertOne({ _id: 'x' as never, n: value });

    const error = await serverError(collection.updateOne({}, { $inc: { n: 1 } }));

    expect([Number(error.code), error.codeName]).toEqual([14, 'TypeMismatch']);
    expect(error.message).toBe(
      `Cannot apply $inc to a value of non-numeric type. {_id: "x"} has the field 'n' of non-numeric type ${type}`,
    );
  });

  it('$inc refuses an amount that is no number', async () => {
    const error = await serverError(docdb.collection().updateOne({}, { $inc: { n: '1' } } as never));

    expect([Number(error.code), error.message]).toEqual([14, 'Cannot increment with non-numeric argument: {n: "1"}']);
  });

  it.each([
    ['a decimal', Decimal128.fromString('1.5'), new Int32(1)],
    ['by a decimal', new Int32(1), Decimal128.fromString('1.5')],
  ])('$inc refuses %s', async (_name, before, amount) => {
    const error = await serverError(after(before, { $inc: { n: amount } }));

    expect([Number(error.code), error.message]).toEqual([303, 'option $inc of decimals is currently not supported.']);
  });

  it.each([
    new Int32(5),
    new Double(5),
    new Double(-0),
    new Double(NaN),
    new Double(2 ** 40),
    Long.fromNumber(5),
    Long.MIN_VALUE,
    Decimal128.fromString('5'),
  ])('come back as the type that they were stored as: %s', async (value) => {
    const collection = docdb.collection();

    await collection.insertOne({ n: value });

    const stored = (await collection.findOne())?.n as unknown;
    expect(BSON.serialize({ n: stored })).toEqual(BSON.serialize({ n: value }));
  });

  it('are equal by value, whatever their types', async () => {
    const collection = docdb.collection();
    await collection.insertMany([
      { n: new Int32(5) },
      { n: new Double(5) },
      { n: Long.fromNumber(5) },
      { n: Decimal128.fromString('5.0') },
      { n: '5' },
    ]);

    const counts = await Promise.all(
      [5, Long.fromNumber(5), Decimal128.fromString('5'), new Double(5)].map((n) => count(collection, { n })),
    );

    expect(counts).toEqual([4, 4, 4, 4]);
  });

  it('compare exactly beyond 2^53', async () => {
    const collection = docdb.collection();
    await collection.insertOne({ n: Long.fromString('9007199254740993') });

    expect(await count(collection, { n: { $gt: new Double(9007199254740992) } })).toBe(1);
    expect(await count(collection, { n: { $lt: Decimal128.fromString('9007199254740993.5') } })).toBe(1);
    expect(await count(collection, { n: new Double(9007199254740992) })).toBe(0);
  });

  it('that are NaN equal NaN only, and come first in a sort', async () => {
    const collection = docdb.collection();
    await collection.insertMany([{ n: 1 }, { n: NaN }, { n: -Infinity }]);

    const sorted = await collection.find().sort({ n: 1 }).toArray();

    expect(sorted.map(({ n }) => Number(n))).toEqual([NaN, -Infinity, 1]);
    expect(await count(collection, { n: NaN })).toBe(1);
    expect(await count(collection, { n: { $lt: 5 } })).toBe(2);
    expect(await count(collection, { n: { $gte: NaN } })).toBe(1);
  });

  it('of two types are one value to a unique index', async () => {
    const collection = docdb.collection();
    await collection.createIndex({ n: 1 }, { unique: true });
    await collection.insertOne({ n: Long.fromNumber(1) });

    expect(await codeOf(collection.insertOne({ n: new Double(1) }))).toBe(11000);
    expect(await codeOf(collection.insertOne({ n: Decimal128.fromString('1.00') }))).toBe(11000);
    await collection.insertOne({ n: '1' });
  });

  it('count as changed when only their type changes', async () => {
    const collection = docdb.collection();
    await collection.insertOne({ n: new Int32(5) });

    const toDouble = await collection.updateOne({}, { $set: { n: new Double(5) } });
    const again = await collection.updateOne({}, { $set: { n: new Double(5) } });

    expect([toDouble.modifiedCount, again.modifiedCount].map(Number)).toEqual([1, 0]);
  });
});

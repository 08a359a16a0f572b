import { BSONRegExp, type Document, ObjectId, Timestamp } from 'mongodb';
import { type ConnectedDocdb, connectDocdb, serverError } from './connected-docdb';

describe('updates', () => {
  let docdb: ConnectedDocdb;
  beforeAll(async () => {
    docdb = await connectDocdb();
  });
  afterAll(() => docdb.close());

  /** A document after an update, without its `_id`. */
  const updated = async (
    before: object,
    update: object,
    filter: object = {},
    options: object = {},
  ): Promise<Document> => {
    const collection = docdb.collection();
    await collection.insertOne({ _id: 1 as never, ...before });
    await collection.updateOne(filter, update, options);
    const { _id, ...fields } = (await collection.findOne()) ?? {};
    expect(_id).toBe(1);
    return fields;
  };

  it.each<[name: string, before: object, update: object, after: object]>([
    ['$set of fields, also new and nested ones', { a: 1 }, { $set: { a: 2, 'b.c': 3 } }, { a: 2, b: { c: 3 } }],
    ['$set of an item', { a: [1, 2] }, { $set: { 'a.1': 9 } }, { a: [1, 9] }],
    ['$set beyond an array’s end fills it with null', { a: [1] }, { $set: { 'a.3': 9 } }, { a: [1, null, null, 9] }],
    ['$unset', { a: 1, b: { c: 2, d: 3 } }, { $unset: { a: '', 'b.c': '', x: '' } }, { b: { d: 3 } }],
    ['$unset of an item leaves null', { a: [1, 2] }, { $unset: { 'a.0': '' } }, { a: [null, 2] }],
    ['$inc of several fields', { a: 1 }, { $inc: { a: -2, 'b.c': 5 } }, { a: -1, b: { c: 5 } }],
    ['$mul of a missing field', {}, { $mul: { a: 5 } }, { a: 0 }],
    ['$min and $max', { a: 5, b: 5 }, { $min: { a: 3, b: 9 }, $max: { c: 1 } }, { a: 3, b: 5, c: 1 }],
    ['$max across types, in BSON’s order', { a: 5 }, { $max: { a: 'text' } }, { a: 'text' }],
    ['$rename', { a: 1, b: { c: 2 } }, { $rename: { a: 'x', 'b.c': 'y', no: 'z' } }, { b: {}, x: 1, y: 2 }],
    ['$bit', { a: 0b1100 }, { $bit: { a: { and: 0b1010 }, b: { or: 1 } } }, { a: 0b1000, b: 1 }],
    ['$push', { a: [1] }, { $push: { a: 2, b: 3 } }, { a: [1, 2], b: [3] }],
    [
      '$push of several at a position',
      { a: [1, 4] },
      { $push: { a: { $each: [2, 3], $position: 1 } } },
      { a: [1, 2, 3, 4] },
    ],
    ['$push that keeps the last ones', { a: [1, 2, 3] }, { $push: { a: { $each: [4], $slice: -2 } } }, { a: [3, 4] }],
    ['$push that slices a new array too', {}, { $push: { a: { $each: [1, 2, 3], $slice: -2 } } }, { a: [2, 3] }],
    [
      '$push that sorts',
      { a: [{ n: 3 }] },
      { $push: { a: { $each: [{ n: 1 }], $sort: { n: 1 } } } },
      { a: [{ n: 1 }, { n: 3 }] },
    ],
    ['$addToSet', { a: [1, { x: 1 }] }, { $addToSet: { a: { $each: [1, 2, { x: 1 }] } } }, { a: [1, { x: 1 }, 2] }],
    ['$pop', { a: [1, 2, 3], b: [1, 2] }, { $pop: { a: 1, b: -1 } }, { a: [1, 2], b: [2] }],
    ['$pull of a value', { a: [1, 2, 1] }, { $pull: { a: 1 } }, { a: [2] }],
    ['$pull by a condition', { a: [1, 5, 9] }, { $pull: { a: { $gte: 5 } } }, { a: [1] }],
    [
      '$pull of documents by their fields',
      { a: [{ n: 1, m: 2 }, { n: 2 }] },
      { $pull: { a: { n: 1 } } },
      { a: [{ n: 2 }] },
    ],
    ['$pull by a pattern', { a: ['x1', 'y'] }, { $pull: { a: new BSONRegExp('^x') } }, { a: ['y'] }],
    ['$pullAll', { a: [1, 2, 3, 2] }, { $pullAll: { a: [2, 3] } }, { a: [1] }],
    ['$setOnInsert does nothing', { a: 1 }, { $setOnInsert: { a: 9 }, $set: { b: 1 } }, { a: 1, b: 1 }],
    ['a replacement', { a: 1 }, { b: 2 }, { b: 2 }],
  ])('apply %s', async (_name, before, update, after) => {
    const collection = docdb.collection();
    await collection.insertOne({ _id: 1 as never, ...before });

    const isReplacement = !Object.keys(update).some((name) => name.startsWith('$'));
    await (isReplacement ? collection.replaceOne({}, update) : collection.updateOne({}, update));

    expect(await collection.findOne()).toEqual({ _id: 1, ...after });
  });

  it('put new fields in the order of their names, indexes by number', async () => {
    const after = await updated({ z: 1 }, { $set: { m: 1 }, $inc: { 'a.10': 1, 'a.9': 1 }, $push: { b: 1 } });

    expect(JSON.stringify(after)).toBe('{"z":1,"a":{"9":1,"10":1},"b":[1],"m":1}');
  });

  it('set the current time by $currentDate', async () => {
    const earliest = new Date();

    const { at, stamp } = await updated({}, { $currentDate: { at: true, stamp: { $type: 'timestamp' } } });

    expect((at as Date).getTime()).toBeGreaterThanOrEqual(earliest.getTime());
    expect(stamp).toBeInstanceOf(Timestamp);
  });

  it('change the first item that the filter matches by $', async () => {
    const grades = {
      grades: [
        { g: 80, m: 1 },
        { g: 90, m: 2 },
        { g: 90, m: 3 },
      ],
    };

    expect(await updated(grades, { $set: { 'grades.$.m': 9 } }, { 'grades.g': { $gt: 85 } })).toEqual({
      grades: [
        { g: 80, m: 1 },
        { g: 90, m: 9 },
        { g: 90, m: 3 },
      ],
    });
    expect(
      await updated(grades, { $inc: { 'grades.$.g': 5 } }, { grades: { $elemMatch: { g: 90, m: { $gt: 2 } } } }),
    ).toEqual({
      grades: [
        { g: 80, m: 1 },
        { g: 90, m: 2 },
        { g: 95, m: 3 },
      ],
    });
    expect(await updated({ n: [5, 7] }, { $set: { 'n.$': 0 } }, { n: 7 })).toEqual({ n: [5, 0] });
  });

  it('change every item by $[], and chosen ones by $[identifier]', async () => {
    const arrayFilters = [{ 'low.g': { $lt: 85 } }];

    expect(await updated({ n: [1, 2] }, { $mul: { 'n.$[]': 10 } })).toEqual({ n: [10, 20] });
    expect(
      await updated(
        { grades: [{ g: 80 }, { g: 90 }] },
        { $set: { 'grades.$[low].pass': false } },
        {},
        { arrayFilters },
      ),
    ).toEqual({ grades: [{ g: 80, pass: false }, { g: 90 }] });
    expect(
      await updated(
        { a: [{ b: [1, 5] }, { b: [7] }] },
        { $inc: { 'a.$[].b.$[big]': 1 } },
        {},
        { arrayFilters: [{ big: { $gte: 5 } }] },
      ),
    ).toEqual({ a: [{ b: [1, 6] }, { b: [8] }] });
  });

  it('never change a document that a reader has', async () => {
    const collection = docdb.collection();
    await collection.insertMany(Array.from({ length: 150 }, (_, n) => ({ n, tags: ['old'] })));
    const cursor = collection.find().batchSize(10);
    await cursor.next();

    await collection.updateMany({}, { $set: { 'tags.0': 'new' } });

    const rest = await cursor.toArray();
    expect(rest.every(({ tags }) => (tags as string[]).join() === 'old')).toBe(true);
  });

  describe('that upsert', () => {
    const upserted = async (filter: object, update: object): Promise<Document> => {
      const collection = docdb.collection();
      const isReplacement = !Object.keys(update).some((name) => name.startsWith('$'));
      const result = isReplacement
        ? await collection.replaceOne(filter, update, { upsert: true })
        : await collection.updateOne(filter, update, { upsert: true });
      expect([result.matchedCount, result.modifiedCount, result.upsertedCount]).toEqual([0, 0, 1]);
      const document: Document = (await collection.findOne()) ?? {};
      expect(result.upsertedId).toEqual(document._id);
      expect(Object.keys(document)[0]).toBe('_id');
      return document;
    };

    it.each<[name: string, filter: object, update: object, document: object]>([
      ['equalities', { a: 1, b: { $eq: 2 } }, { $set: { c: 3 } }, { a: 1, b: 2, c: 3 }],
      ['equalities inside $and', { $and: [{ a: 1 }, { b: { $all: [2] } }] }, { $inc: { n: 1 } }, { a: 1, b: 2, n: 1 }],
      ['nested equalities', { 'a.b': 1, 'a.c': 2 }, { $set: { n: 1 } }, { a: { b: 1, c: 2 }, n: 1 }],
      [
        'nothing of other conditions',
        { a: { $gt: 1 }, b: { $in: [1, 2] }, $or: [{ c: 1 }], d: /x/ },
        { $set: { n: 1 } },
        { n: 1 },
      ],
      ['modifiers applied to the equalities', { n: 5, a: 1 }, { $inc: { n: 1 } }, { n: 6, a: 1 }],
      ['$setOnInsert', { a: 1 }, { $setOnInsert: { b: 2 }, $inc: { n: 1 } }, { a: 1, b: 2, n: 1 }],
      ['only the replacement', { a: 1 }, { b: 2 }, { b: 2 }],
    ])('insert %s', async (_name, filter, update, document) => {
      const { _id, ...fields } = await upserted(filter, update);

      expect(_id).toBeInstanceOf(ObjectId);
      expect(fields).toEqual(document);
    });

    it('take the _id of the filter or of $setOnInsert', async () => {
      expect(await upserted({ _id: 7 }, { $set: { a: 1 } })).toEqual({ _id: 7, a: 1 });
      expect(await upserted({ _id: 7 }, { a: 1 })).toEqual({ _id: 7, a: 1 });
      expect(await upserted({ a: 1 }, { $setOnInsert: { _id: 8 } })).toEqual({ _id: 8, a: 1 });
    });

    it('refuse a field that is matched twice', async () => {
      const error = await serverError(
        docdb.collection().updateOne({ $and: [{ a: 1 }, { a: 2 }] }, { $set: { n: 1 } }, { upsert: true }),
      );

      expect([error.code, error.message]).toEqual([54, "cannot infer query fields to set, path 'a' is matched twice"]);
    });
  });

  it.each<[name: string, update: object, code: number, message: string]>([
    ['an unknown modifier', { $foo: { a: 1 } }, 9, 'Unknown modifier: $foo'],
    [
      'a modifier that JavaScript’s objects inherit',
      { $set: { a: 2 }, constructor: { a: 1 } },
      9,
      'Unknown modifier: constructor',
    ],
    [
      'two changes of a field',
      { $set: { a: 1 }, $inc: { a: 1 } },
      40,
      "Updating the path 'a' would create a conflict at 'a'",
    ],
    ['a change inside another', { $set: { 'b.c': 1 }, $unset: { b: '' } }, 40, 'would create a conflict at'],
    ['another _id', { $set: { _id: 2 } }, 66, "would modify the immutable field '_id'"],
    ['a field inside a number', { $set: { 'a.b': 1 } }, 28, "Cannot create field 'b' in element {a: 1}"],
    ['a field inside an array', { $set: { 'list.b': 1 } }, 28, "Cannot create field 'b' in element {list: [ 1 ]}"],
    ['$push to a number', { $push: { a: 1 } }, 2, "The field 'a' must be an array but is of type int"],
    ['$bit of a text', { $bit: { text: { or: 1 } } }, 2, 'Cannot apply $bit'],
    ['$ without a match', { $set: { 'list.$': 1 } }, 2, 'The positional operator did not find the match'],
    ['$[] of no array', { $set: { 'a.$[]': 1 } }, 2, 'must exist in the document'],
    ['$[identifier] without a filter', { $set: { 'list.$[x]': 1 } }, 2, "No array filter found for identifier 'x'"],
    ['a field that begins with $', { $set: { 'a.$b': 1 } }, 52, "The dollar ($) prefixed field '$b'"],
    ['an empty field name', { $set: { 'a..b': 1 } }, 56, 'contains an empty field name'],
    ['the field name __proto__', { $set: { ['__proto__.polluted']: 1 } }, 2, '__proto__ is not supported'],
  ])('refuse %s and leave the document', async (_name, update, code, message) => {
    const collection = docdb.collection();
    await collection.insertOne({ _id: 1 as never, a: 1, list: [1], text: 'x' });

    const error = await serverError(collection.updateOne({}, update));

    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
    expect(await collection.findOne()).toEqual({ _id: 1, a: 1, list: [1], text: 'x' });
    expect(({} as Document).polluted).toBeUndefined();
  });

  it('refuse an array filter that is not used', async () => {
    const error = await serverError(docdb.collection().updateOne({}, { $set: { a: 1 } }, { arrayFilters: [{ x: 1 }] }));

    expect([error.code, error.message]).toEqual([9, "The array filter for identifier 'x' was not used in the update"]);
  });

  it('refuse a pipeline, as Amazon DocumentDB does', async () => {
    const error = await serverError(docdb.collection().updateOne({}, [{ $set: { a: 1 } }]));

    expect([error.code, error.message]).toEqual([9, 'Failed to parse update: field must be of BSON type object']);
  });

  it('refuse to let a document grow beyond 16 MB', async () => {
    const collection = docdb.collection();
    await collection.insertOne({ text: 'x'.repeat(9_000_000) });

    const error = await serverError(collection.updateOne({}, { $set: { more: 'x'.repeat(9_000_000) } }));

    expect([error.code, error.codeName]).toEqual([10334, 'BSONObjectTooLarge']);
  });
});

import { type Document, Long, ObjectId } from 'mongodb';
import { type ConnectedDocdb, connectDocdb, serverError } from './connected-docdb';

describe('updates', () => {
  let docdb: ConnectedDocdb;
  beforeAll(async () => {
    docdb = await connectDocdb();
  });
  afterAll(() => docdb.close());

  it.each<[name: string, before: object, update: object, after: object]>([
    ['$set of fields, also new and nested ones', { a: 1 }, { $set: { a: 2, 'b.c': 3 } }, { a: 2, b: { c: 3 } }],
    ['$set of an item', { a: [1, 2] }, { $set: { 'a.1': 9 } }, { a: [1, 9] }],
    ['$unset', { a: 1, b: { c: 2, d: 3 } }, { $unset: { a: '', 'b.c': '', x: '' } }, { b: { d: 3 } }],
    ['$unset of an item leaves null', { a: [1, 2] }, { $unset: { 'a.0': '' } }, { a: [null, 2] }],
    ['$inc of several fields', { a: 1 }, { $inc: { a: -2, 'b.c': 5 } }, { a: -1, b: { c: 5 } }],
    ['$push', { a: [1] }, { $push: { a: 2, b: 3 } }, { a: [1, 2], b: [3] }],
    ['$push of several', { a: [1] }, { $push: { a: { $each: [2, 3] } } }, { a: [1, 2, 3] }],
    ['$push that keeps the first ones', { a: [1] }, { $push: { a: { $each: [2, 3], $slice: 2 } } }, { a: [1, 2] }],
    ['$push that keeps the last ones', { a: [1, 2, 3] }, { $push: { a: { $each: [4], $slice: -2 } } }, { a: [3, 4] }],
    ['$push that slices a new array too', {}, { $push: { a: { $each: [1, 2, 3], $slice: -2 } } }, { a: [2, 3] }],
    ['$setOnInsert does nothing', { a: 1 }, { $setOnInsert: { a: 9 }, $set: { b: 1 } }, { a: 1, b: 1 }],
    ['a replacement', { a: 1 }, { b: 2 }, { b: 2 }],
  ])('apply %s', async (_name, before, update, after) => {
    const collection = docdb.collection();
    await collection.insertOne({ _id: 1 as never, ...before });

    const isReplacement = !Object.keys(update).some((name) => name.startsWith('$'));
    await (isReplacement ? collection.replaceOne({}, update) : collection.updateOne({}, update));

    expect(await collection.findOne()).toEqual({ _id: 1, ...after });
  });

  it('record the key of a call beside the value that it wrote, and keep the last ones', async () => {
    const counters = docdb.collection();
    await counters.insertOne({ counter_id: 'votes', atomic_counter: Long.fromNumber(7) });
    const keyed = (value: number, h: string): Promise<Document | null> =>
      counters.findOneAndUpdate(
        { counter_id: 'votes', atomic_counter: Long.fromNumber(value), 'k.h': { $ne: h } },
        {
          $set: { atomic_counter: Long.fromNumber(value + 1) },
          $push: { k: { $each: [{ h, v: value + 1 }], $slice: -2 } } as never,
        },
        { returnDocument: 'after', projection: { _id: 0 } },
      );

    const answers = [
      await keyed(7, 'a'),
      await keyed(7, 'b'), // another value stands there by now
      await keyed(8, 'a'), // the key has counted
      await keyed(8, 'b'),
      await keyed(9, 'c'),
      await keyed(10, 'a'), // forgotten
    ];

    expect(answers.map((document) => (document?.k as { h: string; v: number }[] | undefined) ?? null)).toEqual([
      [{ h: 'a', v: 8 }],
      null,
      null,
      [
        { h: 'a', v: 8 },
        { h: 'b', v: 9 },
      ],
      [
        { h: 'b', v: 9 },
        { h: 'c', v: 10 },
      ],
      [
        { h: 'c', v: 10 },
        { h: 'a', v: 11 },
      ],
    ]);
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
      ['equalities inside $and', { $and: [{ a: 1 }, { b: { $eq: 2 } }] }, { $inc: { n: 1 } }, { a: 1, b: 2, n: 1 }],
      ['nested equalities', { 'a.b': 1, 'a.c': 2 }, { $set: { n: 1 } }, { a: { b: 1, c: 2 }, n: 1 }],
      [
        'nothing of other conditions',
        { a: { $gt: 1 }, b: { $in: [1, 2] }, $or: [{ c: 1 }], d: { $ne: 1 } },
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
    ['a positional $', { $set: { 'list.$': 1 } }, 52, "The dollar ($) prefixed field '$' in 'list.$'"],
    ['a positional $[]', { $set: { 'list.$[]': 1 } }, 52, "The dollar ($) prefixed field '$[]' in 'list.$[]'"],
    [
      'an item beyond an array’s end',
      { $set: { 'list.5': 1 } },
      28,
      "Cannot create field '5' in element {list: [ 1 ]}",
    ],
    [
      '$push with a clause that it hasn’t',
      { $push: { list: { $each: [], $sort: 1 } } },
      2,
      'Unrecognized clause in $push: $sort',
    ],
    ['$push of no list', { $push: { list: { $each: 1 } } }, 2, 'The argument to $each in $push must be an array'],
    ['$mul', { $mul: { a: 2 } }, 9, 'Unknown modifier: $mul'],
    ['$rename', { $rename: { a: 'b' } }, 9, 'Unknown modifier: $rename'],
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

  it('refuse array filters as an option that is not there', async () => {
    const error = await serverError(docdb.collection().updateOne({}, { $set: { a: 1 } }, { arrayFilters: [{ x: 1 }] }));

    expect([error.code, error.message]).toEqual([303, 'option arrayFilters is currently not supported.']);
  });

  it('refuse a pipeline in Amazon DocumentDB’s words', async () => {
    const collection = docdb.collection();

    const inUpdate = await serverError(collection.updateOne({}, [{ $set: { a: 1 } }]));
    const inFindAndModify = await serverError(collection.findOneAndUpdate({}, [{ $set: { a: 1 } }]));

    expect([inUpdate.code, inUpdate.message]).toEqual([14, 'Wrong type for parameter u']);
    expect([inFindAndModify.code, inFindAndModify.message]).toEqual([14, 'Wrong type for parameter update']);
  });

  it('refuse to let a document grow beyond 16 MB', async () => {
    const collection = docdb.collection();
    await collection.insertOne({ text: 'x'.repeat(9_000_000) });

    const error = await serverError(collection.updateOne({}, { $set: { more: 'x'.repeat(9_000_000) } }));

    expect([error.code, error.codeName]).toEqual([10334, 'BSONObjectTooLarge']);
  });
});

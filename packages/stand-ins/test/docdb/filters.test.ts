import { Binary, BSONRegExp, Long, ObjectId, Timestamp } from 'mongodb';
import { type ConnectedDocdb, connectDocdb, serverError } from './connected-docdb';

describe('filters', () => {
  let docdb: ConnectedDocdb;
  beforeAll(async () => {
    docdb = await connectDocdb();
  });
  afterAll(() => docdb.close());

  /** The `_id`s of those documents, numbered from 0, that a filter matches. */
  const matches = async (documents: readonly object[], filter: object): Promise<unknown[]> => {
    const collection = docdb.collection();
    await collection.insertMany(documents.map((document, index) => ({ _id: index as never, ...document })));
    return (await collection.find(filter).toArray()).map(({ _id }) => _id as unknown);
  };

  const people = [
    { name: 'Ann', age: 30, tags: ['a', 'b'], home: { city: 'Oslo', zip: '1' } },
    { name: 'bob', age: 25, tags: [], home: { city: 'Rome' } },
    {
      name: 'Cid',
      age: null,
      tags: ['b', 'c'],
      visits: [
        { n: 1, ok: true },
        { n: 5, ok: false },
      ],
    },
    { name: 'Dee', tags: 'b', visits: [{ n: 5, ok: true }] },
  ];

  it.each<[name: string, filter: object, ids: number[]]>([
    ['everything', {}, [0, 1, 2, 3]],
    ['equality', { name: 'Ann' }, [0]],
    ['equality is case-sensitive', { name: 'ann' }, []],
    ['several fields', { name: 'bob', age: 25 }, [1]],
    ['null matches missing too', { age: null }, [2, 3]],
    ['$exists', { age: { $exists: true } }, [0, 1, 2]],
    ['$exists: false', { age: { $exists: false } }, [3]],
    ['$gt compares only its own kind', { age: { $gt: 'a' } }, []],
    ['a range', { age: { $gte: 25, $lt: 30 } }, [1]],
    ['$ne', { name: { $ne: 'Ann' } }, [1, 2, 3]],
    ['$in', { name: { $in: ['Ann', 'Dee'] } }, [0, 3]],
    ['$in with null', { age: { $in: [null, 25] } }, [1, 2, 3]],
    ['$nin', { name: { $nin: ['Ann', 'Dee'] } }, [1, 2]],
    ['an item of an array', { tags: 'b' }, [0, 2, 3]],
    ['a whole array', { tags: ['a', 'b'] }, [0]],
    ['the order of an array counts', { tags: ['b', 'a'] }, []],
    ['an item by its index', { 'tags.1': 'c' }, [2]],
    ['a field of a document', { 'home.city': 'Rome' }, [1]],
    ['a whole document', { home: { city: 'Oslo', zip: '1' } }, [0]],
    ['the order of a document’s fields counts', { home: { zip: '1', city: 'Oslo' } }, []],
    ['fields in an array of documents', { 'visits.n': 5 }, [2, 3]],
    ['conditions may be met by different items', { 'visits.n': 5, 'visits.ok': true }, [2, 3]],
    ['$or', { $or: [{ name: 'Ann' }, { age: 25 }] }, [0, 1]],
    ['$and', { $and: [{ tags: 'b' }, { tags: 'c' }] }, [2]],
    ['$nor', { $nor: [{ name: 'Ann' }, { age: 25 }] }, [2, 3]],
    ['$not', { age: { $not: { $gt: 26 } } }, [1, 2, 3]],
    ['$type by name', { age: { $type: 'int' } }, [0, 1]],
    ['several of $type', { age: { $type: ['null', 'string'] } }, [2]],
    ['$type of an array and of its items', { tags: { $type: 'array' } }, [0, 1, 2]],
  ])('match %s', async (_name, filter, ids) => {
    expect(await matches(people, filter)).toEqual(ids);
  });

  it('compare BSON’s own types by value', async () => {
    const id = new ObjectId();
    const values = [
      id,
      new Date(5),
      new Binary(Buffer.from('ab')),
      new Timestamp({ t: 1, i: 2 }),
      new BSONRegExp('a', 'i'),
    ];
    const documents = values.map((v) => ({ v }));

    expect(await matches(documents, { v: new ObjectId(id.toHexString()) })).toEqual([0]);
    expect(await matches(documents, { v: { $lte: new Date(5) } })).toEqual([1]);
    expect(await matches(documents, { v: new Binary(Buffer.from('ab')) })).toEqual([2]);
    expect(await matches(documents, { v: new Timestamp({ t: 1, i: 2 }) })).toEqual([3]);
  });

  it('are no way to fields that the types have in JavaScript', async () => {
    const documents = [{ v: Long.fromString('9007199254740993') }, { v: new Date(0) }, { v: 'text' }];

    expect(await matches(documents, { 'v.high': { $exists: true } })).toEqual([]);
    expect(await matches(documents, { 'v.length': 4 })).toEqual([]);
    expect(await matches(documents, { toString: { $exists: true } })).toEqual([]);
    expect(await matches(documents, { 'hasOwnProperty.name': 'hasOwnProperty' })).toEqual([]);
  });

  it('sort values in BSON’s order of their types', async () => {
    const values = [
      new Timestamp({ t: 1, i: 2 }),
      new Date(0),
      true,
      'text',
      { a: 1 },
      3,
      null,
      new ObjectId(),
      new Binary(Buffer.from('x')),
    ];
    const collection = docdb.collection();
    await collection.insertMany(values.map((v) => ({ v })));

    const sorted = await collection.find().sort({ v: 1 }).toArray();

    const order = [6, 5, 3, 4, 8, 7, 2, 1, 0];
    expect(sorted.map(({ v }) => v as unknown)).toEqual(order.map((index) => values[index]));
  });

  it.each<[name: string, filter: object, code: number, message: string]>([
    ['an unknown operator', { a: { $foo: 1 } }, 2, 'unknown operator: $foo'],
    ['an unknown operator at the top', { $foo: 1 }, 2, 'unknown top level operator: $foo'],
    ['an operator beside a field', { a: { $gt: 1, b: 2 } }, 2, 'unknown operator: b'],
    ['an operator inherited from JavaScript', { a: { $gt: 1, constructor: 1 } }, 2, 'unknown operator: constructor'],
    ['$where', { $where: 'true' }, 2, 'unknown top level operator: $where'],
    ['$expr', { $expr: { $gt: ['$a', 1] } }, 2, 'unknown top level operator: $expr'],
    ['$in without an array', { a: { $in: 1 } }, 2, '$in needs an array'],
    ['an empty $or', { $or: [] }, 2, '$or must be a nonempty array'],
    ['a type that doesn’t exist', { a: { $type: 'whole' } }, 2, 'Unknown type name alias: whole'],
    ['$regex', { a: { $regex: 'x' } }, 2, 'unknown operator: $regex'],
    ['a pattern', { a: /x/ }, 2, 'unknown operator: $regex'],
    ['a pattern in $in', { a: { $in: [/x/] } }, 2, 'unknown operator: $regex'],
    ['a pattern in $not', { a: { $not: /x/ } }, 2, '$not needs'],
    ['$elemMatch', { a: { $elemMatch: { x: 1 } } }, 2, 'unknown operator: $elemMatch'],
    ['$all', { a: { $all: [1] } }, 2, 'unknown operator: $all'],
  ])('refuse %s', async (_name, filter, code, message) => {
    const collection = docdb.collection();
    await collection.insertOne({ a: 1 });

    const error = await serverError(collection.findOne(filter));

    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
  });

  it('refuse a collation, as Amazon DocumentDB 5.0 does', async () => {
    const error = await serverError(
      docdb
        .collection()
        .find({}, { collation: { locale: 'en' } })
        .toArray(),
    );

    expect([error.code, error.message]).toEqual([303, 'option collation is currently not supported.']);
  });
});

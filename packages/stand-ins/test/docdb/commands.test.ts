import { Decimal128, Long } from 'mongodb';
import { type ConnectedDocdb, connectDocdb, serverError } from './connected-docdb';

describe('commands', () => {
  let docdb: ConnectedDocdb;
  beforeAll(async () => {
    docdb = await connectDocdb();
  });
  afterAll(() => docdb.close());

  const numbered = async (count: number): Promise<ReturnType<ConnectedDocdb['collection']>> => {
    const collection = docdb.collection();
    await collection.insertMany(Array.from({ length: count }, (_, n) => ({ _id: n as never, n, odd: n % 2 === 1 })));
    return collection;
  };

  describe('find', () => {
    it('sorts, skips and limits', async () => {
      const collection = await numbered(10);

      const found = await collection.find({ odd: true }).sort({ n: -1 }).skip(1).limit(2).toArray();

      expect(found.map(({ n }) => n as number)).toEqual([7, 5]);
    });

    it('hands out all documents, whatever the size of a batch', async () => {
      const collection = await numbered(250);

      const all = await collection.find().batchSize(30).toArray();
      const byDefault = await collection.find().toArray();

      expect(all.map(({ n }) => n as number)).toEqual(Array.from({ length: 250 }, (_, n) => n));
      expect(byDefault).toHaveLength(250);
    });

    it('refuses more documents than an answer can take', async () => {
      const collection = docdb.collection();
      for (let n = 0; n < 3; n++) await collection.insertOne({ n, text: 'x'.repeat(7_000_000) });

      const found = await collection.find().limit(2).toArray();
      const error = await serverError(collection.find().toArray());

      expect(found.map(({ n }) => n as number)).toEqual([0, 1]);
      expect([error.code, error.message]).toEqual([10334, expect.stringContaining('set a limit')]);
    });

    it('finds nothing in a collection that is not there', async () => {
      expect(await docdb.db.collection('none').find({ a: 1 }).toArray()).toEqual([]);
    });

    it('takes the hint of an index that is there only', async () => {
      const collection = await numbered(3);

      const error = await serverError(collection.find({ n: 1 }, { hint: 'n_1' }).toArray());

      expect(error.message).toBe('hint provided does not correspond to an existing index');
      expect(await collection.find({ n: 1 }, { hint: { _id: 1 } }).toArray()).toHaveLength(1);
    });

    const item = { _id: 1, a: 1, b: { c: 2, d: 3 }, list: [{ x: 1 }] };
    it.each<[name: string, projection: object, expected: object]>([
      ['included fields and the _id', { a: 1 }, { _id: 1, a: 1 }],
      ['included fields alone, in the document’s order', { b: 1, a: true, _id: false }, { a: 1, b: item.b }],
      ['the _id alone', { _id: 1 }, { _id: 1 }],
      ['all but excluded fields', { list: 0, b: false }, { _id: 1, a: 1 }],
      ['all but the _id', { _id: 0 }, { a: 1, b: item.b, list: item.list }],
      ['all but excluded fields and the _id', { _id: 0, b: 0, list: 0 }, { a: 1 }],
      ['no field that is not there', { x: 1, _id: 0 }, {}],
    ])('projects %s', async (_name, projection, expected) => {
      const collection = docdb.collection();
      await collection.insertOne(item as never);

      expect(await collection.findOne({}, { projection })).toEqual(expected);
      expect(await collection.findOne()).toEqual(item);
    });

    it('refuses projections that mix, calculate or reach into a field', async () => {
      const collection = await numbered(1);

      const mixed = await serverError(collection.findOne({}, { projection: { n: 1, odd: 0 } }));
      const calculated = await serverError(collection.findOne({}, { projection: { m: { $add: ['$n', 1] } } }));

      expect([mixed.code, mixed.message]).toEqual([31254, 'Cannot do exclusion on field odd in inclusion projection']);
      expect(calculated.code).toBe(303);
      for (const projection of [
        { 'a.b': 1 },
        { 'list.$': 1 },
        { list: { $slice: 1 } },
        { list: { $elemMatch: { x: 1 } } },
      ]) {
        expect((await serverError(collection.findOne({}, { projection }))).code).toBe(303);
      }
    });
  });

  describe('insert', () => {
    it('stops at the first error when ordered, and goes on when not', async () => {
      const ordered = docdb.collection();
      const unordered = docdb.collection();
      const documents = [{ _id: 1 }, { _id: 1 }, { _id: 2 }] as never[];

      await serverError(ordered.insertMany(documents));
      const error = await serverError(unordered.insertMany(documents, { ordered: false }));

      expect(await ordered.countDocuments()).toBe(1);
      expect(await unordered.countDocuments()).toBe(2);
      expect(error.code).toBe(11000);
    });

    it('makes an _id where there is none and puts it first', async () => {
      const { name, collectionName } = { name: 'insert', collectionName: docdb.collection().collectionName };

      await docdb.db.command({ [name]: collectionName, documents: [{ a: 1 }] });

      const document = (await docdb.db.collection(collectionName).findOne()) ?? {};
      expect(Object.keys(document)).toEqual(['_id', 'a']);
    });

    it('refuses an array as _id', async () => {
      const error = await serverError(docdb.collection().insertOne({ _id: [1] as never }));

      expect([error.code, error.message]).toEqual([53, "The '_id' value cannot be of type array"]);
    });

    it.each([
      ['by insert', { insert: 'ids', documents: [{ _id: { $a: 1 } }] }],
      ['by insert, deep inside', { insert: 'ids', documents: [{ _id: { a: [{ $a: 1 }] } }] }],
      [
        'by an upsert',
        { update: 'ids', updates: [{ q: { _id: { $eq: { $a: 1 } } }, u: { $set: { b: 1 } }, upsert: true }] },
      ],
      ['by a replacement', { update: 'ids', updates: [{ q: { x: 1 }, u: { _id: { $a: 1 } }, upsert: true }] }],
    ])('refuses an _id whose fields begin with a dollar sign: %s', async (_name, command) => {
      const { writeErrors } = await docdb.db.command(command);

      expect(writeErrors).toEqual([
        expect.objectContaining({
          code: 52,
          errmsg: "_id fields may not contain '$'-prefixed fields: $a is not valid for storage.",
        }),
      ]);
      expect(await docdb.db.collection('ids').countDocuments()).toBe(0);
    });
  });

  it('delete one or all that match', async () => {
    const collection = await numbered(10);

    const one = await collection.deleteOne({ odd: true });
    const rest = await collection.deleteMany({ odd: true });

    expect([one.deletedCount, rest.deletedCount, await collection.countDocuments()]).toEqual([1, 4, 5]);
  });

  it('count with limit and skip, and by estimate', async () => {
    const collection = await numbered(10);

    expect(await collection.countDocuments({ odd: true }, { skip: 1, limit: 3 })).toBe(3);
    expect(await collection.countDocuments({ n: { $gt: 100 } })).toBe(0);
    expect(await collection.estimatedDocumentCount()).toBe(10);
  });

  it('count whatever the documents hold', async () => {
    const collection = docdb.collection();
    await collection.insertMany([{ v: Long.MAX_VALUE }, { v: Decimal128.fromString('0.1') }]);

    expect(await collection.countDocuments()).toBe(2);
    expect(await docdb.db.collection('none').countDocuments()).toBe(0);
    expect(await collection.aggregate([{ $group: { _id: null, n: { $sum: 1 } } }]).toArray()).toEqual([
      { _id: null, n: 2 },
    ]);
  });

  it.each([
    ['a stage but those that count', [{ $project: { a: 1 } }], 304, "Aggregation stage not supported: '$project'"],
    ['a stage after the count', [{ $group: { _id: 1, n: { $sum: 1 } } }, { $out: 'x' }], 304, "'$out'"],
    ['another sum', [{ $group: { _id: '$a', n: { $sum: 1 } } }], 304, 'this stand-in counts by'],
    ['no stage', [], 304, 'this stand-in counts by'],
    ['a stage of two', [{ $match: {}, $limit: 1 }], 40323, 'exactly one field'],
  ])('refuse to aggregate by %s', async (_name, pipeline, code, message) => {
    const error = await serverError(docdb.collection().aggregate(pipeline).toArray());

    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
  });

  it.each([
    [[{ $match: {} }], "{aggregate: 1} is not valid for '$match'; a collection is required."],
    [[], '{aggregate: 1} is not valid for an empty pipeline; a collection is required.'],
  ])('refuse to aggregate a database, in the words for that: %j', async (pipeline, message) => {
    const error = await serverError(docdb.db.aggregate(pipeline).toArray());

    expect([error.code, error.message]).toEqual([73, message]);
  });

  describe('databases and collections', () => {
    it('come with the first write, are listed and dropped', async () => {
      const other = docdb.client.db('other');
      await other.collection('a').insertOne({});
      await other.createCollection('b');

      const listed = (await other.listCollections().toArray()).map(({ name }) => name).sort();
      await other.dropCollection('a');
      const left = (await other.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name);
      const databases = (await docdb.client.db().admin().listDatabases()).databases.map(({ name }) => name);
      await other.dropDatabase();
      const after = (await docdb.client.db().admin().listDatabases({ nameOnly: true })).databases.map(
        ({ name }) => name,
      );

      expect(listed).toEqual(['a', 'b']);
      expect(left).toEqual(['b']);
      expect(databases).toContain('other');
      expect(after).not.toContain('other');
    });

    it('keep documents apart', async () => {
      await docdb.client.db('one').collection('same').insertOne({ a: 1 });

      expect(await docdb.client.db('two').collection('same').countDocuments()).toBe(0);
    });

    it.each([
      ['a collection that is there', { create: 'there' }, 48, 'Collection already exists. NS: names.there'],
      ['a capped one', { create: 'x', capped: true }, 303, 'option capped is currently not supported.'],
      ['an empty name', { create: '' }, 73, "Invalid namespace specified 'names.'"],
      ['dropping one that is not there', { drop: 'none' }, 26, 'ns not found'],
    ])('refuse %s', async (_name, command, code, message) => {
      const db = docdb.client.db('names');
      if ((await db.listCollections().toArray()).length === 0) await db.createCollection('there');

      const error = await serverError(db.command(command));

      expect([error.code, error.message]).toEqual([code, message]);
    });
  });

  it.each([
    ['an unknown command', { frobnicate: 1 }, 59, "no such command: 'frobnicate'"],
    ['a name that JavaScript’s objects inherit', { constructor: 1 }, 59, "no such command: 'constructor'"],
    ['an unknown field', { find: 'x', fltr: {} }, 40415, "BSON field 'find.fltr' is an unknown field."],
    [
      'an unknown field of a statement',
      { update: 'x', updates: [{ q: {}, u: {}, upsrt: true }] },
      40415,
      "BSON field 'update.updates.upsrt' is an unknown field.",
    ],
    [
      'a field of the wrong type',
      { find: 'x', filter: 5 },
      14,
      "BSON field 'filter' is the wrong type 'int', expected type 'object'",
    ],
    ['a missing field', { insert: 'x' }, 40414, "BSON field 'documents' is missing but a required field"],
    ['an option that isn’t supported', { find: 'x', let: {} }, 303, 'option let is currently not supported.'],
  ])('refuse %s', async (_name, command, code, message) => {
    const error = await serverError(docdb.db.command(command));

    expect([error.code, error.message]).toEqual([code, message]);
  });

  it.each(['distinct', 'mapReduce', 'collMod', 'renameCollection', 'explain', 'getParameter', 'bulkWrite'])(
    'that are not on the list are unknown: %s',
    async (name) => {
      const error = await serverError(docdb.db.command({ [name]: 'x' }));

      expect([error.code, error.codeName, error.message]).toEqual([
        59,
        'CommandNotFound',
        `no such command: '${name}'`,
      ]);
    },
  );

  it('tell the version of the engine that is deployed', async () => {
    const { version } = await docdb.db.admin().buildInfo();

    expect(version).toBe('5.0.0');
  });
});

import { type ConnectedDocdb, connectDocdb, serverError } from './connected-docdb';

describe('indexes', () => {
  let docdb: ConnectedDocdb;
  beforeAll(async () => {
    docdb = await connectDocdb();
  });
  afterAll(() => docdb.close());

  it('are listed with what makes them, the one on _id first', async () => {
    const collection = docdb.collection();
    await collection.createIndex({ sku: 1 }, { unique: true });
    await collection.createIndex({ a: 1, b: -1 }, { name: 'both' });

    expect(await collection.indexes()).toEqual([
      { v: 2, key: { _id: 1 }, name: '_id_' },
      { v: 2, key: { sku: 1 }, name: 'sku_1', unique: true },
      { v: 2, key: { a: 1, b: -1 }, name: 'both' },
    ]);
  });

  it('are made once, however often and by however many at once they are asked for', async () => {
    const collection = docdb.collection();

    await Promise.all(Array.from({ length: 8 }, () => collection.createIndex({ sku: 1 }, { unique: true })));

    expect((await collection.indexes()).map(({ name }) => name)).toEqual(['_id_', 'sku_1']);
  });

  it('that are unique are not made over duplicates', async () => {
    const collection = docdb.collection();
    await collection.insertMany([{ sku: 'a' }, { sku: 'b' }, { sku: 'a' }]);

    const error = await serverError(
      collection.createIndexes([
        { key: { other: 1 }, name: 'other_1' },
        { key: { sku: 1 }, name: 'sku_1', unique: true },
      ]),
    );

    expect([error.code, error.codeName]).toEqual([11000, 'DuplicateKey']);
    expect(error.message).toContain(
      `E11000 duplicate key error collection: ${collection.namespace} index: sku_1 dup key: { sku: "a" }`,
    );
    expect(error).toMatchObject({ keyPattern: { sku: 1 }, keyValue: { sku: 'a' } });
    expect((await collection.indexes()).map(({ name }) => name)).toEqual(['_id_']);
  });

  it.each<[name: string, write: (c: ReturnType<ConnectedDocdb['collection']>) => Promise<unknown>]>([
    ['insertOne', (c) => c.insertOne({ sku: 'a' })],
    ['insertMany', (c) => c.insertMany([{ sku: 'a' }])],
    ['updateOne', (c) => c.updateOne({ sku: 'b' }, { $set: { sku: 'a' } })],
    ['updateMany', (c) => c.updateMany({ sku: 'b' }, { $set: { sku: 'a' } })],
    ['replaceOne', (c) => c.replaceOne({ sku: 'b' }, { sku: 'a' })],
    ['an upsert', (c) => c.updateOne({ sku: 'a', n: 5 }, { $set: { x: 1 } }, { upsert: true })],
    ['findOneAndUpdate', (c) => c.findOneAndUpdate({ sku: 'b' }, { $set: { sku: 'a' } })],
    ['findOneAndReplace', (c) => c.findOneAndReplace({ sku: 'b' }, { sku: 'a' })],
    ['bulkWrite', (c) => c.bulkWrite([{ insertOne: { document: { sku: 'a' } } }])],
  ])('that are unique hold in %s', async (_name, write) => {
    const collection = docdb.collection();
    await collection.createIndex({ sku: 1 }, { unique: true });
    await collection.insertMany([{ sku: 'a' }, { sku: 'b' }]);

    const error = await serverError(write(collection));

    expect(error.code).toBe(11000);
    expect(error.message).toContain('index: sku_1 dup key: { sku: "a" }');
    expect((await collection.find().toArray()).map(({ sku }) => sku as string)).toEqual(['a', 'b']);
  });

  it('on _id are unique too', async () => {
    const collection = docdb.collection();
    await collection.insertOne({ _id: 1 as never });

    const error = await serverError(collection.insertOne({ _id: 1 as never }));

    expect([error.code, error.keyValue]).toEqual([11000, { _id: 1 }]);
  });

  it('let a value go when its document changes or is deleted', async () => {
    const collection = docdb.collection();
    await collection.createIndex({ sku: 1 }, { unique: true });
    await collection.insertMany([{ sku: 'a' }, { sku: 'b' }]);

    await collection.updateOne({ sku: 'a' }, { $set: { sku: 'c' } });
    await collection.deleteOne({ sku: 'b' });
    await collection.insertMany([{ sku: 'a' }, { sku: 'b' }]);

    expect(await collection.countDocuments({ sku: { $in: ['a', 'b', 'c'] } })).toBe(3);
  });

  it('keep values apart that only look alike', async () => {
    const collection = docdb.collection();
    await collection.createIndex({ a: 1, b: 1 }, { unique: true });

    await collection.insertMany([
      { a: '7', b: '' },
      { a: 7, b: '' },
      { a: '007', b: '' },
      { a: '1e2', b: '' },
      { a: 100, b: '' },
      { a: 'x', b: 'yz' },
      { a: 'xy', b: 'z' },
      { a: 'X', b: 'yz' },
      { a: 'x ', b: 'yz' },
      { a: null, b: 'null' },
      { a: ['x', 'q'], b: 'z' },
    ]);

    expect(await collection.find({ a: '7', b: '' }).toArray()).toHaveLength(1);
    expect(await collection.find({ a: 'q', b: 'z' }).toArray()).toHaveLength(1);
  });

  it('count a missing field as null once', async () => {
    const collection = docdb.collection();
    await collection.createIndex({ sku: 1 }, { unique: true });
    await collection.insertOne({ n: 1 });

    const error = await serverError(collection.insertOne({ sku: null }));

    expect([error.code, error.keyValue]).toEqual([11000, { sku: null }]);
  });

  it('find what a search through all documents finds', async () => {
    const plain = docdb.collection();
    const indexed = docdb.collection();
    await indexed.createIndex({ a: 1 });
    await indexed.createIndex({ 'b.c': 1 });
    const documents = [
      { a: 1 },
      { a: [1, 2] },
      { a: null },
      {},
      { a: [] },
      { a: [[1]] },
      { b: { c: 1 } },
      { b: [{ c: 1 }, {}] },
      { b: [5] },
    ];
    const numbered = documents.map((document, index) => ({ _id: index as never, ...document }));
    await plain.insertMany(numbered);
    await indexed.insertMany(numbered);

    const filters = [{ a: 1 }, { a: null }, { a: [1] }, { a: [] }, { a: { $eq: 2 } }, { 'b.c': 1 }, { 'b.c': null }];
    for (const filter of filters) {
      expect(await indexed.find(filter).sort({ _id: 1 }).toArray()).toEqual(await plain.find(filter).toArray());
    }
  });

  it('are dropped by name, by fields and all at once', async () => {
    const collection = docdb.collection();
    await collection.createIndexes([
      { key: { a: 1 }, name: 'a_1', unique: true },
      { key: { b: 1 }, name: 'b_1' },
      { key: { c: 1 }, name: 'c_1' },
    ]);

    await collection.dropIndex('a_1');
    await docdb.db.command({ dropIndexes: collection.collectionName, index: { b: 1 } });
    const left = (await collection.indexes()).map(({ name }) => name);
    await collection.dropIndexes();
    await collection.insertMany([{ a: 1 }, { a: 1 }]);

    expect(left).toEqual(['_id_', 'c_1']);
    expect(await collection.indexes()).toHaveLength(1);
  });

  it('refuse what contradicts one that is there', async () => {
    const collection = docdb.collection();
    await collection.createIndex({ sku: 1 });

    const otherOptions = await serverError(collection.createIndex({ sku: 1 }, { unique: true, name: 'unique_sku' }));
    const otherFields = await serverError(collection.createIndex({ a: 1 }, { name: 'sku_1' }));
    const missing = await serverError(collection.dropIndex('none'));
    const unknownCollection = await serverError(docdb.db.command({ listIndexes: 'none' }));

    expect([otherOptions.code, otherFields.code, missing.code, unknownCollection.code]).toEqual([85, 86, 27, 26]);
  });

  it.each([
    ['a sparse one', { key: { a: 1 }, name: 'x', sparse: true }, 'option sparse is currently not supported.'],
    [
      'a partial one',
      { key: { a: 1 }, name: 'x', partialFilterExpression: {} },
      'option partialFilterExpression is currently not supported.',
    ],
    ['a kind of index', { key: { a: 'text' }, name: 'x' }, 'option index type "text" is currently not supported.'],
    [
      'an expiry',
      { key: { a: 1 }, name: 'x', expireAfterSeconds: 5 },
      'option expireAfterSeconds is currently not supported.',
    ],
    [
      'a collation',
      { key: { a: 1 }, name: 'x', collation: { locale: 'en' } },
      'option collation is currently not supported.',
    ],
  ])('refuse %s that isn’t supported', async (_name, index, message) => {
    const error = await serverError(docdb.db.command({ createIndexes: 'x', indexes: [index] }));

    expect([error.code, error.message]).toEqual([303, message]);
  });

  it('can’t be made over two arrays of one document', async () => {
    const collection = docdb.collection();
    await collection.createIndex({ a: 1, b: 1 });

    const error = await serverError(collection.insertOne({ a: [1, 2], b: [1, 2] }));

    expect(error.code).toBe(171);
    expect(await collection.countDocuments()).toBe(0);
  });
});

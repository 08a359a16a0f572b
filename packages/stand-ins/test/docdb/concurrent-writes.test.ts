import { type ConnectedDocdb, connectDocdb, serverError } from './connected-docdb';

describe('writes that arrive at once', () => {
  let docdb: ConnectedDocdb;
  beforeAll(async () => {
    docdb = await connectDocdb({ client: { maxPoolSize: 64 } });
  });
  afterAll(() => docdb.close());

  const times = <T>(count: number, call: (index: number) => Promise<T>): Promise<T[]> =>
    Promise.all(Array.from({ length: count }, (_, index) => call(index)));

  it('are each counted once by findAndModify, which returns the value it wrote', async () => {
    const stock = docdb.collection();

    const found = await times(640, () =>
      stock.findOneAndUpdate({ sku: 'tea' }, { $inc: { sold: 1 } }, { upsert: true, returnDocument: 'after' }),
    );

    const sold = found.map((document) => document?.sold as number).sort((a, b) => a - b);
    expect(sold).toEqual(Array.from({ length: 640 }, (_, index) => index + 1));
    expect(await stock.countDocuments()).toBe(1);
  });

  it('get lost when each reads and then replaces what it read', async () => {
    const stock = docdb.collection();
    await stock.insertOne({ sku: 'tea', sold: 0 });

    const reads = await times(64, () => stock.findOne({ sku: 'tea' }));
    await times(64, (index) =>
      stock.replaceOne({ sku: 'tea' }, { sku: 'tea', sold: (reads[index]?.sold as number) + 1 }),
    );

    expect(await stock.findOne({ sku: 'tea' })).toMatchObject({ sold: 1 });
  });

  it('insert one document when 64 upsert under a unique index, and the others match it', async () => {
    const stock = docdb.collection();
    await stock.createIndex({ sku: 1 }, { unique: true });

    const results = await times(64, (index) =>
      stock.updateOne({ sku: 'tea' }, { $inc: { sold: 1 }, $setOnInsert: { first: index } }, { upsert: true }),
    );

    expect(results.filter(({ upsertedCount }) => upsertedCount === 1)).toHaveLength(1);
    expect(results.filter(({ matchedCount }) => matchedCount === 1)).toHaveLength(63);
    expect(await stock.findOne()).toMatchObject({ sku: 'tea', sold: 64 });
  });

  it('are refused as duplicates when the upsert’s filter excludes the document that is there', async () => {
    const stock = docdb.collection();
    await stock.createIndex({ sku: 1 }, { unique: true });
    const limited = (): Promise<unknown> =>
      stock.findOneAndUpdate(
        { sku: 'tea', sold: { $lt: 20 } },
        { $inc: { sold: 1 } },
        { upsert: true, returnDocument: 'after' },
      );

    const outcomes = await Promise.allSettled(Array.from({ length: 64 }, limited));

    const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
    expect(refused).toHaveLength(44);
    expect(refused.every((reason) => (reason as { code?: unknown }).code === 11000)).toBe(true);
    expect(await stock.findOne()).toMatchObject({ sold: 20 });
  });

  it('all fail, and change nothing, when one document of an updateMany can’t take the change', async () => {
    const stock = docdb.collection();
    await stock.insertMany([
      { _id: 1 as never, sold: 1 },
      { _id: 2 as never, sold: 'none' },
    ]);

    const error = await serverError(stock.updateMany({}, { $inc: { sold: 1 } }));

    expect(error.code).toBe(14);
    expect(await stock.findOne({ _id: 1 as never })).toMatchObject({ sold: 1 });
  });

  it('are rolled back when a later document of an updateMany breaks a unique index', async () => {
    const stock = docdb.collection();
    await stock.createIndex({ sku: 1 }, { unique: true });
    await stock.insertMany([{ sku: 'a' }, { sku: 'b' }]);

    const error = await serverError(stock.updateMany({}, { $set: { sku: 'c' } }));

    expect(error.code).toBe(11000);
    expect((await stock.find().toArray()).map(({ sku }) => sku as string)).toEqual(['a', 'b']);
    expect(await stock.countDocuments({ sku: 'c' })).toBe(0);
  });
});

import { type ConnectedDocdb, connectDocdb, serverError } from './connected-docdb';

describe('findAndModify', () => {
  let docdb: ConnectedDocdb;
  beforeAll(async () => {
    docdb = await connectDocdb();
  });
  afterAll(() => docdb.close());

  const jobs = async (): Promise<ReturnType<ConnectedDocdb['collection']>> => {
    const collection = docdb.collection();
    await collection.insertMany([
      { _id: 1 as never, prio: 2, state: 'new' },
      { _id: 2 as never, prio: 9, state: 'new' },
      { _id: 3 as never, prio: 5, state: 'done' },
    ]);
    return collection;
  };

  it('returns the document before the update, or after it when asked', async () => {
    const collection = await jobs();

    const before = await collection.findOneAndUpdate({ _id: 1 as never }, { $inc: { prio: 1 } });
    const after = await collection.findOneAndUpdate(
      { _id: 1 as never },
      { $inc: { prio: 1 } },
      { returnDocument: 'after' },
    );

    expect([before?.prio, after?.prio]).toEqual([2, 4]);
  });

  it('takes the first document in the order of the sort', async () => {
    const collection = await jobs();

    const taken = await collection.findOneAndUpdate(
      { state: 'new' },
      { $set: { state: 'run' } },
      { sort: { prio: -1 } },
    );

    expect(taken?._id).toBe(2);
    expect(await collection.countDocuments({ state: 'run' })).toBe(1);
  });

  it('replaces a document and keeps its _id', async () => {
    const collection = await jobs();

    const replaced = await collection.findOneAndReplace(
      { _id: 1 as never },
      { state: 'new2' },
      { returnDocument: 'after' },
    );

    expect(replaced).toEqual({ _id: 1, state: 'new2' });
  });

  it('returns only the fields asked for', async () => {
    const collection = await jobs();

    const found = await collection.findOneAndUpdate(
      { _id: 1 as never },
      { $set: { x: 1 } },
      { projection: { prio: 1, _id: 0 } },
    );

    expect(found).toEqual({ prio: 2 });
  });

  it('projects the document after an update that made it leave the filter', async () => {
    const collection = await jobs();

    const after = await collection.findOneAndUpdate(
      { _id: 1 as never, prio: { $lt: 3 } },
      { $inc: { prio: 1 } },
      { projection: { _id: 0, prio: 1 }, returnDocument: 'after' },
    );

    expect(after).toEqual({ prio: 3 });
  });

  it('tells what it did', async () => {
    const collection = await jobs();
    const metadata = { includeResultMetadata: true } as const;

    const matched = await collection.findOneAndUpdate({ _id: 1 as never }, { $set: { x: 1 } }, metadata);
    const none = await collection.findOneAndUpdate({ _id: 9 as never }, { $set: { x: 1 } }, metadata);
    const upserted = await collection.findOneAndUpdate(
      { _id: 8 as never },
      { $set: { x: 1 } },
      { ...metadata, upsert: true },
    );

    expect(matched.lastErrorObject).toEqual({ n: 1, updatedExisting: true });
    expect([none.lastErrorObject, none.value]).toEqual([{ n: 0, updatedExisting: false }, null]);
    expect([upserted.lastErrorObject, upserted.value]).toEqual([{ n: 1, updatedExisting: false, upserted: 8 }, null]);
  });

  it('makes no collection unless it may insert', async () => {
    const nothing = docdb.collection();

    await nothing.findOneAndUpdate({ a: 1 }, { $set: { b: 1 } });
    await nothing.updateMany({ a: 1 }, { $set: { b: 1 } });
    await nothing.deleteMany({});

    expect(await docdb.db.listCollections({ name: nothing.collectionName }).toArray()).toEqual([]);
  });

  it('refuses a removal as an option that is not there, and no update', async () => {
    const removal = await serverError((await jobs()).findOneAndDelete({ state: 'done' }));
    const neither = await serverError(docdb.db.command({ findAndModify: 'x', query: {} }));

    expect([removal.code, removal.message]).toEqual([303, 'option remove is currently not supported.']);
    expect([neither.code, neither.message]).toEqual([9, 'Either an update or remove=true must be specified']);
  });
});

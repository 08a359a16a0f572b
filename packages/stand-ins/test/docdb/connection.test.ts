import { once } from 'node:events';
import { connect } from 'node:net';
import { MongoClient, type MongoClientOptions } from 'mongodb';
import { startDocdb } from '../../docdb';
import type { EmbeddedStore } from 'template-runtime/worker';
import { serverError } from './connected-docdb';

describe('connections', () => {
  let store: EmbeddedStore;
  const clients: MongoClient[] = [];
  beforeEach(async () => {
    store = await startDocdb();
  });
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
    await store.close();
  });

  const client = (options: MongoClientOptions, port = store.port): MongoClient => {
    const made = new MongoClient(`mongodb://127.0.0.1:${port}/`, options);
    clients.push(made);
    return made;
  };

  it.each<[name: string, options: MongoClientOptions]>([
    ['a replica set by its name', { replicaSet: 'rs0', retryWrites: false }],
    ['a server alone', { directConnection: true, retryWrites: false }],
    ['whatever is there', { retryWrites: false }],
    ['a server that takes the newer handshake only', { retryWrites: false, serverApi: '1' }],
  ])('are made to %s', async (_name, options) => {
    const collection = client(options).db('shop').collection('items');

    await collection.insertOne({ a: 1 }, { writeConcern: { w: 'majority' } });

    expect(
      await collection.findOne({}, { readPreference: 'primary', readConcern: 'majority', projection: { _id: 0 } }),
    ).toEqual({ a: 1 });
  });

  it('are refused by another name of the replica set', async () => {
    const wrong = client({ replicaSet: 'rs1', serverSelectionTimeoutMS: 200 });

    await expect(wrong.connect()).rejects.toThrow(/rs0|timed out/);
  });

  it('refuse retryable writes, as Amazon DocumentDB 5.0 does', async () => {
    const retrying = client({ replicaSet: 'rs0', retryWrites: true });

    const error = await serverError(retrying.db('shop').collection('items').insertOne({ a: 1 }));

    expect([error.code, error.message]).toEqual([301, 'Retryable writes are not supported']);
    expect(await retrying.db('shop').collection('items').countDocuments()).toBe(0);
  });

  it('refuse transactions', async () => {
    const transacting = client({ retryWrites: false });
    const session = transacting.startSession();
    session.startTransaction();

    const error = await serverError(transacting.db('shop').collection('items').insertOne({ a: 1 }, { session }));

    expect([error.code, error.codeName]).toEqual([263, 'OperationNotSupportedInTransaction']);
    await session.endSession();
  });

  it('write without acknowledgement when the client wants none', async () => {
    const collection = client({ retryWrites: false, maxPoolSize: 1 }).db('shop').collection('items');

    const result = await collection.insertOne({ a: 1 }, { writeConcern: { w: 0 } });

    expect(result.acknowledged).toBe(false);
    expect(await collection.countDocuments()).toBe(1); // on the same connection, so after it
  });

  it('are cut by a stop, refused until the next start, and find their data again', async () => {
    const collection = client({
      directConnection: true,
      retryWrites: false,
      retryReads: false,
      serverSelectionTimeoutMS: 5000,
    })
      .db('shop')
      .collection('items');
    await collection.insertOne({ n: 0 });
    const { port } = store;

    for (let cycle = 1; cycle <= 5; cycle++) {
      const watching = connect(port, '127.0.0.1');
      await once(watching, 'connect');
      watching.on('error', () => undefined);
      const cut = once(watching, 'close');
      await store.stop();
      await cut;

      const refused = connect(port, '127.0.0.1');
      const [error] = (await once(refused, 'error')) as [NodeJS.ErrnoException];
      expect(error.code).toBe('ECONNREFUSED');

      await store.start();
      await store.start();
      expect(store.port).toBe(port);
    }

    const fresh = client({ directConnection: true, retryWrites: false }).db('shop').collection('items');
    await fresh.updateOne({}, { $inc: { n: 1 } });
    expect(await fresh.findOne()).toMatchObject({ n: 1 });
    expect(await collection.findOne()).toMatchObject({ n: 1 }); // the old client recovers too
  });

  it('take a port that is asked for, and tell when it is taken', async () => {
    await expect(startDocdb({ port: store.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it.each([
    ['no message', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['an unknown opcode', message(1234, Buffer.alloc(20))],
    [
      'a section that claims more than there is',
      message(2013, Buffer.concat([Buffer.alloc(5), Buffer.from([0xff, 0xff, 0, 0, 0])])),
    ],
    ['a broken document', message(2013, Buffer.concat([Buffer.alloc(5), Buffer.from([6, 0, 0, 0, 0x63, 0])]))],
    ['flags that must be understood', message(2013, Buffer.from([0x10, 0, 0, 0, 0, 5, 0, 0, 0, 0]))],
  ])('end at %s, and leave the others alone', async (_name, bytes) => {
    const good = client({ directConnection: true, retryWrites: false });
    await good.db('shop').command({ ping: 1 });
    const bad = connect(store.port, '127.0.0.1');
    bad.on('error', () => undefined);

    bad.write(bytes);

    await once(bad, 'close');
    expect(await good.db('shop').command({ ping: 1 })).toMatchObject({ ok: 1 });
  });

  it('take a message in pieces, and several in one piece', async () => {
    const socket = connect(store.port, '127.0.0.1');
    const ping = message(2013, Buffer.concat([Buffer.alloc(5), pingDocument()]));
    const replies: Buffer[] = [];
    socket.on('data', (chunk) => replies.push(chunk));

    await once(socket, 'connect');
    socket.setNoDelay(true);
    for (const byte of ping) {
      await new Promise<void>((resolve) => socket.write(Buffer.from([byte]), () => resolve()));
    }
    socket.write(Buffer.concat([ping, ping]));
    while (Buffer.concat(replies).length < 3 * PING_REPLY_BYTES) await once(socket, 'data');

    expect(Buffer.concat(replies)).toHaveLength(3 * PING_REPLY_BYTES);
    socket.destroy();
  });
});

describe('authentication', () => {
  const credentials = { user: 'counter', password: 'pä55, wörd' };
  let store: EmbeddedStore;
  beforeAll(async () => {
    store = await startDocdb({ credentials });
  });
  afterAll(() => store.close());

  const attempt = async (options: MongoClientOptions): Promise<unknown> => {
    const client = new MongoClient(`mongodb://127.0.0.1:${store.port}/`, { retryWrites: false, ...options });
    try {
      return await client.db('shop').collection('items').countDocuments();
    } finally {
      await client.close();
    }
  };
  const auth = { username: credentials.user, password: credentials.password };

  it.each(['SCRAM-SHA-256', 'DEFAULT'] as const)('succeeds by %s with the password', async (authMechanism) => {
    expect(await attempt({ auth, authMechanism })).toBe(0);
    expect(await attempt({ auth, authMechanism, replicaSet: 'rs0' })).toBe(0);
  });

  it.each(['SCRAM-SHA-256'] as const)('fails by %s with another password or user', async (authMechanism) => {
    const password = await serverError(attempt({ auth: { ...auth, password: 'wrong' }, authMechanism }));
    const user = await serverError(attempt({ auth: { ...auth, username: 'other' }, authMechanism }));

    expect([password.code, password.message]).toEqual([18, 'Authentication failed.']);
    expect([user.code, user.message]).toEqual([18, 'Authentication failed.']);
  });

  it('knows users whose names SCRAM escapes', async () => {
    const escaped = await startDocdb({ credentials: { user: 'a,b=c', password: 'pw' } });
    const client = new MongoClient(`mongodb://127.0.0.1:${escaped.port}/`, {
      auth: { username: 'a,b=c', password: 'pw' },
      authMechanism: 'SCRAM-SHA-256',
    });

    expect(await client.db('shop').command({ ping: 1 })).toMatchObject({ ok: 1 });

    await client.close();
    await escaped.close();
  });

  it('is required before commands on data', async () => {
    const error = await serverError(attempt({}));

    expect([error.code, error.message]).toEqual([13, 'Command aggregate requires authentication']);
  });
});

/** Bytes of the reply `{ ok: 1 }`: header, flags, kind, document. */
const PING_REPLY_BYTES = 16 + 5 + 13;

function message(opcode: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(16);
  header.writeInt32LE(16 + payload.length, 0);
  header.writeInt32LE(opcode, 12);
  return Buffer.concat([header, payload]);
}

/** `{ ping: 1 }` */
function pingDocument(): Buffer {
  return Buffer.from([15, 0, 0, 0, 0x10, ...Buffer.from('ping\0'), 1, 0, 0, 0, 0]);
}

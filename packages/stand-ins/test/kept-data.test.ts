import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { Binary, Decimal128, Double, Int32, Long, MongoClient, ObjectId } from 'mongodb';
import mysql, { type RowDataPacket } from 'mysql2/promise';
import Redis from 'ioredis';
import { type StateModule, startRewriting } from 'template-runtime/journal';
import { startDocdb } from '../docdb';
import { toRecord } from '../docdb/storage/change-record';
import { emptyCatalog, KEPT_STATE as DOCDB_STATE } from '../docdb/storage/kept-catalog';
import { writeDocument } from '../docdb/values/document';
import type { EmbeddedStore } from 'template-runtime/worker';
import { startMomento } from '../momento';
import { KEPT_STATE as MOMENTO_STATE } from '../momento/caches';
import { startRedis } from '../redis';
import { KEPT_STATE as REDIS_STATE } from '../redis/kept-writes';
import { startTidb } from '../tidb';
import { emptyDatabase, KEPT_STATE as TIDB_STATE } from '../tidb/records';
import { clientOf } from './momento/connected-momento';

/** A change as an older version kept it. */
const SPARSE_INDEX = toRecord({
  database: 'shop',
  name: 'items',
  change: { type: 'createIndex', specification: { name: 'a_1', key: { a: 1 }, unique: false, sparse: true } as never },
});

describe('a store that is started again, and again', () => {
  let dataDirectory: string;

  beforeEach(() => {
    dataDirectory = mkdtempSync(path.join(os.tmpdir(), 'kept-'));
  });

  afterEach(() => rmSync(dataDirectory, { recursive: true }));

  /** Puts a snapshot in the place of what was written call by call. */
  async function rewrite(journal: string, state: StateModule, nowMs = Date.now()): Promise<void> {
    const file = path.join(dataDirectory, journal);
    const thread = startRewriting({ file, state, replaces: [file], number: 0, nowMs });
    await thread.ready;
    await thread.terminate();
  }

  /** What `read` sees of what `write` made: at once, after the next start, and after one of the rewritten journal. */
  async function seen<Client, Seen>(
    kept: { readonly journal: string; readonly state: StateModule },
    start: () => Promise<EmbeddedStore>,
    connect: (port: number) => Promise<{ client: Client; close: () => Promise<unknown> }>,
    write: (client: Client) => Promise<unknown>,
    read: (client: Client) => Promise<Seen>,
  ): Promise<[before: Seen, ...after: Seen[]]> {
    const visit = async (use: (client: Client) => Promise<Seen>): Promise<Seen> => {
      const store = await start();
      const { client, close } = await connect(store.port);
      const result = await use(client);
      await close();
      await store.close();
      return result;
    };
    const before = await visit(async (client) => {
      await write(client);
      return read(client);
    });
    const replayed = await visit(read);
    await rewrite(kept.journal, kept.state);
    return [before, replayed, await visit(read)];
  }

  it('has all of Redis: types, bytes, databases, expiries, what scripts wrote', async () => {
    const connect = (port: number) => {
      const client = new Redis(port, '127.0.0.1', { retryStrategy: () => null });
      return Promise.resolve({ client, close: () => client.quit() });
    };
    const read = async (client: Redis) => {
      await client.select(0);
      const names = (await client.keys('*')).sort();
      const kept = await Promise.all(names.map(async (name) => [name, await client.type(name)]));
      const values = [
        await client.getBuffer('bytes'),
        await client.get('scripted'),
        await client.hgetall('hash'),
        await client.mget('a', 'b', 'gone', 'moved'),
      ];
      await client.select(3);
      return [...kept, ...values, await client.keys('*'), await client.get('other')];
    };

    const [before, ...after] = await seen(
      { journal: 'redis.journal', state: REDIS_STATE },
      () => startRedis({ dataDirectory }),
      connect,
      async (client) => {
        await client.set('bytes', Buffer.from([0, 13, 10, 127, 128, 255]));
        for (const [key, value] of Object.entries({ a: '1', b: '2', gone: 'x', named: '3' }))
          await client.set(key, value);
        await client.del('gone');
        await client.incrby('a', 41);
        await client.rename('named', 'moved');
        await client.hset('hash', 'x', '1', 'y', 'é');
        await client.hdel('hash', 'x');
        await client.hincrby('hash', 'n', 7);
        await client.set('soon', 'x', 'EX', 1000);
        await client.pexpire('b', 500_000);
        await client.set('past', 'x', 'PX', 1);
        await client.set('forever', 'x', 'PX', '9007199254740993123');
        await client.eval("redis.call('SET', KEYS[1], '1') redis.call('INCR', KEYS[1])", 1, 'scripted');
        await client.select(3);
        await client.set('other', '3');
      },
      read,
    );

    expect(before).toContainEqual({ n: '7', y: 'é' });
    expect(after).toEqual([before, before]);
  });

  it.each([
    [
      'Redis',
      'redis',
      [[1, 0, 'ZADD', 'scores', '1', 'a']],
      "has a ZADD that can't be carried out: ERR unknown command",
    ],
    ['DocumentDB', 'docdb', [SPARSE_INDEX], "has an index a_1 that isn't plain"],
  ] as const)(
    'ends the start of %s where its journal has what it no longer carries out',
    async (_name, store, record, message) => {
      const json = JSON.stringify(record);
      const checksum = crc32(json).toString(16).padStart(8, '0');
      writeFileSync(path.join(dataDirectory, `${store}.journal`), `${checksum} ${json}\n`);

      const start = (store === 'redis' ? startRedis : startDocdb)({ dataDirectory });

      await expect(start).rejects.toThrow(message);
    },
  );

  it('reads what earlier versions of DocumentDB put', () => {
    const change = { database: 'shop', name: 'items', change: { type: 'put', document: { _id: 'a', n: 1 } } };
    const catalog = emptyCatalog();

    catalog.replay([Buffer.from(writeDocument(change)).toString('base64')]);

    const kept = { ...change, change: { ...change.change, number: 1 } };
    expect([...catalog.snapshot()].flat()).toContainEqual(toRecord(kept as never));
  });

  it('reads the rows and numbers that earlier versions of TiDB wrote', () => {
    const database = emptyDatabase();

    database.replay({ sql: 'CREATE TABLE c (id BIGINT PRIMARY KEY)', database: 'test' });
    database.replay({ rows: [['test', 'c', 1, [{ integer: '7' }]]] });
    database.replay({ rows: [['test', 'c', 2, [{ integer: '9007199254740993' }]]] });

    database.replay({ rows: [['test', 'c', 3, [{ integer: '8' }]]] });
    database.replay({ rows: [['test', 'c', 3, null]] });

    expect([...database.snapshot()].at(-1)).toEqual({
      tables: [
        {
          table: ['test', 'c'],
          rows: [
            [1, 7],
            [2, { integer: '9007199254740993' }],
          ],
        },
      ],
    });
  });

  it('has rows of TiDB that have exchanged their keys, or taken that of a row that is gone', () => {
    const database = emptyDatabase();
    const write = (...rows: [number, ...string[]][]): void =>
      database.replay({ tables: [{ table: ['test', 'c'], rows }] });

    database.replay({ sql: 'CREATE TABLE c (id VARCHAR(9) PRIMARY KEY)', database: 'test' });
    write([1, 'a'], [2, 'b'], [3, 'c']);
    write([1, 'b'], [2, 'a']);
    write([4, 'c'], [3]);

    expect([...database.snapshot()].at(-1)).toEqual({
      tables: [
        {
          table: ['test', 'c'],
          rows: [
            [1, 'b'],
            [2, 'a'],
            [4, 'c'],
          ],
        },
      ],
    });
  });

  it('has expiries of Redis at the time that they were set for', async () => {
    const first = await startRedis({ dataDirectory });
    const writer = new Redis(first.port, '127.0.0.1', { retryStrategy: () => null });
    await writer.set('long', 'x', 'PX', 3_600_000);
    const expiresAt = Date.now() + 3_600_000;
    await writer.quit();
    await first.close();

    const second = await startRedis({ dataDirectory });
    const reader = new Redis(second.port, '127.0.0.1', { retryStrategy: () => null });
    const remaining = await reader.pttl('long');
    const now = Date.now();
    await reader.quit();
    await second.close();

    expect(remaining).toBeGreaterThan(0);
    expect(Math.abs(now + remaining - expiresAt)).toBeLessThan(2000);
  });

  it('has the items of Momento until the time that they were stored for, and no longer', async () => {
    const clock = { ms: 1_000_000 };
    const start = (): Promise<EmbeddedStore> =>
      startMomento({ dataDirectory, cacheNames: ['counters'], now: () => clock.ms });
    const connect = async ({ port }: EmbeddedStore) => {
      const client = await clientOf({ port });
      const ttl = async (key: string): Promise<string> => (await client.itemGetTtl('counters', key)).toString();
      const get = async (key: string): Promise<string> => (await client.get('counters', key)).toString();
      return { client, ttl, get };
    };
    const first = await start();
    const before = await connect(first);
    await before.client.createCache('another');
    await before.client.createCache('dropped');
    await before.client.deleteCache('dropped');
    await before.client.set('counters', 'short', 'x', { ttl: 10 });
    await before.client.set('counters', 'long', 'y', { ttl: 3600 });
    await before.client.set('counters', 'deleted', 'y', { ttl: 3600 });
    await before.client.delete('counters', 'deleted');
    before.client.close();
    await first.close();

    clock.ms += 9_000;
    const second = await start();
    const between = await connect(second);
    const almost = [await between.get('short'), await between.get('long'), await between.get('deleted')];
    const remaining = await between.ttl('short');
    const caches = await between.client.listCaches();
    between.client.close();
    await second.close();
    await rewrite('momento.journal', MOMENTO_STATE, clock.ms);
    clock.ms += 1_000;
    const third = await start();
    const after = await connect(third);
    const expired = [await after.get('short'), await after.get('long')];
    after.client.close();
    await third.close();

    expect(almost).toEqual([
      expect.stringContaining('Hit'),
      expect.stringContaining('Hit'),
      expect.stringContaining('Miss'),
    ]);
    expect(remaining).toContain('1000');
    expect('getCaches' in caches && caches.getCaches().map((cache) => cache.getName())).toEqual([
      'counters',
      'another',
    ]);
    expect(expired).toEqual([expect.stringContaining('Miss'), expect.stringContaining('Hit')]);
  });

  it('has the documents of DocumentDB with the type of each value, its indexes, and nothing that was removed', async () => {
    const id = new ObjectId('0123456789abcdef01234567');
    const connect = async (port: number) => {
      const client = await new MongoClient(`mongodb://127.0.0.1:${port}/`, {
        directConnection: true,
        retryWrites: false,
        promoteValues: false,
      }).connect();
      return { client, close: () => client.close() };
    };
    const read = async (client: MongoClient) => {
      const collections = await client.db('shop').listCollections({}, { nameOnly: true }).toArray();
      const documents = await client.db('shop').collection('items').find().toArray();
      const indexes = await client.db('shop').collection('items').indexes();
      const duplicate = await client
        .db('shop')
        .collection('items')
        .insertOne({ sku: 'a' })
        .then(
          () => 'inserted',
          (error: unknown) => String(error),
        );
      return { collections, documents: documents.map((document) => JSON.stringify(document)), indexes, duplicate };
    };

    const [before, ...after] = await seen(
      { journal: 'docdb.journal', state: DOCDB_STATE },
      () => startDocdb({ dataDirectory }),
      connect,
      async (client) => {
        const db = client.db('shop');
        const items = db.collection('items');
        await items.createIndex({ sku: 1 }, { unique: true });
        await items.createIndex({ gone: 1 });
        await items.insertMany([
          { _id: id, sku: 'a', int: new Int32(1), long: Long.fromNumber(1), double: new Double(1) },
          {
            sku: 'b',
            decimal: Decimal128.fromString('1.10'),
            bytes: new Binary(Buffer.from([0, 255])),
            at: new Date(5),
          },
          { sku: 'c', nested: { list: [1, { x: null }] }, text: 'é\0' },
        ]);
        await items.updateOne({ sku: 'a' }, { $inc: { long: Long.fromString('9007199254740993') } });
        await items.deleteOne({ sku: 'c' });
        await items.dropIndex('gone_1');
        await db.createCollection('empty');
        await db.collection('dropped').insertOne({ x: 1 });
        await db.collection('dropped').drop();
        await client.db('old').collection('x').insertOne({ x: 1 });
        await client.db('old').dropDatabase();
      },
      read,
    );

    expect(before.documents).toHaveLength(2);
    expect(before.duplicate).toContain('E11000');
    expect(after).toEqual([before, before]);
  });

  it('has the tables of TiDB with the type of each value, its keys and numbers, and what was committed alone', async () => {
    const connect = async (port: number) => {
      const options = { host: '127.0.0.1', port, user: 'root', database: 'test', supportBigNumbers: true };
      const client = await mysql.createConnection(options);
      return { client, close: () => client.end() };
    };
    const rows = async (client: mysql.Connection, sql: string) => (await client.query<RowDataPacket[]>(sql))[0];
    const read = async (client: mysql.Connection) => [
      await rows(client, 'SELECT * FROM information_schema.columns'),
      await rows(client, 'SELECT * FROM kinds ORDER BY id'),
      await rows(client, 'SELECT * FROM nokey ORDER BY v'),
      await rows(client, 'SELECT * FROM shop.orders ORDER BY id'),
      await rows(client, 'SELECT * FROM older ORDER BY id'),
      await client.query("INSERT INTO kinds (id, name, note) VALUES (9, 'a', '')").then(
        () => 'inserted',
        (error: unknown) => String(error),
      ),
    ];

    const [before, ...after] = await seen(
      { journal: 'tidb.journal', state: TIDB_STATE },
      () => startTidb({ dataDirectory }),
      connect,
      async (client) => {
        await client.query(
          'CREATE TABLE kinds (id BIGINT PRIMARY KEY, name VARCHAR(20) UNIQUE, note VARCHAR(20), big BIGINT)',
        );
        await client.query("INSERT INTO kinds (id, name, note) VALUES (1, 'a', ''), (2, 'b', NULL), (3, 'é''', '3')");
        await client.query("UPDATE kinds SET note = 'ü', big = 9007199254740993 WHERE id = 1");
        await client.query("UPDATE kinds SET name = 'c' WHERE name = 'b'");
        await client.query("DELETE FROM kinds WHERE name = 'é'''");
        await client.query('CREATE TABLE nokey (v INT)');
        await client.query('INSERT INTO nokey VALUES (1), (1), (2)');
        await client.query('CREATE TABLE emptied (v INT)');
        await client.query('INSERT INTO emptied VALUES (1)');
        await client.query('TRUNCATE TABLE emptied');
        await client.query('CREATE TABLE dropped (v INT)');
        await client.query('DROP TABLE dropped');
        await client.query('CREATE DATABASE shop');
        await client.query('CREATE TABLE shop.orders (id BIGINT PRIMARY KEY, n BIGINT)');
        await client.query('INSERT INTO shop.orders VALUES (1, 9223372036854775807)');
        await client.query('CREATE TABLE older (id BIGINT PRIMARY KEY, n BIGINT)');
        await client.query('INSERT INTO older VALUES (1, 7), (2, 8)');
        await client.query('ALTER TABLE older ADD COLUMN note TEXT');
        await client.query("INSERT INTO older VALUES (3, 9, 'new')");
        await client.query("UPDATE older SET note = 'x' WHERE id = 2");
        await client.query('BEGIN');
        await client.query('UPDATE shop.orders SET n = 5');
        await client.query('INSERT INTO shop.orders VALUES (2, 6)');
        await client.query('COMMIT');
        await client.query('BEGIN');
        await client.query('INSERT INTO shop.orders VALUES (3, 7)');
      },
      read,
    );

    expect(before[4]).toEqual([
      { id: 1, n: 7, note: null },
      { id: 2, n: 8, note: 'x' },
      { id: 3, n: 9, note: 'new' },
    ]);
    expect(before[5]).toContain('Duplicate entry');
    // What the reader of before saw of its own transaction was never committed.
    expect(before[3]).toContainEqual({ id: 3, n: 7 });
    const committed: unknown[] = [...before];
    committed[3] = [
      { id: 1, n: 5 },
      { id: 2, n: 6 },
    ];
    expect(after).toEqual([committed, committed]);
  });
});

import mysql, { type Connection, type ResultSetHeader, type RowDataPacket } from 'mysql2/promise';
import type { EmbeddedStore } from 'template-runtime/worker';
import { startTidb } from '../../tidb';

const UPSERT =
  'INSERT INTO counters VALUES (?, LAST_INSERT_ID(1)) ON DUPLICATE KEY UPDATE v = IF(v < ?, LAST_INSERT_ID(v + 1), v)';

let store: EmbeddedStore;
let connections: Connection[];

async function connect(): Promise<Connection> {
  const connection = await mysql.createConnection({
    host: '127.0.0.1',
    port: store.port,
    user: 'root',
    database: 'test',
    flags: ['-FOUND_ROWS'],
  });
  connections.push(connection);
  return connection;
}

/** The value of counter `id`, as another connection sees it. */
async function valueOf(id: string): Promise<unknown> {
  const [rows] = await (await connect()).query<RowDataPacket[]>('SELECT v FROM counters WHERE id = ?', [id]);
  return rows[0]?.['v'];
}

/** Resolves when the server has taken up all that was sent before, apart from what waits for its turn. */
async function settled(): Promise<void> {
  await (await connect()).ping();
}

beforeEach(async () => {
  connections = [];
  store = await startTidb();
  const connection = await connect();
  await connection.query('CREATE TABLE counters (id VARCHAR(128) NOT NULL PRIMARY KEY, v BIGINT NOT NULL)');
  await connection.query("INSERT INTO counters VALUES ('a', 0), ('b', 0)");
});

afterEach(async () => {
  for (const connection of connections) connection.destroy();
  await store.close();
});

describe('concurrent upserts', () => {
  it('return every value once when the first ones race', async () => {
    const clients = await Promise.all(Array.from({ length: 16 }, connect));

    const values = await Promise.all(
      clients.flatMap((client) =>
        Array.from({ length: 20 }, async () => {
          const [result] = await client.execute<ResultSetHeader>(UPSERT, ['new', '9007199254740991']);
          return result.insertId;
        }),
      ),
    );

    expect(values.sort((a, b) => a - b)).toEqual(Array.from({ length: 320 }, (_, index) => index + 1));
    expect(await valueOf('new')).toBe(320);
  });

  it('never pass the limit', async () => {
    const clients = await Promise.all(Array.from({ length: 16 }, connect));

    const affected = await Promise.all(
      clients.flatMap((client) =>
        Array.from({ length: 4 }, async () => {
          const [result] = await client.execute<ResultSetHeader>(UPSERT, ['limited', 20]);
          return result.affectedRows;
        }),
      ),
    );

    expect(affected.filter((rows) => rows > 0)).toHaveLength(20);
    expect(affected.filter((rows) => rows === 0)).toHaveLength(44);
    expect(await valueOf('limited')).toBe(20);
  });
});

describe('read, then write', () => {
  async function increment(client: Connection, lock: '' | 'FOR UPDATE'): Promise<void> {
    await client.beginTransaction();
    const [rows] = await client.query<RowDataPacket[]>(`SELECT v FROM counters WHERE id = 'a' ${lock}`);
    await client.query("UPDATE counters SET v = ? WHERE id = 'a'", [Number(rows[0]?.['v']) + 1]);
    await client.commit();
  }

  it('loses updates without a lock', async () => {
    const [one, other] = await Promise.all([connect(), connect()]);
    const [[read], [otherRead]] = (await Promise.all(
      [one, other].map((client) => client.query<RowDataPacket[]>("SELECT v FROM counters WHERE id = 'a'")),
    )) as [[RowDataPacket[], unknown], [RowDataPacket[], unknown]];

    await one.query("UPDATE counters SET v = ? WHERE id = 'a'", [Number(read[0]?.['v']) + 1]);
    await other.query("UPDATE counters SET v = ? WHERE id = 'a'", [Number(otherRead[0]?.['v']) + 1]);

    expect(await valueOf('a')).toBe(1);
  });

  it('loses nothing with FOR UPDATE', async () => {
    const clients = await Promise.all(Array.from({ length: 8 }, connect));

    await Promise.all(
      clients.map(async (client) => {
        for (let i = 0; i < 10; i += 1) await increment(client, 'FOR UPDATE');
      }),
    );

    expect(await valueOf('a')).toBe(80);
  });
});

describe('a transaction', () => {
  it('makes all others wait from its first statement to its end, and shows them what it has committed', async () => {
    const [writer, reader, other] = await Promise.all([connect(), connect(), connect()]);
    await writer.beginTransaction();
    await other.query("UPDATE counters SET v = 1 WHERE id = 'b'"); // it has begun, and taken nothing yet
    await writer.query("UPDATE counters SET v = 5 WHERE id = 'a'");

    let done = 0;
    const count = (): number => (done += 1);
    const reading = reader.query<RowDataPacket[]>('SELECT v FROM counters ORDER BY id');
    const writing = other.query("UPDATE counters SET v = v + 10 WHERE id = 'a'");
    void reading.then(count);
    void writing.then(count);
    await settled();
    await writer.query("UPDATE counters SET v = v + 1 WHERE id = 'a'");
    const doneBefore = done;
    await writer.commit();
    const [rows] = await reading;
    await writing;

    expect(doneBefore).toBe(0);
    expect(rows).toEqual([{ v: 6 }, { v: 1 }]);
    expect(await valueOf('a')).toBe(16);
  });

  it('sees the same at each read', async () => {
    const [reader, writer] = await Promise.all([connect(), connect()]);
    await reader.beginTransaction();
    const read = (): Promise<unknown> => reader.query("SELECT v FROM counters WHERE id = 'a'").then(([rows]) => rows);

    const first = await read();
    const writing = writer.query("UPDATE counters SET v = v + 1 WHERE id = 'a'");
    await settled();
    const second = await read();
    await reader.commit();
    await writing;

    expect([first, second]).toEqual([[{ v: 0 }], [{ v: 0 }]]);
    expect(await valueOf('a')).toBe(1);
  });

  it('holds its turn for a key that has no row yet', async () => {
    const [holder, waiter] = await Promise.all([connect(), connect()]);
    await holder.beginTransaction();
    await holder.query("SELECT v FROM counters WHERE id = 'new' FOR UPDATE");

    const waiting = waiter.execute<ResultSetHeader>(UPSERT, ['new', 10]);
    await settled();
    await holder.query("INSERT INTO counters VALUES ('new', 4)");
    await holder.commit();
    const [result] = await waiting;

    expect(result.insertId).toBe(5);
  });

  it('gives up its locks and its writes when the connection is cut', async () => {
    const [holder, waiter] = await Promise.all([connect(), connect()]);
    await holder.beginTransaction();
    await holder.query("UPDATE counters SET v = 99 WHERE id = 'a'");

    const waiting = waiter.query("UPDATE counters SET v = v + 1 WHERE id = 'a'");
    holder.destroy();
    await waiting;

    expect(await valueOf('a')).toBe(1);
  });

  it('makes others fail with 1205 when they have waited too long, and go on', async () => {
    const [holder, waiter] = await Promise.all([connect(), connect()]);
    await holder.beginTransaction();
    await holder.query("UPDATE counters SET v = 9 WHERE id = 'a'");
    await waiter.query('SET innodb_lock_wait_timeout = 1');

    const waiting = waiter.query("UPDATE counters SET v = 6 WHERE id = 'a'");

    await expect(waiting).rejects.toMatchObject({ errno: 1205 });
    await holder.rollback();
    await waiter.query("UPDATE counters SET v = v + 1 WHERE id = 'a'");
    expect(await valueOf('a')).toBe(1);
  });

  it('keeps what it has done before a statement that fails, of which it keeps nothing', async () => {
    const writer = await connect();
    await writer.beginTransaction();
    await writer.query("UPDATE counters SET v = 9223372036854775807 WHERE id = 'b'");

    const failing = writer.query('UPDATE counters SET v = v + 1');

    await expect(failing).rejects.toMatchObject({ errno: 1690 });
    await writer.commit();
    expect(await valueOf('a')).toBe(0);
  });

  it('is committed by a CREATE in its middle', async () => {
    const writer = await connect();
    await writer.beginTransaction();
    await writer.query("UPDATE counters SET v = 5 WHERE id = 'a'");

    await writer.query('CREATE TABLE other (x INT)');
    await writer.rollback();

    expect(await valueOf('a')).toBe(5);
  });

  it('makes a change of the schema wait, and what waits for both writes into the table that is there then', async () => {
    const [holder, changer, waiter] = await Promise.all([connect(), connect(), connect()]);
    await holder.beginTransaction();
    await holder.query("UPDATE counters SET v = 5 WHERE id = 'a'");

    const changing = changer.query('TRUNCATE TABLE counters');
    await settled();
    const waiting = waiter.execute<ResultSetHeader>(UPSERT, ['a', 10]);
    await settled();
    await holder.commit();
    const [[result]] = await Promise.all([waiting, changing]);

    expect(result.insertId).toBe(1);
    expect(await valueOf('a')).toBe(1);
  });
});

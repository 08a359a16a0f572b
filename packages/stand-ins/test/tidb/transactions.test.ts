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

/** Resolves when the server has taken up all that `connection` sent before, apart from what waits for a lock. */
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
  it('shows its writes to others only after the commit', async () => {
    const writer = await connect();
    await writer.beginTransaction();

    await writer.query("UPDATE counters SET v = 5 WHERE id = 'a'");
    await writer.query("INSERT INTO counters VALUES ('c', 1)");
    const before = [await valueOf('a'), await valueOf('c')];
    await writer.commit();

    expect(before).toEqual([0, undefined]);
    expect([await valueOf('a'), await valueOf('c')]).toEqual([5, 1]);
  });

  it('reads the state of its begin, but writes on top of the latest', async () => {
    const [reader, writer] = await Promise.all([connect(), connect()]);
    await reader.beginTransaction();

    await writer.query("UPDATE counters SET v = v + 1 WHERE id = 'a'");
    await writer.query("DELETE FROM counters WHERE id = 'b'");
    const [snapshot] = await reader.query('SELECT id, v FROM counters ORDER BY id');
    await reader.query("UPDATE counters SET v = v + 1 WHERE id = 'a'");
    const [own] = await reader.query("SELECT v FROM counters WHERE id = 'a'");
    await reader.commit();

    expect(snapshot).toEqual([
      { id: 'a', v: 0 },
      { id: 'b', v: 0 },
    ]);
    expect(own).toEqual([{ v: 2 }]);
    expect(await valueOf('a')).toBe(2);
  });

  it('reads the latest at READ COMMITTED', async () => {
    const reader = await connect();
    await reader.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
    await reader.beginTransaction();

    await (await connect()).query("UPDATE counters SET v = 7 WHERE id = 'a'");
    const [rows] = await reader.query("SELECT v FROM counters WHERE id = 'a'");

    expect(rows).toEqual([{ v: 7 }]);
  });

  it('makes writers of its rows wait, and those of other rows not', async () => {
    const [holder, waiter] = await Promise.all([connect(), connect()]);
    await holder.beginTransaction();
    await holder.query("SELECT v FROM counters WHERE id = 'a' FOR UPDATE");

    let done = false;
    const waiting = waiter.query("UPDATE counters SET v = v + 10 WHERE id = 'a'").then(() => {
      done = true;
    });
    await settled();
    await (await connect()).query("UPDATE counters SET v = 3 WHERE id = 'b'");
    const doneBefore = done;
    await holder.query("UPDATE counters SET v = 1 WHERE id = 'a'");
    await holder.commit();
    await waiting;

    expect(doneBefore).toBe(false);
    expect([await valueOf('a'), await valueOf('b')]).toEqual([11, 3]);
  });

  it('locks a key that has no row yet', async () => {
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

  it('fails with 1205 when a lock is not free in time, and goes on', async () => {
    const [holder, waiter] = await Promise.all([connect(), connect()]);
    await holder.beginTransaction();
    await holder.query("UPDATE counters SET v = 9 WHERE id = 'a'");
    await waiter.query('SET innodb_lock_wait_timeout = 1');
    await waiter.beginTransaction();
    await waiter.query("UPDATE counters SET v = 5 WHERE id = 'b'");

    const waiting = waiter.query("UPDATE counters SET v = 6 WHERE id = 'a'");

    await expect(waiting).rejects.toMatchObject({ errno: 1205 });
    await waiter.commit();
    expect(await valueOf('b')).toBe(5);
  });

  it('fails at once with NOWAIT', async () => {
    const [holder, other] = await Promise.all([connect(), connect()]);
    await holder.beginTransaction();
    await holder.query("UPDATE counters SET v = 9 WHERE id = 'a'");

    const locking = other.query("SELECT v FROM counters WHERE id = 'a' FOR UPDATE NOWAIT");

    await expect(locking).rejects.toMatchObject({ errno: 3572 });
  });

  it('is undone when it would wait for one that waits for it', async () => {
    const [one, other] = await Promise.all([connect(), connect()]);
    await one.beginTransaction();
    await other.beginTransaction();
    await one.query("UPDATE counters SET v = 1 WHERE id = 'a'");
    await other.query("UPDATE counters SET v = 2 WHERE id = 'b'");

    const waiting = one.query("UPDATE counters SET v = 1 WHERE id = 'b'");
    await settled();
    const deadlocked = other.query("UPDATE counters SET v = 2 WHERE id = 'a'");

    await expect(deadlocked).rejects.toMatchObject({ errno: 1213 });
    await waiting;
    await one.commit();
    expect([await valueOf('a'), await valueOf('b')]).toEqual([1, 1]);
  });

  it('keeps its locks on rows that it moved or deleted', async () => {
    const [holder, waiter] = await Promise.all([connect(), connect()]);
    await holder.beginTransaction();
    await holder.query("UPDATE counters SET id = 'moved' WHERE id = 'a'");

    const waiting = waiter.query<ResultSetHeader>("UPDATE counters SET v = v + 1 WHERE id = 'a'");
    await settled();
    await holder.rollback();
    const [result] = await waiting;

    expect(result.affectedRows).toBe(1);
    expect([await valueOf('a'), await valueOf('moved')]).toEqual([1, undefined]);
  });

  it('is committed by a CREATE in its middle', async () => {
    const writer = await connect();
    await writer.beginTransaction();
    await writer.query("UPDATE counters SET v = 5 WHERE id = 'a'");

    await writer.query('CREATE TABLE other (x INT)');
    await writer.rollback();

    expect(await valueOf('a')).toBe(5);
  });

  it('writes into the table that is there when its wait is over', async () => {
    const [holder, waiter] = await Promise.all([connect(), connect()]);
    await holder.beginTransaction();
    await holder.query("UPDATE counters SET v = 5 WHERE id = 'a'");

    const waiting = waiter.execute<ResultSetHeader>(UPSERT, ['a', 10]);
    await settled();
    await (await connect()).query('TRUNCATE TABLE counters');
    await holder.commit();
    const [result] = await waiting;

    expect(result.insertId).toBe(1);
    expect(await valueOf('a')).toBe(1);
  });
});

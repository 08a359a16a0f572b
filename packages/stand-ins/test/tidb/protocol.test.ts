import { connect as connectSocket } from 'node:net';
import { once } from 'node:events';
import mysql, {
  type Connection,
  type ConnectionOptions,
  type ResultSetHeader,
  type RowDataPacket,
} from 'mysql2/promise';
import type { EmbeddedStore } from 'template-runtime/worker';
import { startTidb } from '../../tidb';

let store: EmbeddedStore;
let connections: Connection[];

async function connect(options: ConnectionOptions = {}): Promise<Connection> {
  const connection = await mysql.createConnection({
    host: '127.0.0.1',
    port: store.port,
    user: 'root',
    database: 'test',
    ...options,
  });
  connections.push(connection);
  return connection;
}

beforeEach(async () => {
  connections = [];
  store = await startTidb();
});

afterEach(async () => {
  for (const connection of connections) connection.destroy();
  await store.close();
});

describe('logging in', () => {
  it.each(['root', '3pTAoNNegb47Uc8.root'])('lets %s in with any password', async (user) => {
    const connection = await connect({ user, password: 'anything' });

    await expect(connection.ping()).resolves.toBe(true);
  });

  it('refuses other users', async () => {
    await expect(connect({ user: 'someone' })).rejects.toMatchObject({ errno: 1045 });
  });

  it('refuses a database that is not there', async () => {
    await expect(connect({ database: 'nope' })).rejects.toMatchObject({ errno: 1049 });
  });

  it('compares literals by the collation of the handshake, where it is binary', async () => {
    const caseless = await connect({ charset: 'utf8mb4_general_ci' });
    const exact = await connect({ charset: 'utf8mb4_bin' });

    const [rows] = await exact.query("SELECT 'a' = 'A' AS x");
    const refused = caseless.query("SELECT 'a' = 'A' AS x");

    expect(rows).toEqual([{ x: 0 }]);
    await expect(refused).rejects.toMatchObject({ errno: 1235 });
  });
});

describe('affected rows', () => {
  const upsert = 'INSERT INTO t VALUES (1, ?) ON DUPLICATE KEY UPDATE v = VALUES(v)';

  async function affected(flags: string[]): Promise<number[]> {
    const connection = await connect({ flags });
    await connection.query('CREATE TABLE t (id INT PRIMARY KEY, v INT)');
    const rows: number[] = [];
    for (const value of [1, 2, 2]) {
      const [result] = await connection.execute<ResultSetHeader>(upsert, [value]);
      rows.push(result.affectedRows);
    }
    const [update] = await connection.query<ResultSetHeader>('UPDATE t SET v = 2');
    return [...rows, update.affectedRows, update.changedRows];
  }

  it('count changed rows without FOUND_ROWS', async () => {
    expect(await affected(['-FOUND_ROWS'])).toEqual([1, 2, 0, 0, 0]);
  });

  it('count found rows with FOUND_ROWS, the default of mysql2', async () => {
    expect(await affected([])).toEqual([1, 2, 1, 1, 0]);
  });
});

describe('results', () => {
  it('bear the text of an expression, an alias or a column as their name', async () => {
    const connection = await connect();
    await connection.query('CREATE TABLE t (id INT PRIMARY KEY, v INT)');
    await connection.query('INSERT INTO t VALUES (1, 2)');

    const [rows] = await connection.query<RowDataPacket[]>(
      "SELECT id, v + 1, LEFT( v,1 ), v AS `the value`, 'text', 5 FROM t",
    );
    const [others] = await connection.query<RowDataPacket[]>(
      "SELECT id, v + 2, LEFT( v,1 ), v AS `the value`, 'other', 6 FROM t",
    );

    expect(rows).toEqual([{ id: 1, 'v + 1': 3, 'LEFT( v,1 )': '2', 'the value': 2, text: 'text', 5: 5 }]);
    expect(others).toEqual([{ id: 1, 'v + 2': 4, 'LEFT( v,1 )': '2', 'the value': 2, other: 'other', 6: 6 }]);
  });

  it('have the types of the columns, as text and as binary', async () => {
    const connection = await connect({ supportBigNumbers: true });
    await connection.query('CREATE TABLE t (b BIGINT, i INT, s VARCHAR(9), n VARCHAR(9))');
    const row = { b: '9223372036854775807', i: -7, s: 'é', n: null };
    await connection.execute('INSERT INTO t VALUES (?, ?, ?, ?)', Object.values(row));

    const [text] = await connection.query('SELECT * FROM t');
    const [binary] = await connection.execute('SELECT * FROM t');

    expect(text).toEqual([row]);
    expect(binary).toEqual([row]);
  });

  it('of more than 16 MiB are refused, parameters of that size are not', async () => {
    const connection = await connect();

    const long = ['x'.repeat(17_000_000)];
    const refused: unknown = await connection.execute("SELECT CONCAT(?, 'x')", long).catch((error: unknown) => error);
    const [rows] = await connection.execute('SELECT LENGTH(?) AS n', long);

    expect(refused).toMatchObject({ errno: 1105 });
    expect(rows).toEqual([{ n: 17_000_000 }]);
  });

  it('come in many rows', async () => {
    const connection = await connect();
    await connection.query('CREATE TABLE t (id INT PRIMARY KEY, v BIGINT)');
    const values = Array.from({ length: 5000 }, (_, id) => [id, id % 7]);

    await connection.query('INSERT INTO t VALUES ?', [values]);
    const [rows] = await connection.execute('SELECT id, v FROM t ORDER BY id DESC');

    expect(rows).toEqual(values.map(([id, v]) => ({ id, v })).reverse());
  });
});

describe('prepared statements', () => {
  it('survive a change of the schema', async () => {
    const connection = await connect();
    await connection.query('CREATE TABLE t (id INT PRIMARY KEY)');
    const statement = await connection.prepare('SELECT * FROM t WHERE id = ?');
    await statement.execute([1]);

    await connection.query('DROP TABLE t');
    await connection.query('CREATE TABLE t (id INT PRIMARY KEY, more INT)');
    await connection.query('INSERT INTO t VALUES (1, 2)');
    const [rows] = await statement.execute([1]);

    expect(rows).toEqual([{ id: 1, more: 2 }]);
  });

  it('are refused when they are prepared if they can never run', async () => {
    const connection = await connect();

    await expect(connection.prepare('SELECT * FROM nope')).rejects.toMatchObject({ errno: 1146 });
    await expect(connection.prepare('SELECT SLEEP(1)')).rejects.toMatchObject({ errno: 1235 });
  });

  it('work for SET, USE and transactions', async () => {
    const connection = await connect();

    await connection.query('CREATE DATABASE second');
    await connection.execute('SET autocommit = 1');
    await connection.execute('START TRANSACTION');
    await connection.execute('ROLLBACK');
    await connection.execute('USE second');
    const [rows] = await connection.execute('SELECT DATABASE() AS db');

    expect(rows).toEqual([{ db: 'second' }]);
  });
});

describe('unsupported statements', () => {
  it.each([
    ['SELECT * FROM t JOIN t AS u ON t.id = u.id', 'JOIN'],
    ['SELECT (SELECT 1)', 'SELECT'],
    ['SELECT 1 UNION SELECT 2', 'UNION'],
    ['SELECT SLEEP(1)', 'SLEEP'],
    ['SELECT SUM(id) OVER () FROM t', 'SUM'],
    ['WITH x AS (SELECT 1) SELECT * FROM x', 'WITH'],
    ['ALTER TABLE t DROP x', 'ALTER'],
    ['CREATE INDEX i ON t (id)', 'INDEX'],
    ['CREATE TABLE u (id INT, CHECK (id > 1))', 'CHECK'],
    ['CREATE TABLE u (id INT, FOREIGN KEY (id) REFERENCES t (id))', 'FOREIGN'],
    ['CREATE TABLE u (e ENUM("a"))', 'ENUM'],
    ['CREATE TABLE u (id VARCHAR(9), PRIMARY KEY (id(3)))', 'part of a column'],
    ['CREATE TEMPORARY TABLE u (id INT)', 'TEMPORARY'],
    ['CREATE TABLE u LIKE t', 'LIKE'],
    ['INSERT INTO t SELECT * FROM t', 'SELECT'],
    ['SELECT * FROM t FOR UPDATE SKIP LOCKED', 'SKIP'],
    ['SELECT 1 <=> 1', '<=>'],
    ['SELECT 1 + INTERVAL 1 DAY', 'INTERVAL'],
    ['SET GLOBAL wait_timeout = 1', 'SET global'],
    ["SET sql_mode = ''", 'sql_mode'],
    ['SET NAMES latin1', 'SET names'],
    ['BEGIN OPTIMISTIC', 'OPTIMISTIC'],
    ['SELECT /*! 1 */', 'executable comments'],
    ['SHOW GRANTS', 'SHOW'],
    ["LOAD DATA INFILE 'x' INTO TABLE t", 'LOAD'],
  ])('%s is refused by name', async (sql, named) => {
    const connection = await connect();
    await connection.query('CREATE TABLE t (id INT PRIMARY KEY)');

    const refused = connection.query(sql);

    await expect(refused).rejects.toMatchObject({ errno: 1235, message: expect.stringContaining(named) as string });
  });

  it('include a second statement in the same text', async () => {
    const connection = await connect({ multipleStatements: true });

    await expect(connection.query('SELECT 1; SELECT 2')).rejects.toMatchObject({ errno: 8130 });
    await expect(connection.query('SELECT 1 AS x;')).resolves.toMatchObject([[{ x: 1 }], expect.anything()]);
  });
});

describe('stop and start', () => {
  it('cut connections, refuse new ones and keep port and data', async () => {
    const connection = await connect();
    await connection.query('CREATE TABLE t (id INT PRIMARY KEY)');
    await connection.query('INSERT INTO t VALUES (1)');
    const lost = once(connection, 'error');

    await store.stop();
    const [error] = (await lost) as [{ code: string }];
    const refused = connect();

    expect(error.code).toBe('PROTOCOL_CONNECTION_LOST');
    await expect(refused).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await store.start();
    await store.start();
    const [rows] = await (await connect()).query('SELECT * FROM t');
    expect(rows).toEqual([{ id: 1 }]);
  });

  it('undo what was not committed', async () => {
    const connection = await connect();
    connection.on('error', () => undefined);
    await connection.query('CREATE TABLE t (id INT PRIMARY KEY)');
    await connection.beginTransaction();
    await connection.query('INSERT INTO t VALUES (1)');

    await store.stop();
    await store.start();
    const [rows] = await (await connect()).query('SELECT * FROM t FOR UPDATE');

    expect(rows).toEqual([]);
  });

  it('fail on a port that is taken', async () => {
    await expect(startTidb({ port: store.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});

describe('a connection', () => {
  it('forgets its session on reset, but not its database', async () => {
    const connection = await connect();
    await connection.query('SET autocommit = 0');
    await connection.query('CREATE TABLE t (id INT PRIMARY KEY)');
    await connection.query('INSERT INTO t VALUES (1)');

    await connection.reset();
    await connection.query('INSERT INTO t VALUES (2)');
    const [seen] = await (await connect()).query('SELECT id, DATABASE() AS db FROM t');

    expect(seen).toEqual([{ id: 2, db: 'test' }]);
  });

  it('is told by number that it can’t change its user', async () => {
    const connection = await connect();

    const changed = connection.changeUser({ user: 'root' });

    await expect(changed).rejects.toMatchObject({ errno: 1047 });
  });

  it('that sends nonsense is closed without harm to others', async () => {
    const socket = connectSocket(store.port, '127.0.0.1');
    await once(socket, 'data');

    socket.write(Buffer.from([3, 0, 0, 1, 1, 2, 3]));
    socket.resume();
    await once(socket, 'close');

    await expect((await connect()).ping()).resolves.toBe(true);
  });
});

import mysql, { type Connection, type ResultSetHeader, type RowDataPacket } from 'mysql2/promise';
import type { EmbeddedStore } from 'template-runtime/worker';
import { startTidb } from '../../tidb';
import { type Case, CASES, REFUSED, REFUSED_SETUP, type Step } from './cases';

let store: EmbeddedStore;

beforeAll(async () => {
  store = await startTidb();
});

afterAll(async () => {
  await store.close();
});

const embedded = () => `mysql://root@127.0.0.1:${store.port}`;
const real = process.env['TIDB_URL'];

/** Values as text: MariaDB sends integers of other widths. */
function normal(value: unknown): unknown {
  return typeof value === 'number' ? String(value) : value;
}

async function outcome(connection: Connection, { sql, parameters }: Step): Promise<unknown> {
  try {
    const [result] = parameters
      ? await connection.execute<RowDataPacket[] | ResultSetHeader>(sql, [...parameters])
      : await connection.query<RowDataPacket[] | ResultSetHeader>(sql);
    if (Array.isArray(result)) return { rows: (result as unknown as unknown[][]).map((row) => row.map(normal)) };
    return { affected: result.affectedRows, insertId: String(result.insertId) };
  } catch (error) {
    return { error: (error as { errno?: number }).errno ?? error };
  }
}

function expected(step: Step): unknown {
  if (step.error !== undefined) return { error: step.error };
  if (step.rows !== undefined) return { rows: step.rows.map((row) => row.map(normal)) };
  const insertId = step.insertId === undefined ? {} : { insertId: String(step.insertId) };
  const affected =
    step.affected === undefined ? { affected: expect.any(Number) as number } : { affected: step.affected };
  return { ...affected, ...insertId };
}

async function check(url: string, { steps }: Case): Promise<void> {
  const connection = await mysql.createConnection({
    uri: url,
    flags: ['-FOUND_ROWS'],
    supportBigNumbers: true,
    bigNumberStrings: true,
    rowsAsArray: true,
    charset: 'utf8mb4_bin', // literals compare by it, as TiDB's tables do
  });
  try {
    await connection.query('DROP DATABASE IF EXISTS statement_cases');
    await connection.query('CREATE DATABASE statement_cases');
    await connection.query('USE statement_cases');
    const [version] = await connection.query('SELECT VERSION()');
    const isMariaDb = JSON.stringify(version).includes('MariaDB');
    for (const step of steps) {
      const got = await outcome(connection, step);
      if (isMariaDb && step.unlikeMariaDb !== undefined) continue;
      const wanted = expected(step);
      const isAnyResult = step.rows === undefined && step.affected === undefined && step.insertId === undefined;
      if (isAnyResult && step.error === undefined) expect({ sql: step.sql, got }).not.toHaveProperty('got.error');
      else expect({ sql: step.sql, ...(got as object) }).toMatchObject({ sql: step.sql, ...(wanted as object) });
    }
    await connection.query('DROP DATABASE statement_cases');
  } finally {
    await connection.end();
  }
}

describe('the embedded TiDB', () => {
  it.each(CASES)('$name', async (statements) => {
    await check(embedded(), statements);
  });

  it.each(REFUSED)('refuses by name: %s', async (sql) => {
    const connection = await mysql.createConnection({ uri: embedded(), charset: 'utf8mb4_bin' });
    await connection.query('CREATE DATABASE refusals');
    await connection.query('USE refusals');
    for (const statement of REFUSED_SETUP) await connection.query(statement);

    const outcome = await connection.query(sql).catch((error: unknown) => error);

    expect(outcome).toMatchObject({ errno: 1235 });
    await connection.query('DROP DATABASE refusals');
    await connection.end();
  });
});

if (real !== undefined) {
  describe('the server of TIDB_URL', () => {
    it.each(CASES)('$name', async (statements) => {
      await check(real, statements);
    });
  });
}

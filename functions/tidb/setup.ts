import type { PoolConnection, RowDataPacket } from 'mysql2/promise';
import { NotAppliedError } from '../counter-store';
import { SetupRefusedError } from '../setup-refused-error';
import { endPool, pool, type TidbAddress } from './client';
import { isServerAnswer, translateConnectError } from './errors';

/** Compares byte by byte: `a` and `A` are two counters. */
const BINARY = 'CHARACTER SET utf8mb4 COLLATE utf8mb4_bin';

const CREATE_TABLE = `
CREATE TABLE IF NOT EXISTS counters (
  counter_id VARCHAR(128) ${BINARY} NOT NULL PRIMARY KEY,
  counter_value BIGINT NOT NULL
)`;

/** The columns of idempotency keys: older tables lack them. A counter that never saw a key has NULL there. */
const KEY_COLUMNS = [
  ['recent_keys', `TEXT ${BINARY} NULL`],
  ['keys_floor', 'BIGINT NULL'],
] as const;

// https://docs.pingcap.com/tidb/stable/error-codes/
const DUPLICATE_COLUMN = 1060;

/** Parameter: the database. */
const READ_COLUMNS = `
SELECT COLUMN_NAME AS name, DATA_TYPE AS type, CHARACTER_MAXIMUM_LENGTH AS length,
  COLLATION_NAME AS collation_name, COLUMN_KEY AS column_key
FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = 'counters'`;

interface Column extends RowDataPacket {
  readonly name: string;
  readonly type: string;
  readonly length: number | string | null;
  readonly collation_name: string | null;
  readonly column_key: string;
}

/**
 * Creates the database and the table of the counters, and checks a table that already exists. It may run again, or
 * twice at once.
 *
 * @throws StoreUnavailableError when the server can't be reached
 * @throws SetupRefusedError when the table has other columns
 * @throws NotAppliedError when the server did not carry it out
 */
export async function setUpTidb({ database, options }: TidbAddress): Promise<void> {
  const connections = pool(options); // without a database: it may not exist yet
  try {
    const connection = await connections.getConnection().catch((error: Error) => {
      throw translateConnectError(error);
    });
    try {
      await connection.query('CREATE DATABASE IF NOT EXISTS ??', [database]);
      await connection.query('USE ??', [database]);
      await connection.query(CREATE_TABLE);
      await addKeyColumns(connection, await checkColumns(connection, database));
    } catch (error) {
      if (error instanceof SetupRefusedError) throw error;
      throw new NotAppliedError('tidb did not create the database and the table', { cause: error });
    } finally {
      connection.release();
    }
  } finally {
    await endPool(connections);
  }
}

/** @returns the columns' names */
async function checkColumns(connection: PoolConnection, database: string): Promise<string[]> {
  const [columns] = await connection.query<Column[]>(READ_COLUMNS, [database]);
  const id = columns.find(({ name }) => name === 'counter_id');
  const value = columns.find(({ name }) => name === 'counter_value');
  if (id?.type !== 'varchar' || Number(id.length) < 128 || id.column_key !== 'PRI') {
    throw new SetupRefusedError('tidb: counters.counter_id must be VARCHAR(128) and the primary key');
  }
  if (id.collation_name?.endsWith('_bin') !== true) {
    throw new SetupRefusedError(
      `tidb: counters.counter_id must have a binary collation, got "${id.collation_name ?? 'none'}"`,
    );
  }
  if (value?.type !== 'bigint') throw new SetupRefusedError('tidb: counters.counter_value must be BIGINT');
  return columns.map(({ name }) => name);
}

async function addKeyColumns(connection: PoolConnection, present: readonly string[]): Promise<void> {
  for (const [name, type] of KEY_COLUMNS) {
    if (present.includes(name)) continue;
    await connection.query(`ALTER TABLE counters ADD COLUMN ${name} ${type}`).catch((error: unknown) => {
      if (isServerAnswer(error) && error.errno === DUPLICATE_COLUMN) return; // another setup was faster
      throw error;
    });
  }
}

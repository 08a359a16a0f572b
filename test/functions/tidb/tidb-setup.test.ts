import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise';
import { SetupRefusedError } from '../../../functions/setup-refused-error';
import { setUpTidb } from '../../../functions/tidb/setup';
import type { EmbeddedStore } from 'template-runtime/worker';
import { startTidb } from 'stand-ins/tidb';
import { errorOf } from '../../counter-store.contract';

describe("TiDB's setup", () => {
  let server: EmbeddedStore;
  let raw: Connection;
  const setUp = (database: string): Promise<void> =>
    setUpTidb({ database, options: { host: '127.0.0.1', port: server.port, user: 'root', password: '' } });

  beforeEach(async () => {
    server = await startTidb();
    raw = await createConnection({ host: '127.0.0.1', port: server.port, user: 'root' });
  });

  afterEach(async () => {
    await raw.end();
    await server.close();
  });

  it('makes the database and the table, where the name needs quoting', async () => {
    await setUp('a-b');

    const [rows] = await raw.query<RowDataPacket[]>('SELECT COUNT(*) AS n FROM `a-b`.counters');

    expect(Number(rows[0]?.['n'])).toBe(0);
  });

  it('gives a table that was made before there were idempotency keys their columns, and keeps its counters', async () => {
    await raw.query('CREATE DATABASE shop');
    await raw.query(
      'CREATE TABLE shop.counters (counter_id VARCHAR(128) COLLATE utf8mb4_bin PRIMARY KEY, counter_value BIGINT NOT NULL)',
    );
    await raw.query("INSERT INTO shop.counters VALUES ('votes', 7)");

    await Promise.all([setUp('shop'), setUp('shop')]);
    await setUp('shop');

    const [rows] = await raw.query('SELECT * FROM shop.counters');
    expect(rows).toEqual([{ counter_id: 'votes', counter_value: 7, recent_keys: null, keys_floor: null }]);
  });

  it.each([
    ['counter_id VARCHAR(64) COLLATE utf8mb4_bin PRIMARY KEY, counter_value BIGINT NOT NULL', 'counter_id must be'],
    ['counter_id VARCHAR(128) COLLATE utf8mb4_bin, counter_value BIGINT NOT NULL', 'counter_id must be'],
    ['counter_id BIGINT PRIMARY KEY, counter_value BIGINT NOT NULL', 'counter_id must be'],
    [
      'counter_id VARCHAR(128) COLLATE utf8mb4_general_ci PRIMARY KEY, counter_value BIGINT NOT NULL',
      'binary collation',
    ],
    ['counter_id VARCHAR(128) COLLATE utf8mb4_bin PRIMARY KEY, counter_value INT NOT NULL', 'counter_value must be'],
  ])('refuses a table that could not count exactly: %s', async (columns, complaint) => {
    await raw.query('CREATE DATABASE shop');
    await raw.query(`CREATE TABLE shop.counters (${columns})`);

    const error = await errorOf(setUp('shop'));

    expect(error).toBeInstanceOf(SetupRefusedError);
    expect((error as Error).message).toContain(complaint);
  });
});

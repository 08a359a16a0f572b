import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise';
import { NotAppliedError, StoreUnavailableError, UnknownOutcomeError } from '../../../functions/counter-store';
import { SetupRefusedError } from '../../../functions/setup-refused-error';
import { isServerAnswer, translateConnectError, translateTidbError } from '../../../functions/tidb/errors';
import { setUpTidb } from '../../../functions/tidb/setup';
import type { EmbeddedStore } from '../../../local/stores/embedded-store';
import { startTidb } from '../../../local/stores/tidb';
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

describe("TiDB's errors", () => {
  const answer = (errno: number): Error =>
    Object.assign(new Error('from the server at 10.0.0.1'), { errno, sqlState: 'HY000', code: 'ER_SOME' });

  it.each([1205, 1213, 8002, 8005, 8022, 8028, 9003, 9007, 1290, 1792, 1836])(
    'are not applied, for now: %d',
    (errno) => {
      expect(translateTidbError(answer(errno), 'increment')).toBeInstanceOf(NotAppliedError);
    },
  );

  it.each([1044, 1045, 1046, 1049, 1054, 1142, 1146, 1690])('make the store unavailable: %d', (errno) => {
    expect(translateTidbError(answer(errno), 'increment')).toBeInstanceOf(StoreUnavailableError);
  });

  it.each([
    answer(8501), // result undetermined
    answer(1105),
    answer(9001),
    answer(9002),
    answer(9005),
    answer(1317),
    Object.assign(new Error('read ECONNRESET'), { errno: -104, code: 'ECONNRESET' }),
    Object.assign(new Error('Connection lost'), { fatal: true, code: 'PROTOCOL_CONNECTION_LOST' }),
    new TypeError('a mistake'),
  ])('are unknown otherwise: %s', (error) => {
    expect(translateTidbError(error, 'increment')).toBeInstanceOf(UnknownOutcomeError);
  });

  it('of connecting say that nothing was written', () => {
    expect(translateConnectError(answer(1040))).toBeInstanceOf(NotAppliedError);
    expect(translateConnectError(answer(1045))).toBeInstanceOf(StoreUnavailableError);
    expect(translateConnectError(new Error('connect ECONNREFUSED'))).toBeInstanceOf(StoreUnavailableError);
  });

  it('keep the cause, and none of its text in the message', () => {
    const cause = answer(9007);

    const translated = translateTidbError(cause, 'increment');

    expect(translated.cause).toBe(cause);
    expect(translated.message).not.toContain('10.0.0.1');
  });

  it("are the server's answer only with an SQL state", () => {
    expect(isServerAnswer(answer(9007))).toBe(true);
    expect(isServerAnswer(Object.assign(new Error('x'), { errno: -104 }))).toBe(false);
  });
});

import { NotAppliedError, StoreUnavailableError, UnknownOutcomeError } from '../../../functions/counter-store';
import { isConnectionGood, translateConnectError, translateTidbError } from '../../../functions/tidb/errors';

const answer = (errno: number): Error =>
  Object.assign(new Error('from the server at 10.0.0.1'), { errno, sqlState: 'HY000', code: 'ER_SOME' });

const RESET = Object.assign(new Error('read ECONNRESET'), { errno: -104, code: 'ECONNRESET' });

describe("TiDB's errors", () => {
  it.each([1205, 1213, 1243, 1290, 1461, 1615, 1792, 1836, 8002, 8005, 8022, 8028, 8111, 8113, 9003, 9007])(
    'are not applied, for now: %d',
    (errno) => {
      expect(translateTidbError(answer(errno), 'increment')).toBeInstanceOf(NotAppliedError);
    },
  );

  it.each([1044, 1045, 1046, 1049, 1054, 1064, 1142, 1143, 1146, 1690, 8020, 8121])(
    'make the store unavailable: %d',
    (errno) => {
      expect(translateTidbError(answer(errno), 'increment')).toBeInstanceOf(StoreUnavailableError);
    },
  );

  it.each([
    answer(8501), // result undetermined
    answer(1053), // the server shuts down: before or after the commit
    answer(1105),
    answer(1317), // interrupted
    answer(1815), // an internal error
    answer(8027), // outdated schema: found at the start, or while it commits
    answer(8229), // the transaction took too long
    answer(8252), // over the quota of a resource group, in any request
    answer(9001),
    answer(9002),
    answer(9005),
    RESET,
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

  it.each([1205, 1213, 1690, 8002, 9007])('leave the connection good that they come over: %d', (errno) => {
    expect(isConnectionGood(answer(errno))).toBe(true);
  });

  it.each([
    ...[1243, 1461, 1615, 8111, 8113].map(answer), // of a statement that this connection has prepared, or could not
    ...[1290, 1792, 1836].map(answer), // the server is no longer the one that writes
    ...[1053, 1105, 8501].map(answer),
    RESET,
  ])('have the connection replaced: %s', (error) => {
    expect(isConnectionGood(error)).toBe(false);
  });
});

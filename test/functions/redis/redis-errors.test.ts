import { ReplyError } from 'ioredis';
import { NotAppliedError, StoreUnavailableError, UnknownOutcomeError } from '../../../functions/counter-store';
import { isConnectionLost, translateRedisError } from '../../../functions/redis/errors';

/** An error out of a script, in the words of Redis up to 6. */
const ofScript = (message: string): string =>
  `ERR Error running script (call to f_${'0a'.repeat(20)}): @user_script:2: ${message}`;

const reply = (message: string): Error => new (ReplyError as new (message: string) => Error)(message);

describe("Redis' errors", () => {
  it.each([
    'LOADING Redis is loading the dataset in memory',
    "READONLY You can't write against a read only replica.",
    "-READONLY You can't write against a read only replica.",
    "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
    'CLUSTERDOWN The cluster is down',
    'TRYAGAIN Multiple keys request during rehashing of slot',
    'NOREPLICAS Not enough good replicas to write.',
    'BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.',
    ofScript("@user_script: 2: -READONLY You can't write against a read only replica."),
    ofScript('@user_script: 2: -NOREPLICAS Not enough good replicas to write.'),
  ])('are not applied, for now: %s', (message) => {
    expect(translateRedisError(reply(message), 'increment')).toBeInstanceOf(NotAppliedError);
  });

  it.each([
    "OOM command not allowed when used memory > 'maxmemory'.",
    'MISCONF Redis is configured to save RDB snapshots, but it is currently unable to persist to disk.',
    'NOAUTH Authentication required.',
    'WRONGPASS invalid username-password pair or user is disabled.',
    "NOPERM User default has no permissions to run the 'incr' command",
    'MOVED 3999 127.0.0.1:6381',
    'ASK 3999 127.0.0.1:6381',
    'WRONGTYPE Operation against a key holding the wrong kind of value',
    'ERR value is not an integer or out of range',
    'ERR value is not an integer or out of range script: f_1, on @user_script:6.',
    'ERR increment or decrement would overflow',
    ofScript("@user_script: 2: -OOM command not allowed when used memory > 'maxmemory'."),
    ofScript(
      '@user_script: 2: -MISCONF Redis is configured to save RDB snapshots, but it is unable to persist on disk.',
    ),
    ofScript('WRONGTYPE Operation against a key holding the wrong kind of value'),
    ofScript('ERR value is not an integer or out of range'),
  ])('make the store unavailable: %s', (message) => {
    expect(translateRedisError(reply(message), 'increment')).toBeInstanceOf(StoreUnavailableError);
  });

  it.each([
    reply('ERR something that a later version says'),
    reply(ofScript('attempt to compare nil with number')),
    reply(ofScript('something like READONLY')),
    reply('ERR Error running script (call to f_1): READONLY'),
    reply('UNKILLABLE Sorry the script already executed write commands'),
    new Error('Connection is closed.'),
    new Error('Command timed out'),
    new TypeError('a mistake'),
    'a text',
  ])('are unknown otherwise: %s', (error) => {
    expect(translateRedisError(error, 'increment')).toBeInstanceOf(UnknownOutcomeError);
  });

  it('are not applied when ioredis did not send', () => {
    const error = new Error("Stream isn't writeable and enableOfflineQueue options is false");

    expect(translateRedisError(error, 'increment')).toBeInstanceOf(NotAppliedError);
  });

  it('keep the cause, and none of its text in the message', () => {
    const cause = reply('MOVED 3999 127.0.0.1:6381');

    const translated = translateRedisError(cause, 'increment');

    expect(translated.cause).toBe(cause);
    expect(translated.message).not.toContain('127.0.0.1');
  });

  it('show a connection to be no good, a refusal does not', () => {
    expect(isConnectionLost(new Error('Connection is closed.'))).toBe(true);
    expect(isConnectionLost(reply("READONLY You can't write against a read only replica."))).toBe(true);
    expect(isConnectionLost(reply(ofScript("@user_script: 2: -READONLY You can't write against")))).toBe(true);
    expect(isConnectionLost(reply(ofScript('WRONGTYPE Operation against a key')))).toBe(false);
    expect(isConnectionLost(reply('LOADING Redis is loading the dataset in memory'))).toBe(false);
  });
});

import { COMMANDS, execute, findCall } from '../../redis/commands/registry';
import { RedisServer } from '../../redis/redis-server';
import { NULL_ARRAY, OK, type Reply } from '../../redis/reply';

/** A server whose clock stands still until it is told to move, or moves by `tick` milliseconds whenever it is read. */
function startAt(milliseconds: number, tick = 0) {
  const clock = { now: milliseconds };
  const server = new RedisServer(() => (clock.now += tick), COMMANDS, findCall);
  const session = server.openSession('127.0.0.1:1');
  return { clock, server, session, ask: (request: string): Reply => execute(session, request.split(' ')) };
}

describe('a key with an expiry', () => {
  it('is there until its time, and then is not', () => {
    const { clock, ask } = startAt(1_000_000);
    ask('SET a 1 PX 1500');

    clock.now += 1499;
    const before = [ask('GET a'), ask('PTTL a'), ask('TTL a')];
    clock.now += 1;
    const after = [ask('GET a'), ask('PTTL a'), ask('EXISTS a'), ask('INCR a'), ask('TTL a')];

    expect(before).toEqual(['1', 1, 0]);
    expect(after).toEqual([null, -2, 0, 1, -1]);
  });

  it('expires whatever its type, and takes its content along', () => {
    const { clock, ask } = startAt(1_000_000);
    ask('HSET h f 1');
    ask('ZADD z 1 m');
    ask('EXPIRE h 10');
    ask('PEXPIREAT z 1010000');

    clock.now += 10_000;

    expect([ask('HGET h f'), ask('ZCARD z'), ask('HINCRBY h f 1'), ask('TYPE z')]).toEqual([
      null,
      0,
      1,
      expect.objectContaining({ text: 'none' }),
    ]);
  });

  it('is freed without being asked for', () => {
    const { clock, server, ask } = startAt(1_000_000);
    ask('MSET a 1 b 2');
    ask('EXPIRE a 10');
    clock.now += 10_000;

    const unnoticed = ask('DBSIZE');
    server.evictExpired();

    expect([unnoticed, ask('DBSIZE')]).toEqual([2, 1]);
  });

  it('is not listed once it has expired', () => {
    const { clock, ask } = startAt(1_000_000);
    ask('SET a 1 EX 10');
    ask('SET b 1');

    clock.now += 10_000;

    expect([ask('KEYS *'), ask('SCAN 0')]).toEqual([['b'], ['0', ['b']]]);
  });

  it('makes EXEC refuse when it expires while it is watched', () => {
    const { clock, ask } = startAt(1_000_000);
    ask('SET a 1 EX 10');
    ask('WATCH a');
    ask('MULTI');
    ask('INCR a');

    clock.now += 10_000;

    expect(ask('EXEC')).toBe(NULL_ARRAY);
    expect(ask('EXISTS a')).toBe(0);
  });

  it('lets EXEC pass when it had expired before it was watched', () => {
    const { clock, ask } = startAt(1_000_000);
    ask('SET a 1 EX 10');
    clock.now += 10_000;
    ask('WATCH a');
    ask('MULTI');
    ask('PING');

    const reply = ask('EXEC');

    expect(reply).toEqual([expect.objectContaining({ text: 'PONG' })]);
  });

  it('does not expire in the middle of a script', () => {
    const { session, ask } = startAt(1_000_000, 1);
    const script = 'local seen = 0 for i = 1, 100 do seen = seen + redis.call("EXISTS", "a") end return seen';
    ask('SET a 1 PX 50');

    const inScript = execute(session, ['EVAL', script, '0']);
    for (let read = 0; read < 50; read += 1) ask('TIME');

    expect([inScript, ask('EXISTS a')]).toEqual([100, 0]);
  });
});

describe('a session', () => {
  it('is forgotten with its watches when it ends', () => {
    const { server, session, ask } = startAt(0);
    ask('WATCH a');

    server.closeSession(session);

    expect(server.sessions.size).toBe(0);
    expect(session.watch).toBeUndefined();
  });

  it('has a database of its own choice', () => {
    const { server, ask } = startAt(0);
    const other = server.openSession('127.0.0.1:2');

    const replies = [ask('SELECT 1'), ask('SET a 1'), execute(other, ['GET', 'a']), ask('GET a')];

    expect(replies).toEqual([OK, OK, null, '1']);
  });
});

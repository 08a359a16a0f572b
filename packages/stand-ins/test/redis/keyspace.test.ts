import { execute } from '../../redis/commands/call';
import { openSession } from '../../redis/commands/registry';
import { RedisServer } from '../../redis/redis-server';
import { OK, type Reply } from '../../redis/reply';

/** A server whose clock stands still until the test moves it, or moves by `tick` milliseconds whenever it is read. */
function startAt(milliseconds: number, tick = 0) {
  const clock = { now: milliseconds };
  const server = new RedisServer(() => (clock.now += tick));
  const session = openSession(server);
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
    ask('SET s 1');
    ask('EXPIRE h 10');
    ask('PEXPIREAT s 1010000');

    clock.now += 10_000;

    expect([ask('HGET h f'), ask('HINCRBY h f 1'), ask('TYPE s')]).toEqual([
      null,
      1,
      expect.objectContaining({ text: 'none' }),
    ]);
  });

  it('is freed without being read', () => {
    const { clock, server, ask } = startAt(1_000_000);
    ask('SET a 1');
    ask('SET b 2');
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

  it.each([
    ['PX 9007199254740993', 9007199254740993n, 9007199254741n],
    ['PX 9223372036853775807', 9223372036853775807n, 9223372036853776n],
    ['EX 9223372036853775', 9223372036853775000n, 9223372036853775n],
  ])('may live for longer than a double can count: SET a 1 %s', (option, milliseconds, seconds) => {
    const { ask } = startAt(1_000_000);

    ask(`SET a 1 ${option}`);

    expect([ask('PTTL a'), ask('TTL a')].map((time) => BigInt(time as bigint))).toEqual([milliseconds, seconds]);
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
  it('has a database of its own choice', () => {
    const { server, ask } = startAt(0);
    const other = openSession(server);

    const replies = [ask('SELECT 1'), ask('SET a 1'), execute(other, ['GET', 'a']), ask('GET a')];

    expect(replies).toEqual([OK, OK, null, '1']);
  });
});

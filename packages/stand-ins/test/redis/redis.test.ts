import Redis, { type RedisOptions } from 'ioredis';
import type { EmbeddedStore } from 'template-runtime/worker';
import { startRedis } from '../../redis';
import { connectRaw } from './raw-connection';

let store: EmbeddedStore;
const clients: Redis[] = [];
beforeEach(async () => {
  store = await startRedis();
});
afterEach(async () => {
  // One that was cut has ended already; ending it again would keep the process waiting.
  for (const client of clients.splice(0)) if (client.status !== 'end') client.disconnect();
  await store.close();
});

/** The unmodified client, which fails at once instead of trying again. */
async function connect(options: RedisOptions = {}): Promise<Redis> {
  const client = new Redis(store.port, '127.0.0.1', {
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    retryStrategy: () => null,
    ...options,
  });
  client.on('error', () => undefined); // the promise rejects, too
  clients.push(client);
  await client.connect();
  return client;
}

describe('an unmodified client', () => {
  it.each([2, 3] as const)('is answered in RESP2 when it requests RESP%d', async (protocol) => {
    const client = await connect({ protocol });

    await client.hset('h', 'field', 'value');
    const pipeline = await client.pipeline().incr('n').get('no').hget('h', 'field').lpush('list', 'x').exec();

    expect(pipeline?.slice(0, 3)).toEqual([
      [null, 1],
      [null, null],
      [null, 'value'],
    ]);
    expect(pipeline?.[3]?.[0]).toMatchObject({
      message: "ERR unknown command 'lpush', with args beginning with: 'list' 'x' ",
    });
    expect(await client.hgetall('h')).toEqual({ field: 'value' });
  });

  it('may name itself and give a password, as it would to a server that requires one', async () => {
    const client = await connect({ connectionName: 'counter', username: 'default', password: 'secret' });

    const name = await client.client('GETNAME');

    expect(name).toBe('counter');
  });

  it('defines a script by its text and calls it by its hash, also after the scripts were flushed', async () => {
    const client = await connect({
      scripts: {
        addTwice: {
          numberOfKeys: 1,
          lua: 'redis.call("INCRBY", KEYS[1], ARGV[1]) return redis.call("INCRBY", KEYS[1], ARGV[1])',
        },
      },
    });
    const addTwice = (client as Redis & { addTwice(key: string, by: number): Promise<number> }).addTwice.bind(client);

    const first = await addTwice('n', 2);
    await client.script('FLUSH');
    const second = await addTwice('n', 3);

    expect([first, second]).toEqual([4, 10]);
  });

  it('stores any bytes under any bytes', async () => {
    const client = await connect();
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));

    await client.set(bytes, bytes);

    expect(await client.getBuffer(bytes)).toEqual(bytes);
    expect(await client.getBuffer(bytes.subarray(1))).toBeNull();
  });

  it('gets 20,000 pipelined commands answered in order', async () => {
    const client = await connect();
    const pipeline = client.pipeline();
    for (let call = 0; call < 20_000; call += 1) pipeline.incr('n');

    const replies = await pipeline.exec();

    expect(replies?.map(([, value]) => value)).toEqual(Array.from({ length: 20_000 }, (_, index) => index + 1));
  });

  it('gets a value of many megabytes back', async () => {
    const client = await connect();
    const value = Buffer.alloc(20_000_000, 'abcdefg');

    await client.set('big', value);

    expect((await client.getBuffer('big'))?.equals(value)).toBe(true);
  });
});

describe('concurrent clients', () => {
  it('get each value of a counter once', async () => {
    const callers = await Promise.all(Array.from({ length: 16 }, () => connect()));

    const values = await Promise.all(callers.flatMap((caller) => Array.from({ length: 25 }, () => caller.incr('n'))));

    expect(values.sort((a, b) => a - b)).toEqual(Array.from({ length: 400 }, (_, index) => index + 1));
  });

  it('lose updates when they write blindly what they have read', async () => {
    const callers = await Promise.all(Array.from({ length: 8 }, () => connect()));
    const addOne = async (caller: Redis): Promise<void> => {
      const value = Number(await caller.get('n'));
      await caller.set('n', value + 1);
    };

    await Promise.all(callers.map(addOne));

    expect(Number(await callers[0]?.get('n'))).toBeLessThan(8);
  });

  it('see a limit kept by a script, whatever their number', async () => {
    const callers = await Promise.all(Array.from({ length: 16 }, () => connect()));
    const script = `
      local seats = tonumber(redis.call('HGET', KEYS[1], 'taken') or 0)
      if seats + 2 > tonumber(ARGV[1]) then return redis.error_reply('FULL ' .. seats) end
      return redis.call('HINCRBY', KEYS[1], 'taken', 2)`;

    const results = await Promise.allSettled(
      callers.flatMap((caller) => Array.from({ length: 5 }, () => caller.eval(script, 1, 'room', 41))),
    );

    const taken = results.flatMap((result) => (result.status === 'fulfilled' ? [Number(result.value)] : []));
    const refusals = results.flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : []));
    expect(taken.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => 2 * (index + 1)));
    expect(new Set(refusals)).toEqual(new Set(['ReplyError: FULL 40']));
  });
});

describe('the listener', () => {
  it('cuts connections and refuses new ones while it is stopped, and keeps the data', async () => {
    const before = await connect();
    await before.set('kept', 'yes');
    const cut = new Promise((resolve) => before.once('close', resolve));

    await store.stop();

    await cut;
    await expect(connectRaw(store.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await store.start();
    await store.start();
    expect(await (await connect()).get('kept')).toBe('yes');
  });

  it('keeps scripts', async () => {
    const connection = await connectRaw(store.port);
    const sha = (await connection.ask(['SCRIPT', 'LOAD', 'return 7'])).split('~')[1] ?? '';

    await store.stop();
    await store.start();

    const client = await connect();
    expect(await client.evalsha(sha, 0)).toBe(7);
    connection.close();
  });

  it('listens on the requested port, and rejects when it is taken', async () => {
    const { port } = store;

    const second = startRedis({ port });

    await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('closes when it is stopped already', async () => {
    await store.stop();

    await expect(store.close()).resolves.toBeUndefined();
  });
});

describe('a connection', () => {
  it('answers requests that arrive byte by byte', async () => {
    const connection = await connectRaw(store.port);

    for (const byte of '*3\r\n$3\r\nSET\r\n$1\r\na\r\n$4\r\n\r\n\r\n\r\n*2\r\n$3\r\nGET\r\n$1\r\na\r\n')
      connection.send(byte);

    expect(await connection.receive()).toBe('+OK');
    expect(await connection.receive()).toBe('$4~~~');
    connection.close();
  });

  it('takes commands as a person types them', async () => {
    const connection = await connectRaw(store.port);

    connection.send("SET a \"b\\x41\\n c\"\r\n\r\nget a\nPING 'it\\'s'\r\n");

    expect(await connection.receive()).toBe('+OK');
    expect(await connection.receive()).toBe('$5~bA\n c');
    expect(await connection.receive()).toBe("$4~it's");
    connection.close();
  });

  it.each([
    ['no number of words', '*x\r\n', '-ERR Protocol error: invalid multibulk length\r\n'],
    ['a word of another type', '*1\r\n:4\r\n', "-ERR Protocol error: expected '$', got ':'\r\n"],
    ['a negative length', '*1\r\n$-4\r\n', '-ERR Protocol error: invalid bulk length\r\n'],
    ['no length', '*1\r\n$x\r\n', '-ERR Protocol error: invalid bulk length\r\n'],
    ['an enormous length', '*1\r\n$999999999999\r\n', '-ERR Protocol error: invalid bulk length\r\n'],
    ['an open quote', 'SET "a\r\n', '-ERR Protocol error: unbalanced quotes in request\r\n'],
    ['text behind a quote', 'PING "a"b\r\n', '-ERR Protocol error: unbalanced quotes in request\r\n'],
    ['an endless line', 'x'.repeat(70_000), '-ERR Protocol error: too big inline request\r\n'],
  ])('ends with an error when the protocol is broken: %s', async (_name, bytes, error) => {
    const connection = await connectRaw(store.port);

    connection.send(bytes);

    expect(await connection.ended()).toBe(error);
  });

  it('ends after QUIT and carries out nothing behind it', async () => {
    const connection = await connectRaw(store.port);

    connection.send('SET a 1\r\nQUIT\r\nSET a 2\r\n');

    expect(await connection.ended()).toBe('+OK\r\n+OK\r\n');
    expect(await (await connect()).get('a')).toBe('1');
  });

  it('is carried on as far as the client reads its answers', async () => {
    const client = await connect();
    await client.set('big', 'x'.repeat(1_000_000));
    const connection = await connectRaw(store.port);

    connection.send('GET big\r\nINCR n\r\n'.repeat(40));
    const replies = [];
    for (let reply = 0; reply < 80; reply += 1) replies.push((await connection.receive()).slice(0, 9));

    expect(replies).toEqual(Array.from({ length: 40 }, (_, index) => ['$1000000~', `:${index + 1}`]).flat());
    connection.close();
  });

  it('gets an error for an answer that is too large to be sent', async () => {
    const connection = await connectRaw(store.port);
    await connection.ask(['SET', 'big', 'x'.repeat(10_000_000)]);

    const reply = await connection.ask(['MGET', ...Array.from({ length: 60 }, () => 'big')]);

    expect(reply).toBe('-ERR the reply is larger than the embedded Redis can send');
    expect(await connection.ask(['PING'])).toBe('+PONG');
    connection.close();
  });

  it('leaves others undisturbed when it is cut in the middle of a request', async () => {
    const connection = await connectRaw(store.port);
    const client = await connect();
    connection.send('*2\r\n$3\r\nGET\r\n$100\r\nabc');

    connection.close();

    expect(await client.ping()).toBe('PONG');
  });

  it('tells about itself', async () => {
    const client = await connect({ connectionName: 'me' });

    const info = await client.info();

    expect(info).toContain('redis_version:7.0.15');
    expect(info).toContain('connected_clients:1');
    expect(await client.client('GETNAME')).toBe('me');
  });

  it('gets the error of an unknown command, as from Redis, for everything not on the list', async () => {
    const connection = await connectRaw(store.port);
    const others = [
      'MULTI',
      'WATCH',
      'SUBSCRIBE',
      'LPUSH',
      'SADD',
      'ZADD',
      'XADD',
      'SETBIT',
      'GEOADD',
      'APPEND',
      'MSET',
    ];

    for (const name of [...others, 'INCRBYFLOAT', 'SETEX', 'ECHO', 'CONFIG', 'toString', '__proto__']) {
      const reply = await connection.ask([name, 'a', 'b']);

      expect(reply).toBe(`-ERR unknown command '${name}', with args beginning with: 'a' 'b' `);
    }
    expect(await connection.ask(['CLIENT', 'LIST'])).toBe("-ERR unknown subcommand 'LIST'. Try CLIENT HELP.");
    expect(await connection.ask(['SCRIPT', 'KILL'])).toBe("-ERR unknown subcommand 'KILL'. Try SCRIPT HELP.");
    expect(await connection.ask(['COMMAND', 'COUNT'])).toBe("-ERR unknown subcommand 'COUNT'. Try COMMAND HELP.");
    expect(await connection.ask(['SET', 'a', '1', 'EXAT', '9'])).toBe('-ERR syntax error');
    expect(await connection.ask(['HELLO', '3'])).toBe('-NOPROTO unsupported protocol version');
    connection.close();
  });
});

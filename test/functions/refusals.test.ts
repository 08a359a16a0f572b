import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { createServer as createMysqlServer } from 'mysql2';
import {
  type CounterStore,
  NotAppliedError,
  StoreUnavailableError,
  UnknownOutcomeError,
} from '../../functions/counter-store';
import type { EmbeddedStore } from 'template-runtime/worker';
import { errorOf, isNotApplied } from '../counter-store.contract';
import { loopback, STORES } from './stores-under-fault';

const KEYED = { key: 'k', sentAt: Math.floor(Date.now() / 1000), windowSeconds: 120, cap: 1000 };

/** Servers that answer increments with an error in the store's own protocol, as the real ones do when they are in trouble. */
describe('an increment that DynamoDB refuses', () => {
  let server: EmbeddedStore;
  let close: () => Promise<void>;
  let store: CounterStore;
  let direct: CounterStore;
  /** What the next calls are answered with, instead of being passed on. */
  let refusals: { status: number; type: string }[];
  let calls: number;

  beforeAll(async () => {
    server = await STORES.dynamo.start();
    await STORES.dynamo.prepare(loopback(server.port));
    const front = createServer((incoming, response) => {
      calls += 1;
      const refusal = refusals.shift();
      if (refusal) {
        incoming.resume();
        response.writeHead(refusal.status, { 'Content-Type': 'application/x-amz-json-1.0' });
        response.end(JSON.stringify({ __type: refusal.type, message: 'in trouble' }));
      } else passOn(server.port, incoming, response);
    });
    await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
    store = STORES.dynamo.open(loopback((front.address() as AddressInfo).port));
    direct = STORES.dynamo.open(loopback(server.port));
    close = () => new Promise((resolve) => front.close(() => resolve()));
  });

  beforeEach(() => {
    refusals = [];
    calls = 0;
  });

  afterAll(async () => {
    await store.close();
    await direct.close();
    await close();
    await server.close();
  });

  it.each([
    'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException',
    'com.amazon.coral.availability#ThrottlingException',
    'com.amazonaws.dynamodb.v20120810#RequestLimitExceeded',
    'com.amazonaws.dynamodb.v20120810#TransactionConflictException',
  ])('for now is repeated by the state machine: %s', async (type) => {
    const id = `once-${type.split('#')[1]}`;
    refusals = [{ status: 400, type }];

    const outcome = await store.increment(id, { max: '10' });

    expect(outcome).toEqual({ status: 'incremented', counter: 1 });
    expect(calls).toBe(2);
  });

  it.each([
    [400, 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException', true],
    [400, 'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException', true],
    [500, 'com.amazonaws.dynamodb.v20120810#InternalServerError', false],
    [503, 'com.amazon.coral.availability#ServiceUnavailableException', false],
  ])('time and again with %d %s is honestly classified', async (status, type, isSurelyNotApplied) => {
    const id = `always-${type.split('#')[1]}`;
    refusals = Array.from({ length: 10 }, () => ({ status, type }));

    const error = await errorOf(store.increment(id));
    const value = await direct.read(id);

    expect(isNotApplied(error)).toBe(isSurelyNotApplied);
    if (!isSurelyNotApplied) expect(calls).toBe(1);
    expect(value).toBe(0);
  });
});

describe('an increment that Redis refuses', () => {
  it.each([
    ["READONLY You can't write against a read only replica.", NotAppliedError],
    [
      `ERR Error running script (call to f_${'0a'.repeat(20)}): @user_script:9: @user_script: 9: -READONLY You can't write`,
      NotAppliedError,
    ],
    ['LOADING Redis is loading the dataset in memory', NotAppliedError],
    ['BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.', NotAppliedError],
    [
      "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk.",
      StoreUnavailableError,
    ],
    ['ERR something that a later version says', UnknownOutcomeError],
  ])('by %s', async (message, kind) => {
    const server = createTcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', () => socket.write(`-${message}\r\n`));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const store = STORES.redis.open(loopback((server.address() as AddressInfo).port));

    const errors = [
      await errorOf(store.increment('votes')),
      await errorOf(store.increment('votes', { max: '9' })),
      await errorOf(store.incrementKeyed('votes', KEYED)),
    ];

    for (const error of errors) expect(error).toBeInstanceOf(kind);
    await store.close();
    await new Promise((resolve) => server.close(resolve));
  });
});

/** The server's side of a connection, which mysql2's types leave out. */
interface ServerConnection {
  readonly stream: Socket;
  on(event: 'error' | 'stmt_prepare', listener: () => void): void;
  serverHandshake(greeting: object): void;
  writeError(error: { readonly message: string; readonly code: number }): void;
  close(): void;
}

describe('an increment that TiDB refuses', () => {
  it.each([
    [9007, NotAppliedError, 1],
    [8002, NotAppliedError, 1],
    [8022, NotAppliedError, 1],
    [1205, NotAppliedError, 1],
    [1213, NotAppliedError, 1],
    [1243, NotAppliedError, 2],
    [1836, NotAppliedError, 2],
    [8501, UnknownOutcomeError, 2],
    ['cut', UnknownOutcomeError, 2], // TiDB closes the connection when it doesn't know whether it has committed
  ])('by %s', async (answer, kind, expected) => {
    let connections = 0;
    const server = createMysqlServer((accepted) => {
      connections += 1;
      const connection = accepted as unknown as ServerConnection;
      connection.on('error', () => undefined);
      // mysql2's server counts packets on over commands, where the protocol begins anew.
      connection.stream.prependListener('data', (bytes: Buffer) => Object.assign(connection, { sequenceId: bytes[3] }));
      connection.serverHandshake({
        protocolVersion: 10,
        serverVersion: '8.0.11-TiDB-v8.5.0',
        connectionId: 1,
        statusFlags: 2,
        characterSet: 45,
        capabilityFlags: 0xffffff ^ 0x0800,
      });
      connection.on('stmt_prepare', () => {
        if (answer === 'cut') connection.close();
        else connection.writeError({ message: 'in trouble', code: Number(answer) });
      });
    });
    const port = await new Promise<number>((resolve) => {
      const listening = server.listen(0) as unknown as { readonly _server: Server };
      listening._server.once('listening', () => resolve((listening._server.address() as AddressInfo).port));
    });
    const store = STORES.tidb.open(loopback(port));

    const errors = [await errorOf(store.increment('votes')), await errorOf(store.incrementKeyed('votes', KEYED))];

    for (const error of errors) expect(error).toBeInstanceOf(kind);
    expect(connections).toBe(expected);
    await store.close();
    const { _server: listening } = server as unknown as { readonly _server: Server };
    await new Promise((resolve) => listening.close(resolve));
  });
});

function passOn(port: number, incoming: IncomingMessage, response: ServerResponse): void {
  const { method, headers, url: path } = incoming;
  const onward = request({ host: '127.0.0.1', port, method, headers, path }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  incoming.pipe(onward);
}

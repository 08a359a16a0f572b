import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

const HTTP2_PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
const TLS_HELLO = Buffer.from('16030100c8010000c40303', 'hex');

/** What no client of any store sends, or not to its end, by what it is. */
const OPENINGS: Readonly<Record<string, string | Buffer>> = {
  nothing: '',
  'a TLS hello': TLS_HELLO,
  'bytes of all ones': Buffer.alloc(4096, 0xff),
  'bytes of all zeros': Buffer.alloc(4096),
  'half the headers': 'POST / HTTP/1.1\r\nHost: local',
  'half a body': 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"half":',
  'half a chunk': 'POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nhalf',
  'a body that is too long to come': 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\n{',
  'headers without end': `GET / HTTP/1.1\r\nX: ${'x'.repeat(100_000)}`,
  'a request that no HTTP server knows': 'GET / HTTP/9.9\r\n\r\n',
  'a preface of HTTP/2 alone': HTTP2_PREFACE,
  'an oversized frame of HTTP/2': Buffer.concat([Buffer.from(HTTP2_PREFACE), Buffer.alloc(9, 0xff), Buffer.alloc(999)]),
  'an oversized bulk of RESP': '*1\r\n$99999999999\r\nx',
  'a list of RESP without end': '*1048576\r\n$4\r\nPING\r\n',
  'a message of MongoDB of 2 GiB': Buffer.from('ffffff7f0000000000000000dd070000', 'hex'),
  'a message of MongoDB of -1 byte': Buffer.from('ffffffff0000000000000000dd070000', 'hex'),
  'a message of MongoDB without a body': Buffer.from('150000000000000000000000dd0700000000000001', 'hex'),
  'a packet of MySQL of 16 MiB': Buffer.from('ffffff00', 'hex'),
  'packets of MySQL that are empty': Buffer.from('00000000'.repeat(100), 'hex'),
};

/** Bodies that an HTTP server of AWS's JSON protocol may be sent. */
const BODIES = [
  '',
  'null',
  '[]',
  '1',
  '""',
  '{',
  '{"TableName":{}}',
  '{"TableName":null,"Key":[]}',
  '['.repeat(100_000),
];
const OPERATIONS = ['UpdateItem', 'GetItem', 'PutItem', 'Query', 'Scan', 'CreateTable', 'BatchWriteItem', 'toString'];

const awsRequests = OPERATIONS.flatMap((operation) =>
  BODIES.map((body) =>
    [
      'POST / HTTP/1.1',
      'Host: localhost',
      'Content-Type: application/x-amz-json-1.0',
      `X-Amz-Target: DynamoDB_20120810.${operation}`,
      'X-Amz-Date: 20260101T000000Z',
      'Authorization: AWS4-HMAC-SHA256 Credential=a/20260101/r/dynamodb/aws4_request, SignedHeaders=host, Signature=a',
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
  ),
);

/** A generator of numbers below 1 that gives the same ones each time (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What a client said: cut short, and with bytes that were changed. */
function damaged(said: Buffer, seed: number): Buffer[] {
  const random = numbers(seed);
  const position = (): number => Math.floor(random() * said.length);
  const cut = Array.from({ length: 40 }, () => said.subarray(0, position()));
  const changed = Array.from({ length: 120 }, () => {
    const copy = Buffer.from(said);
    for (let change = 0; change < 1 + random() * 4; change += 1) copy[position()] = Math.floor(random() * 256);
    return copy;
  });
  return [...cut, ...changed];
}

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => socket.destroy()); // being cut off is what these clients ask for
  await once(socket, 'connect');
  return socket.resume();
}

export interface AttackOptions {
  /** What a well-behaved client says. @default - nothing, only what nobody says is sent */
  readonly said?: readonly Buffer[];
}

/**
 * Sends a port what no client should, on a connection each: once it ends by itself, once it is reset. Beside them many
 * connections are open that say nothing.
 */
export async function attack(port: number, { said = [] }: AttackOptions = {}): Promise<void> {
  const idle = await Promise.all(Array.from({ length: 200 }, () => open(port)));
  const messages = [...Object.values(OPENINGS), ...awsRequests, ...said.flatMap(damaged)];
  for (const message of messages) {
    const [ended, reset] = await Promise.all([open(port), open(port)]);
    ended.end(message);
    await new Promise<void>((resolve) => reset.write(message === '' ? '\0' : message, () => resolve()));
    await new Promise(setImmediate);
    reset.resetAndDestroy();
  }
  for (const socket of idle) socket.resetAndDestroy();
}

export interface Recording {
  readonly port: number;
  /** What was said on each connection. */
  readonly said: Buffer[];
  close(): void;
}

/** Listens in front of a port, and keeps what clients say. */
export async function record(port: number): Promise<Recording> {
  const said: Buffer[][] = [];
  const server = createServer((client) => {
    const chunks: Buffer[] = [];
    said.push(chunks);
    const store = connect(port, '127.0.0.1');
    client.on('data', (chunk) => chunks.push(chunk));
    client.pipe(store).pipe(client);
    for (const socket of [client, store]) socket.on('error', () => socket.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    get said() {
      return said.map((chunks) => Buffer.concat(chunks));
    },
    close: () => server.close(),
  };
}

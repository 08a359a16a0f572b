import path from 'node:path';
import type { Installed } from './installation';

/** A counter that others wrote, behind as little code of ours as it takes to call it over HTTP. */
export interface OtherCounter {
  /** As in its registry. */
  readonly name: string;
  /** The package whose version the table shows; undefined where there is none. */
  readonly package?: { readonly registry: 'npm' | 'PyPI'; readonly name: string };
  /** What is particular about how it runs here. */
  readonly configuration: string;
  /** The command that serves it at a port of 127.0.0.1. */
  command(options: { readonly port: number; readonly installed: Installed; readonly folder: string }): {
    readonly file: string;
    readonly args: readonly string[];
    readonly env: Readonly<Record<string, string>>;
  };
  /** Whether it needs a Redis server, whose URL is `REDIS_URL`. @default - it doesn't */
  readonly needsRedis?: boolean;
  /** Makes what counting needs, such as a table. @default - nothing */
  readonly prepare?: (url: string) => Promise<void>;
  /** The arguments of `npm run check`. */
  readonly check: (url: string) => readonly string[];
}

const LIMIT = '20';

/** A script of `servers/`, on one process or several. */
const server = (script: string, processes: number): Pick<OtherCounter, 'command'> => ({
  command: ({ port, installed }) => ({
    file: process.execPath,
    args: [path.join(installed.node, `${script}.cjs`)],
    env: { PORT: String(port), PROCESSES: String(processes), LIMIT },
  }),
});

const limiter = (name: string, configuration: string, processes: number, needsRedis: boolean): OtherCounter => ({
  name,
  package: { registry: 'npm', name },
  configuration,
  needsRedis,
  ...server(name, processes),
  check: (url) => ['--request', `POST ${url}/{id}`, '--value', '$.used', '--limit', LIMIT, '--limit-status', '429'],
});

/** Their own protocol, as no SDK is needed to speak it: none of them verifies the signature. */
const DYNAMODB_HEADERS = {
  'content-type': 'application/x-amz-json-1.0',
  'x-amz-date': '20260101T000000Z',
  authorization:
    'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
};

const dynamodb = (
  name: string,
  registry: 'npm' | 'PyPI',
  command: OtherCounter['command'],
  isCrowded = false,
): OtherCounter => ({
  name,
  package: { registry, name },
  configuration: isCrowded ? 'ADD, 64 callers' : 'ADD with a condition',
  command,
  async prepare(url) {
    const table = {
      TableName: 'counters',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    };
    const headers = { ...DYNAMODB_HEADERS, 'x-amz-target': 'DynamoDB_20120810.CreateTable' };
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(table) });
    if (!response.ok) throw new Error(`${name} made no table: ${await response.text()}`);
  },
  check: (url) => {
    const update = {
      TableName: 'counters',
      Key: { id: { S: '{id}' } },
      UpdateExpression: 'ADD c :one',
      ...(isCrowded ? {} : { ConditionExpression: 'attribute_not_exists(c) OR c < :max' }),
      ExpressionAttributeValues: { ':one': { N: '1' }, ...(isCrowded ? {} : { ':max': { N: LIMIT } }) },
      ReturnValues: 'UPDATED_NEW',
    };
    const headers = { ...DYNAMODB_HEADERS, 'x-amz-target': 'DynamoDB_20120810.UpdateItem' };
    const typed = Object.entries(headers).flatMap(([header, value]) => ['--header', `${header}: ${value}`]);
    const body = ['--body', JSON.stringify(update)];
    const load = isCrowded ? ['--concurrency', '64'] : ['--limit', LIMIT, '--limit-status', '400'];
    return ['--request', `POST ${url}/`, ...typed, ...body, '--value', '$.Attributes.c.N', ...load];
  },
});

const moto: OtherCounter['command'] = ({ port, installed }) => ({
  file: path.join(installed.python, 'moto', 'bin', 'moto_server'),
  args: ['-H', '127.0.0.1', '-p', String(port)],
  env: {},
});

export const OTHER_COUNTERS: readonly OtherCounter[] = [
  limiter('express-rate-limit', 'memory, 1 process', 1, false),
  limiter('express-rate-limit', 'memory, 2 processes', 2, false),
  limiter('express-rate-limit', 'Redis, 2 processes', 2, true),
  limiter('rate-limiter-flexible', 'memory, 1 process', 1, false),
  limiter('rate-limiter-flexible', 'memory, 2 processes', 2, false),
  limiter('rate-limiter-flexible', 'Redis, 2 processes', 2, true),
  {
    name: 'flask-limiter',
    package: { registry: 'PyPI', name: 'flask-limiter' },
    configuration: 'memory, threads',
    command: ({ port, installed }) => ({
      file: path.join(installed.python, 'flask-limiter', 'bin', 'python'),
      args: [path.join(installed.node, 'flask-limiter.py')],
      env: { PORT: String(port), LIMIT },
    }),
    check: (url) => {
      const remaining = ['--remaining', 'header:X-RateLimit-Remaining', '--limit', LIMIT, '--limit-status', '429'];
      return ['--request', `POST ${url}/{id}`, ...remaining];
    },
  },
  dynamodb('moto', 'PyPI', moto),
  dynamodb('moto', 'PyPI', moto, true),
  dynamodb('ministack', 'PyPI', ({ port, installed, folder }) => ({
    file: path.join(installed.python, 'ministack', 'bin', 'ministack'),
    args: [],
    env: { BIND_HOST: '127.0.0.1', GATEWAY_PORT: String(port), S3_DATA_DIR: path.join(folder, 's3'), HOME: folder },
  })),
  dynamodb('dynalite', 'npm', ({ port, installed }) => ({
    file: process.execPath,
    args: [
      path.join(installed.node, 'node_modules', 'dynalite', 'cli.js'),
      '--host',
      '127.0.0.1',
      '--port',
      String(port),
      '--createTableMs',
      '0',
    ],
    env: {},
  })),
  {
    name: 'read, then write',
    configuration: 'Redis GET, then SET',
    needsRedis: true,
    ...server('read-then-write', 1),
    check: (url) => ['--request', `POST ${url}/{id}`, '--limit', LIMIT],
  },
];

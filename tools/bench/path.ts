import { Agent, request } from 'node:http';
import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { UNMET_LIMITS } from '../unmet-limits';
import type { Bench } from './bench';
import { compared, HOW_COMPARED, measurePair } from './measure';
import { startSystem } from './system';

const LOADS = [
  [1, 1000],
  [32, 5000],
] as const;

/** Compares the whole path to the embedded DynamoDB with the bare AWS SDK client making the same update. */
export async function benchPath({ signal, next, table: results, note }: Bench): Promise<void> {
  next('starting the system', 0, LOADS.length + 1);
  const system = await startSystem(UNMET_LIMITS, { signal });
  const agent = new Agent({ keepAlive: true, maxSockets: 32 });
  const { host, port, table } = await system.dynamo();
  const client = new DynamoDBClient({
    endpoint: `http://${host}:${port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler({ httpAgent: agent }),
  });
  const bare = (): Promise<unknown> =>
    client.send(
      new UpdateItemCommand({
        TableName: table,
        Key: { id: { S: 'bare' } },
        UpdateExpression: 'ADD #c :one',
        ConditionExpression: 'attribute_not_exists(#c) OR #c < :max OR NOT attribute_type(#c, :number)',
        ExpressionAttributeNames: { '#c': 'atomic_counter' },
        ExpressionAttributeValues: { ':one': { N: '1' }, ':max': { N: '9007199254740991' }, ':number': { S: 'N' } },
        ReturnValues: 'UPDATED_NEW',
      }),
    );
  try {
    const { add } = results([
      ...['clients', 'bare SDK calls/s', 'API', 'API to bare', 'bare SDK ms', 'API', 'API to bare'],
    ]);
    for (const [index, [clients, calls]] of LOADS.entries()) {
      next(`${clients} clients`, index + 1, LOADS.length + 1);
      const rounds = await measurePair(() => post(agent, system.port), bare, { clients, calls, signal });
      add([
        String(clients),
        ...compared(rounds, ({ callsPerSecond }) => callsPerSecond, 0),
        ...compared(rounds, ({ millisecondsPerCall }) => millisecondsPerCall, 2),
      ]);
    }
    HOW_COMPARED.forEach(note);

    const before = system.openSockets();
    for (let call = 0; call < 3000 && !signal.aborted; call += 1) await post(agent, system.port);
    note(`open sockets before and after 3,000 calls: ${before}, ${system.openSockets()}`);
  } finally {
    client.destroy();
    agent.destroy();
    await system.stop();
  }
}

/** What an increment asks for. */
export interface Call {
  /** @default - "bench" */
  readonly id?: string;
  /** @default - no limit */
  readonly max?: number;
  /** An idempotency key. @default - none */
  readonly key?: string;
}

/** @throws Error for any status but 200: a 429 makes the run invalid */
export function post(
  agent: Agent,
  port: number,
  store = 'dynamo',
  { id = 'bench', max, key }: Call = {},
): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        agent,
        host: '127.0.0.1',
        port,
        path: `/prod/${store}/${id}${max === undefined ? '' : `?max=${max}`}`,
        method: 'POST',
        headers: { 'x-api-key': 'local-development-key', ...(key === undefined ? {} : { 'idempotency-key': key }) },
      },
      (response) => {
        response.resume();
        response.on('end', () => {
          if (response.statusCode === 200) resolve();
          else reject(new Error(`the run is invalid: a call was answered ${response.statusCode}`));
        });
      },
    );
    sent.on('error', reject);
    sent.end();
  });
}

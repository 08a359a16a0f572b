import { mkdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createLogs } from 'template-runtime/cloudwatch';
import { type Lambda, startLambda } from 'template-runtime/lambda';
import type { EmbeddedStore } from 'template-runtime/worker';
import { FUNCTION_HANDLER, writeFunction } from '../../lib/bundling/function-bundle';
import { type FaultProxy, startFaultProxy } from './fault-proxy';
import { type SecretsEndpoint, startSecretsEndpoint } from './secrets-endpoint';
import { loopback, STORES } from './stores-under-fault';

const NAMES = ['redis', 'momento', 'docdb', 'tidb'] as const;

/** Is refused before a store is called, and so shows that the function has loaded. */
const INVALID = { id: 'a b' };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'connect-ahead-'));
  for (const name of NAMES) {
    mkdirSync(path.join(folder, name));
    writeFunction(`functions/${name}/handler.ts`, path.join(folder, name));
  }
});
afterAll(() => rm(folder, { recursive: true }));

describe.each(NAMES)("loading %s' function, as it is deployed", (name) => {
  let secrets: SecretsEndpoint;
  let server: EmbeddedStore;
  let proxy: FaultProxy;
  let lambda: Lambda;

  /** What the function returns, or the name of its error. */
  const invoke = async (event: object): Promise<unknown> => {
    const { payload, functionError } = await lambda.invoke(name, JSON.stringify(event));
    const answer = JSON.parse(payload) as { errorType?: string };
    return functionError === undefined ? answer : answer.errorType;
  };

  const store = (): void => {
    const address = { host: '127.0.0.1', port: proxy.port, tls: false };
    secrets.setValue(name === 'tidb' ? { ...address, user: 'root', db: 'atomic_counter' } : address);
  };

  beforeEach(async () => {
    secrets = await startSecretsEndpoint();
    server = await STORES[name].start();
    await STORES[name].prepare(loopback(server.port));
    proxy = await startFaultProxy(loopback(server.port));
    lambda = startLambda({
      resources: [
        {
          logicalId: name,
          type: 'AWS::Lambda::Function',
          physicalId: name,
          attributes: { Arn: `arn:aws:lambda:eu-west-1:123456789012:function:${name}` },
          properties: { Code: {}, Handler: FUNCTION_HANDLER, Runtime: 'nodejs24.x', Timeout: 5, MemorySize: 512 },
          metadata: {},
        },
      ],
      codeDirectory: () => path.join(folder, name),
      region: 'eu-west-1',
      account: '123456789012',
      baseEnvironment: { ...secrets.environment, MOMENTO_CACHE_NAME: 'atomic-counter' },
      logs: createLogs(),
    });
  });

  afterEach(async () => {
    await lambda.close();
    await proxy.close();
    await server.close();
    await secrets.close();
  });

  it('reads the secret and connects, so that the first call finds the connection', async () => {
    store();

    const refused = await invoke(INVALID);
    const ahead = { secrets: secrets.requests, isConnected: proxy.open > 0 };
    const first = await invoke({ id: 'votes' });

    expect(refused).toBe('InvalidRequestError');
    expect(ahead).toEqual({ secrets: 1, isConnected: true });
    expect(first).toEqual({ outcome: 'incremented', counter: 1 });
    expect(secrets.requests).toBe(1); // each attempt to connect reads it
  });

  it('succeeds while the store is down, and the first call connects once it is back', async () => {
    store();
    await proxy.refuse();

    const refused = await invoke(INVALID);
    const down = await invoke({ id: 'votes' });
    await proxy.accept();
    const first = await invoke({ id: 'votes' });

    expect([refused, down]).toEqual(['InvalidRequestError', 'StoreUnavailableError']);
    expect(first).toEqual({ outcome: 'incremented', counter: 1 });
  });

  it('succeeds while the store does not answer, and the first call increments once it does', async () => {
    store();
    proxy.set('freeze');

    const refused = await invoke(INVALID);
    proxy.set('pass');
    const first = await invoke({ id: 'votes' });

    expect(refused).toBe('InvalidRequestError');
    expect(first).toEqual({ outcome: 'incremented', counter: 1 });
  });

  it('succeeds without a secret, and the first call reads it once it is there', async () => {
    const refused = await invoke(INVALID);
    const missing = await invoke({ id: 'votes' });
    store();
    const first = await invoke({ id: 'votes' });

    expect([refused, missing]).toEqual(['InvalidRequestError', 'StoreUnavailableError']);
    expect(first).toEqual({ outcome: 'incremented', counter: 1 });
  });
});

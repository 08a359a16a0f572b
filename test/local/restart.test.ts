import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { GetExecutionHistoryCommand, ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { type Local, startLocal } from '../../local/main';
import { apiClient } from './api-client';
import { assembly } from './assembly';

const STORES = ['dynamo', 'redis', 'momento', 'docdb', 'tidb'];
const CALLERS = 16;

const SCRIPT = `
const { startLocal } = require(process.argv[1]);
startLocal(JSON.parse(process.argv[2])).then(({ port, apiKey }) => console.log(JSON.stringify({ port, apiKey })));
`;

interface Acknowledged {
  readonly store: string;
  readonly counter: number;
  readonly arn: string;
}

describe('the runtime with a data directory, killed while 16 callers count in every store', () => {
  const dataDirectory = mkdtempSync(path.join(os.tmpdir(), 'restart-'));
  const acknowledged: Acknowledged[] = [];
  /** By store and key, each sent once: the value; undefined where no answer came. */
  const keyed: Record<string, Record<string, number | undefined>> = {};
  /** Calls by store that were never answered. */
  const unanswered: Record<string, number> = {};
  let synthesized: string;
  let local: Local;
  let client: SFNClient;

  beforeAll(async () => {
    synthesized = await assembly('unconditional');
    const options = { assembly: synthesized, dataDirectory };
    const main = path.resolve(__dirname, '../../dist/local/main.js');
    const child = spawn(process.execPath, ['-e', SCRIPT, main, JSON.stringify(options)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(child, 'exit');
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    const api = apiClient(JSON.parse(line) as { port: number; apiKey: string });
    const count = async (caller: number): Promise<void> => {
      for (let call = caller; ; call += 1) {
        const store = STORES[call % STORES.length] ?? '';
        const key = `${caller}-${call}`;
        const values = (keyed[store] ??= {});
        values[key] = undefined;
        try {
          const { status, body } = await api.post(`${store}/keyed`, key);
          if (status === 200) values[key] = Number(body?.['counter']);
        } catch {
          return;
        }
        try {
          const { status, body, headers } = await api.post(`${store}/votes`);
          if (status !== 200) throw new Error(`answered ${status}`);
          acknowledged.push({ store, counter: Number(body?.['counter']), arn: String(headers['x-execution-arn']) });
        } catch {
          unanswered[store] = (unanswered[store] ?? 0) + 1;
          return;
        }
        if (acknowledged.length >= 300) child.kill('SIGKILL');
      }
    };
    await Promise.all(Array.from({ length: CALLERS }, (_, caller) => count(caller)));
    await exited;
    api.close();

    local = await startLocal(options);
    client = new SFNClient({
      endpoint: `http://127.0.0.1:${local.port}`,
      region: 'us-east-1',
      credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    });
  }, 120_000);

  afterAll(async () => {
    client.destroy();
    await local.close();
    rmSync(dataDirectory, { recursive: true });
  });

  it.each(STORES)('goes on in %s behind every acknowledged increment, and gives no value twice', async (store) => {
    const values = acknowledged.filter((call) => call.store === store).map(({ counter }) => counter);
    const api = apiClient(local);

    const next = Number((await api.post(`${store}/votes`)).body?.['counter']);
    api.close();

    expect(values.length).toBeGreaterThan(20);
    expect(new Set(values).size).toBe(values.length);
    expect(next).toBeGreaterThan(Math.max(...values));
    expect(next - 1).toBeLessThanOrEqual(values.length + (unanswered[store] ?? 0));
  });

  it.each(STORES)('knows in %s which keys have counted, answered or not', async (store) => {
    const api = apiClient(local);
    const before = Object.entries(keyed[store] ?? {});

    const repeated = [];
    for (const [key] of before) repeated.push(await api.post(`${store}/keyed`, key));
    const { body } = await api.get(`${store}/keyed`);
    api.close();

    const values = repeated.map(({ body: answer }) => Number(answer?.['counter']));
    for (const [index, [, value]] of before.entries()) if (value !== undefined) expect(values[index]).toBe(value);
    expect([...values].sort((a, b) => a - b)).toEqual(values.map((_, index) => index + 1));
    expect(body?.['counter']).toBe(before.length);
  });

  it('lists the executions of before, with their histories', async () => {
    const listed = new Map<string, string | undefined>();
    const [stateMachineArn] = acknowledged.map(({ arn }) =>
      arn.replace(':express:', ':stateMachine:').split(':').slice(0, 7).join(':'),
    );
    for (let nextToken: string | undefined, more = true; more; more = nextToken !== undefined) {
      const page = await client.send(new ListExecutionsCommand({ stateMachineArn, maxResults: 200, nextToken }));
      for (const { executionArn = '', status } of page.executions ?? []) listed.set(executionArn, status);
      nextToken = page.nextToken;
    }
    const { arn: executionArn, counter } = acknowledged[7] ?? { arn: '', counter: 0 };
    const { events = [] } = await client.send(new GetExecutionHistoryCommand({ executionArn }));

    expect(acknowledged.map(({ arn }) => listed.get(arn))).toEqual(acknowledged.map(() => 'SUCCEEDED'));
    expect(events[0]?.type).toBe('ExecutionStarted');
    expect(events.at(-1)?.type).toBe('ExecutionSucceeded');
    expect(events.at(-1)?.executionSucceededEventDetails?.output).toContain(`"counter":${counter}`);
  });

  it('shows them in the console', async () => {
    const { arn } = acknowledged.at(-1) ?? { arn: '' };

    const found = await fetch(`http://127.0.0.1:${local.port}/console/api/execution?arn=${encodeURIComponent(arn)}`);

    expect(await found.text()).toContain('SUCCEEDED');
  });

  it('refuses a second runtime on the same folder', async () => {
    const second = startLocal({ assembly: synthesized, dataDirectory });

    await expect(second).rejects.toThrow(`DATA_DIR "${dataDirectory}" is in use by another runtime`);
  });
});

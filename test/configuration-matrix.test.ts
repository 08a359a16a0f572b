import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { App } from 'aws-cdk-lib';
import cdkJson from '../cdk.json';
import { AtomicCounterStack } from '../lib/atomic-counter-stack';
import { readConfiguration, SETTINGS, STORE_NAMES } from '../lib/configuration';
import { projectRoot } from '../lib/project-root';
import { type LocalOptions, startLocal } from '../local/main';
import { apiClient } from './local/api-client';

/** Every list of stores but the empty one. */
const STORE_LISTS: string[] = Array.from({ length: 2 ** STORE_NAMES.length - 1 }, (_, index) =>
  STORE_NAMES.filter((_name, bit) => ((index + 1) >> bit) % 2 === 1).join(','),
);

/** The bounds of the settings that every list has, or all their values where they are few. */
const BOUNDS: Readonly<Record<string, readonly string[]>> = {
  STACK_NAME: ['A', `A${'-1'.repeat(31)}z`],
  AVAILABILITY_ZONES: ['any', 'us-east-1a,us-east-1b,us-east-1c'],
  USE_CONDITIONAL_WRITES: ['true', 'true', 'false', 'true'],
  MAX_COUNTER_VALUE: ['1', '9007199254740991'],
  DYNAMO_SHARDS: ['1', '256'],
  MOMENTO_CACHE_NAME: ['a', 'x'.repeat(255)],
  MOMENTO_STRATEGY: ['compare-and-set', 'set-if-not-equal'],
  IDEMPOTENCY_WINDOW_SECONDS: ['60', '86400'],
  IDEMPOTENCY_KEYS_PER_COUNTER: ['1', '1000'],
  THROTTLE_RATE: ['1', '1000000'],
  THROTTLE_BURST: ['1', '1000000'],
  QUOTA_PER_DAY: ['1', '2147483647'],
  EXECUTION_LOG_LEVEL: ['ALL', 'ERROR', 'FATAL', 'OFF'],
  METRICS_PER_COUNTER: ['false', 'true'],
  LOG_RETENTION_DAYS: ['1', '3653'],
  DASHBOARD: ['false', 'true'],
  ALARMS: ['true', 'true', 'false'],
  ALARM_EMAIL: ['none', 'a@b.example'],
  ALARM_LATENCY_MS: ['50', '29000'],
  TRACING: ['false', 'true'],
  API_TIMEOUT_SECONDS: ['8', '29'],
  EXECUTION_TIMEOUT_SECONDS: ['7', '28'],
  TASK_TIMEOUT_SECONDS: ['6', '27'],
  FUNCTION_TIMEOUT_SECONDS: ['5', '26'],
  RETAIN_DATA: ['false', 'true'],
};

/** So many rows that each value is in one, with the same side of the others' bounds. */
const ROWS = [0, 1, 2, 3].map((row) =>
  Object.fromEntries(Object.entries(BOUNDS).map(([name, values]) => [name, values[row % values.length] ?? ''])),
);

const folder = path.join(projectRoot(), 'cdk.out.test', `matrix-${process.pid}`);
const dataParent = mkdtempSync(path.join(os.tmpdir(), 'matrix-'));

afterAll(() => {
  for (const made of [folder, dataParent]) rmSync(made, { recursive: true, force: true });
});

/** As `cdk synth` does, but in this process and always into one folder, where each function is bundled once. */
function synthesize(settings: Readonly<Record<string, string>>): string {
  const app = new App({ context: cdkJson.context, analyticsReporting: false, outdir: folder });
  new AtomicCounterStack(app, 'AtomicCounter', { configuration: readConfiguration(settings) });
  return app.synth().directory;
}

/**
 * Starts on a free port what these settings make, and posts to each store.
 *
 * @returns by store: the counter, or the status where nothing was counted
 */
async function count(
  settings: Readonly<Record<string, string>>,
  { posts = 1, ...options }: Pick<LocalOptions, 'dataDirectory'> & { posts?: number } = {},
): Promise<Record<string, unknown[]>> {
  const local = await startLocal({ assembly: synthesize(settings), ...options });
  const api = apiClient(local);
  try {
    const post = async (store: string): Promise<unknown> => {
      const { body, status } = await api.post(`${store}/votes`);
      return status === 200 ? body?.['counter'] : status;
    };
    const answers: Record<string, unknown[]> = {};
    for (const { store } of local.curls) {
      answers[store] = [];
      for (let posted = 0; posted < posts; posted += 1) answers[store].push(await post(store));
    }
    return answers;
  } finally {
    api.close();
    await local.close();
  }
}

const each = (stores: string, answers: unknown[]): Record<string, unknown[]> =>
  Object.fromEntries(stores.split(',').map((store) => [store, answers]));

describe('every list of stores', () => {
  it.each(STORE_LISTS)(
    'starts and counts in both modes: %s',
    async (stores) => {
      const [unconditional, conditional] = await Promise.all([
        count({ STORES: stores }),
        count({ STORES: stores, USE_CONDITIONAL_WRITES: 'true', MAX_COUNTER_VALUE: '1' }, { posts: 2 }),
      ]);

      expect(unconditional).toEqual(each(stores, [1]));
      expect(conditional).toEqual(each(stores, [1, 409]));
    },
    60_000,
  );
});

describe('every other setting at its bounds', () => {
  it('is in the rows', () => {
    const names = Object.values(SETTINGS).map(({ name }) => name);

    expect(Object.keys(BOUNDS).sort()).toEqual(names.filter((name) => name !== 'STORES').sort());
  });

  it.each(STORE_NAMES.flatMap((store) => ROWS.map((row, index) => [store, index + 1, row] as const)))(
    'starts and counts in %s: row %i',
    async (store, _, row) => {
      const { [store]: [counter] = [] } = await count({ ...row, STORES: store });

      const most = store === 'dynamo' ? Number(row['DYNAMO_SHARDS']) : 1; // the first value of any shard
      expect(counter).toBeGreaterThanOrEqual(1);
      expect(counter).toBeLessThanOrEqual(most);
    },
    60_000,
  );
});

describe('DATA_DIR', () => {
  const all = STORE_NAMES.join(',');
  const kept = path.join(dataParent, 'made', 'here');

  it('that is new is made, and goes on where the last start ended', async () => {
    expect(await count({ STORES: all }, { dataDirectory: kept })).toEqual(each(all, [1]));
    expect(await count({ STORES: all }, { dataDirectory: kept })).toEqual(each(all, [2]));
  }, 60_000);

  it('keeps what is left out of a start', async () => {
    expect(await count({ STORES: 'redis' }, { dataDirectory: kept })).toEqual({ redis: [3] });
    expect(await count({ STORES: 'redis,tidb' }, { dataDirectory: kept })).toEqual({ redis: [4], tidb: [3] });
  }, 60_000);

  it('that can’t be used ends the start with one line, and nothing is left that keeps it from others', async () => {
    const foreign = mkdtempSync(path.join(dataParent, 'foreign-'));
    writeFileSync(path.join(foreign, 'thesis.txt'), '');
    const inUse = path.join(dataParent, 'in-use');
    const assembly = synthesize({ STORES: 'dynamo' });
    const first = await startLocal({ assembly, dataDirectory: inUse });
    const refusal = (dataDirectory: string): Promise<unknown> =>
      startLocal({ assembly, dataDirectory }).then(
        () => 'started',
        (error: Error) => error.message,
      );

    expect(await refusal(foreign)).toMatch(/^DATA_DIR ".*" holds "thesis.txt", .*$/);
    expect(await refusal('/proc/data')).toMatch(/^DATA_DIR "\/proc\/data" can't be written: .*$/);
    expect(await refusal(inUse)).toMatch(/^DATA_DIR ".*" is in use by another runtime: .*$/);
    await first.close();
    await (await startLocal({ assembly, dataDirectory: inUse })).close();
  }, 60_000);
});

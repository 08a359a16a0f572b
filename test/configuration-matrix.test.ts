import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { App } from 'aws-cdk-lib';
import cdkJson from '../cdk.json';
import { AtomicCounterStack } from '../lib/atomic-counter-stack';
import { readConfiguration, SETTINGS, STORE_NAMES } from '../lib/configuration';
import { projectRoot } from '../lib/project-root';
import { type LocalOptions, startLocal } from '../local/main';
import { BOUNDS, ROWS } from './lib/setting-bounds';
import { apiClient } from './local/api-client';

/** Every list of stores but the empty one. */
const STORE_LISTS: string[] = Array.from({ length: 2 ** STORE_NAMES.length - 1 }, (_, index) =>
  STORE_NAMES.filter((_name, bit) => ((index + 1) >> bit) % 2 === 1).join(','),
);

const folder = path.join(projectRoot(), 'cdk.out.test', `matrix-${process.pid}`);
const dataParent = mkdtempSync(path.join(os.tmpdir(), 'matrix-'));

afterAll(() => {
  for (const made of [folder, dataParent]) rmSync(made, { recursive: true, force: true });
});

/** As `npm start` does, but in this process and always into one folder, where each function is bundled once. */
function synthesize(settings: Readonly<Record<string, string>>): string {
  const app = new App({
    context: cdkJson.context,
    analyticsReporting: false,
    outdir: folder,
    builtinCloudFormationValidation: false,
  });
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

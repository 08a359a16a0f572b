import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { EMBEDDED_STORES, type StoreName } from '../../local/store-modules';
import { startStoreThread, type StoreThread } from 'template-runtime/worker';
import { connectTo, type CountingClient } from './counting-clients';
import { startProcess, type StoreProcess } from './killed-store';

const STORES = Object.keys(EMBEDDED_STORES) as StoreName[];
const CALLERS = 16;

describe.each(STORES)('%s with a data directory', (name) => {
  let dataDirectory: string;
  const opened: { clients: CountingClient[]; threads: StoreThread[]; processes: StoreProcess[] } = {
    clients: [],
    threads: [],
    processes: [],
  };

  beforeEach(() => {
    dataDirectory = mkdtempSync(path.join(os.tmpdir(), `${name}-`));
  });

  afterEach(async () => {
    await Promise.allSettled(opened.clients.splice(0).map((client) => client.close()));
    await Promise.all(opened.threads.splice(0).map((thread) => thread.close()));
    await Promise.all(opened.processes.splice(0).map((process) => process.kill()));
    rmSync(dataDirectory, { recursive: true });
  });

  const connect = async ({ port }: { port: number }): Promise<CountingClient> => {
    const client = await connectTo[name](port);
    opened.clients.push(client);
    return client;
  };
  const startThread = async (): Promise<StoreThread> => {
    const thread = await startStoreThread({ ...EMBEDDED_STORES[name], options: { dataDirectory } });
    opened.threads.push(thread);
    return thread;
  };

  /** Increments by many callers at once until the process is killed in the midst of it. */
  const countUntilKilled = async (killAfter: number): Promise<{ acknowledged: number[]; inFlight: number }> => {
    const store = await startProcess(name, dataDirectory);
    opened.processes.push(store);
    const client = await connect(store);
    const acknowledged: number[] = [];
    let killed: Promise<void> | undefined;
    let inFlight = 0;
    const call = async (): Promise<void> => {
      while (killed === undefined) {
        try {
          acknowledged.push(await client.increment());
        } catch {
          inFlight += 1; // cut by the kill: perhaps counted
          return;
        }
        if (acknowledged.length >= killAfter) killed ??= store.kill();
      }
    };
    await Promise.all(Array.from({ length: CALLERS }, call));
    await killed;
    return { acknowledged, inFlight };
  };

  it('goes on where it was after each kill -9: no acknowledged increment is lost, no value is given twice', async () => {
    const acknowledged: number[] = [];
    let perhaps = 0;
    for (const killAfter of [20, 150, 400]) {
      const before = await countUntilKilled(killAfter);
      acknowledged.push(...before.acknowledged);
      perhaps += before.inFlight;
    }
    const client = await connect(await startThread());

    const value = await client.read();
    const next = await client.increment();

    expect(acknowledged.length).toBeGreaterThanOrEqual(570);
    expect(new Set(acknowledged).size).toBe(acknowledged.length);
    expect(value).toBeGreaterThanOrEqual(Math.max(...acknowledged));
    expect(value).toBeLessThanOrEqual(acknowledged.length + perhaps);
    expect(next).toBe(value + 1);
  });

  it('goes on where it was after being closed and opened again and again', async () => {
    const values: number[] = [];
    for (let starts = 0; starts < 3; starts += 1) {
      const thread = await startThread();
      const client = await connect(thread);
      values.push(await client.increment(), await client.increment());
      await client.close();
      await thread.close();
    }

    expect(values).toEqual([1, 2, 3, 4, 5, 6]);
  });
});

/** The file to which the store appends: its journal, or the log of dynalite's LevelDB. */
function journalOf(name: StoreName, dataDirectory: string): string {
  if (name !== 'dynamo') return path.join(dataDirectory, `${name}.journal`);
  const folder = path.join(dataDirectory, 'dynamo');
  const [log = ''] = readdirSync(folder).filter((file) => file.endsWith('.log'));
  return path.join(folder, log);
}

describe.each(STORES)('what %s appends to', (name) => {
  it('loses the last increment alone, wherever its record is torn', async () => {
    const dataDirectory = mkdtempSync(path.join(os.tmpdir(), `${name}-`));
    const saved = `${dataDirectory}-saved`;
    const start = (): Promise<StoreThread> =>
      startStoreThread({ ...EMBEDDED_STORES[name], options: { dataDirectory } });
    const first = await start();
    const writer = await connectTo[name](first.port);
    await writer.increment();
    await writer.increment();
    await writer.increment();
    await writer.close();
    await first.close();
    cpSync(dataDirectory, saved, { recursive: true });
    const content = readFileSync(journalOf(name, dataDirectory));
    // LevelDB's records have no mark at their beginning; one of an increment is longer than 40 bytes.
    const lastRecord = name === 'dynamo' ? content.length - 40 : content.lastIndexOf('\n', content.length - 2) + 1;

    const values: number[] = [];
    // Some places only, as the whole store is started for each: journal.test.ts tears at every byte.
    const lengths = [lastRecord, content.length - 1];
    for (let length = lastRecord + 1; length < content.length - 1; length += 37) lengths.push(length);
    for (const length of lengths) {
      rmSync(dataDirectory, { recursive: true });
      cpSync(saved, dataDirectory, { recursive: true });
      truncateSync(journalOf(name, dataDirectory), length);
      const store = await start();
      const client = await connectTo[name](store.port);
      values.push(await client.read());
      await client.close();
      await store.close();
    }

    expect(values).toEqual(lengths.map(() => 2));
    rmSync(dataDirectory, { recursive: true });
    rmSync(saved, { recursive: true });
  });
});

describe('a store whose journal can’t be written any more', () => {
  it('ends with one line, and has kept exactly what it acknowledged', async () => {
    const dataDirectory = mkdtempSync(path.join(os.tmpdir(), 'full-'));
    const store = await startProcess('redis', dataDirectory, { largestFileBlocks: 8 });
    const client = await connectTo.redis(store.port);
    let acknowledged = 0;
    const failure: unknown = await (async () => {
      for (;;) acknowledged = await client.increment();
    })().catch((error: unknown) => error);
    await client.close();
    const printed = await store.ended;

    const again = await startStoreThread({ ...EMBEDDED_STORES.redis, options: { dataDirectory } });
    const reader = await connectTo.redis(again.port);
    const kept = await reader.read();
    await reader.close();
    await again.close();

    expect(failure).toBeInstanceOf(Error);
    expect(acknowledged).toBeGreaterThan(50);
    expect(kept).toBe(acknowledged);
    expect(printed).toMatch(/^The redis store failed: .*redis\.journal can't be written: EFBIG.*\n$/);
    rmSync(dataDirectory, { recursive: true });
  });
});

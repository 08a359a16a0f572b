import { rm } from 'node:fs/promises';
import path from 'node:path';
import { Listr } from 'listr2';
import { price, readPrices } from '../../../compare/cost/prices';
import { type Generator, startGenerator } from '../../../compare/load';
import { type ShardCell, type ShardComparison, type ShardPrices, SHARDS_SCHEMA_VERSION } from '../../../compare/report';
import { projectRoot } from '../../../lib/project-root';
import { synthesize } from '../../../local/synthesize';
import { measuredVersions, thisMachine } from '../machine';
import type { CompareOptions, ShardOptions } from '../options';
import { outputFor } from '../committed';
import { progressOf } from '../progress';
import {
  itemLimitFor,
  type LimitedDynamo,
  measureCeilingOf,
  measureShards,
  OFFERED,
  startLimitedDynamoThread,
  WARM_UP_MS,
} from './measure';
import { writeShardsReport } from './report';

interface Found {
  generator?: Generator;
  store?: LimitedDynamo;
  readonly assemblies: Map<number, string>;
  ceilingPerSecond: number;
  itemLimit: number;
  cells: readonly ShardCell[];
}

export interface RunShardsOptions extends Pick<CompareOptions, 'durationMs' | 'rounds' | 'output'> {
  /** As typed. */
  readonly command: string;
  /** Ends the measurement; what was measured so far is written. */
  readonly ending: AbortSignal;
}

/** `npm run compare -- --shards`: measures one counter over numbers of shards, judges every history, and writes a report. */
export async function runShards(shards: ShardOptions, options: RunShardsOptions): Promise<void> {
  const { command, ending, output } = options;
  const startedAt = new Date();
  const found: Found = { assemblies: new Map(), ceilingPerSecond: 0, itemLimit: 0, cells: [] };
  try {
    await steps(shards, options).run(found);
  } catch (error) {
    if (!ending.aborted) throw error; // what Ctrl-C has cut is no failure
  } finally {
    await found.generator?.close();
    await found.store?.close();
    for (const count of shards.counts) await rm(outputFolder(count), { recursive: true, force: true });
  }

  if (ending.aborted) process.exitCode = 130;
  if (found.cells.length === 0) return console.error('Ended before anything was measured: nothing is written');
  const comparison: ShardComparison = {
    schemaVersion: SHARDS_SCHEMA_VERSION,
    kind: 'shards',
    command,
    startedAt: startedAt.toISOString(),
    finishedAt: new Date().toISOString(),
    ...(ending.aborted && { partial: 'interrupted' }),
    machine: thisMachine(),
    versions: measuredVersions(),
    itemLimitPerSecond: found.itemLimit,
    offered: OFFERED,
    ceilingPerSecond: found.ceilingPerSecond,
    prices: shardPrices(),
    cells: found.cells,
  };
  await writeShardsReport(comparison, outputFor(output, ending.aborted));
}

function steps(
  { counts, itemLimit }: ShardOptions,
  { durationMs, rounds, ending: signal }: RunShardsOptions,
): Listr<Found> {
  const most = Math.max(...counts);
  const assemblyOf =
    ({ assemblies }: Found) =>
    (shards: number): string =>
      assemblies.get(shards) ?? '';
  return new Listr<Found>(
    [
      {
        title: `Synthesizing DYNAMO_SHARDS=${counts.join(', ')}`,
        task: async (found) => {
          for (const count of counts) found.assemblies.set(count, await synthesizeShards(count, signal));
          found.generator = await startGenerator();
        },
      },
      {
        title: 'What this machine makes without a limit',
        skip: () => signal.aborted,
        task: async (found, task) => {
          const generator = found.generator as Generator; // the first step's
          found.ceilingPerSecond = await measureCeilingOf(most, { generator, assemblyOf: assemblyOf(found), signal });
          found.itemLimit = itemLimit ?? itemLimitFor(most, found.ceilingPerSecond);
          found.store = await startLimitedDynamoThread(assemblyOf(found)(most), found.itemLimit);
          task.title =
            `This machine makes ${Math.round(found.ceilingPerSecond)} increments a second without a limit: ` +
            `each item may write ${found.itemLimit} times a second, where AWS has 1,000`;
        },
      },
      {
        title: 'Counters',
        skip: () => signal.aborted,
        task: async (found, task) => {
          const generator = found.generator as Generator;
          found.cells = await measureShards(counts, {
            generator,
            assemblyOf: assemblyOf(found),
            dynamoDbUrl: found.store?.url ?? '',
            itemLimit: found.itemLimit,
            rounds,
            durationMs,
            warmUpMs: WARM_UP_MS,
            onProgress: progressOf(task, 'Counters', 'phases'),
            signal,
          });
          task.title = `${found.cells.length} counters of ${counts.length}`;
        },
      },
    ],
    { fallbackRendererCondition: () => process.stdout.isTTY !== true, registerSignalListeners: false },
  );
}

const outputFolder = (shards: number): string => path.join(projectRoot(), `cdk.out.compare-${process.pid}-${shards}`);

function synthesizeShards(shards: number, signal: AbortSignal): Promise<string> {
  return synthesize({
    outputFolder: path.basename(outputFolder(shards)),
    settings: {
      STORES: 'dynamo',
      DYNAMO_SHARDS: String(shards),
      USE_CONDITIONAL_WRITES: 'true',
      MAX_COUNTER_VALUE: String(Number.MAX_SAFE_INTEGER),
    },
    signal,
  });
}

/** Express bills memory in steps of 64 MB and time in steps of 100 ms: an increment takes one of each. */
const EXPRESS_GB_HOURS = ((64 / 1024) * 0.1) / 3600;
const MILLION = 1e6;

function shardPrices(): ShardPrices {
  const { date, region, prices } = readPrices();
  const usd = (name: string): number => price(prices, name).usd;
  return {
    date,
    region,
    calls: usd('apiRequests') + usd('expressRequests') + usd('expressDuration') * EXPRESS_GB_HOURS * MILLION,
    writeUnits: usd('dynamoWrites'),
    readUnits: usd('dynamoReads'),
  };
}

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { loadTemplate } from 'template-runtime/cloudformation';
import { createTables } from 'template-runtime/dynamodb';
import { dynamoDbIntegrations } from 'template-runtime/step-functions';
import { startStoreThread } from 'template-runtime/worker';
import { type History, type Operation, readHistoryFile } from '../../../compare/exactness';
import { type Generator, type Job, type JobResult, judge } from '../../../compare/load';
import {
  type RoundVerdict,
  type SellingOut,
  type ShardCell,
  type ShardRound,
  type SteadyPhase,
  TAIL_SHARE,
} from '../../../compare/report';
import { projectRoot } from '../../../lib/project-root';
import { LEAST_ITEM_LIMIT } from '../options';
import { freshId } from '../plan';
import type { MachineTargetOptions } from './machine-target';
import type { TargetRecord } from './requests';
import { endedAtMs, incrementTimes, windowOf } from './windows';

/** So many times what all items together may write is called. */
export const OFFERED = 1.25;

/** Enough for what is called too much to use up the buckets' first second. */
export const WARM_UP_MS = 4000;

/** How long refusals are watched. */
const AFTER_LIMIT_MS = 2000;

/** The end of a counter that doesn't sell out. */
const LONGEST_SALE_MS = 90_000;

export interface ShardsOptions {
  readonly generator: Generator;
  /** The folder of the cloud assembly for a number of shards. */
  readonly assemblyOf: (shards: number) => string;
  /** Where DynamoDB answers, with the limit. */
  readonly dynamoDbUrl: string;
  /** Writes a second of an item. */
  readonly itemLimit: number;
  readonly rounds: number;
  /** Of the window in which the increments are counted; a limit is as much as may be written in it. */
  readonly durationMs: number;
  /** Before the window, until the buckets' first second is used up. */
  readonly warmUpMs: number;
  /** Called before each measurement: which one, and which of how many. */
  readonly onProgress: (what: string, done: number, all: number) => void;
  readonly signal: AbortSignal;
}

/** @returns what was measured until the signal; cells without a round are left out */
export async function measureShards(counts: readonly number[], options: ShardsOptions): Promise<ShardCell[]> {
  const { rounds, onProgress, signal } = options;
  const cells = counts.map((shards) => ({ shards, rounds: [] as ShardRound[] }));
  let done = 0;
  for (let round = 1; round <= rounds; round += 1) {
    for (const cell of cells) {
      const what = `round ${round} of ${rounds}: ${cell.shards} ${cell.shards === 1 ? 'item' : 'shards'}`;
      if (!signal.aborted) onProgress(`${what}, increments`, done, 2 * rounds * cells.length);
      const steady = signal.aborted ? undefined : await measureSteady(cell.shards, options);
      if (!signal.aborted) onProgress(`${what}, selling out`, done + 1, 2 * rounds * cells.length);
      const sellingOut = signal.aborted ? undefined : await measureSellingOut(cell.shards, options);
      // What was cut short would pass for slow.
      if (!signal.aborted && steady && sellingOut) cell.rounds.push({ steady, sellingOut });
      done += 2;
    }
  }
  return cells.filter((cell) => cell.rounds.length > 0);
}

async function measureSteady(shards: number, options: ShardsOptions): Promise<SteadyPhase> {
  const { itemLimit, durationMs, warmUpMs } = options;
  const run = await runPhase(shards, Number.MAX_SAFE_INTEGER, options, {
    load: loadOf(shards, itemLimit),
    warmUpMs,
    durationMs,
  });
  return {
    ...phaseOf(run),
    window: windowOf(run.history, run.record.requests, warmUpMs, warmUpMs + durationMs),
    histogram: run.result.histogram,
  };
}

async function measureSellingOut(shards: number, options: ShardsOptions): Promise<SellingOut> {
  const { itemLimit, durationMs } = options;
  const prepared = callsThatMake(shards);
  const limit = prepared + Math.max(shards, Math.round((shards * itemLimit * durationMs) / 1000));
  const run = await runPhase(shards, limit, options, {
    load: loadOf(shards, itemLimit),
    warmUpMs: 0,
    durationMs: LONGEST_SALE_MS,
    afterLimitMs: AFTER_LIMIT_MS,
    limit,
  });
  const { history, record } = run;
  const phase = phaseOf(run);
  const times = incrementTimes(history);
  const soldOutMs = times.at(-1) ?? 0;
  const left = limit - run.prepared;
  const tailFrom = times[Math.ceil(left * (1 - TAIL_SHARE)) - 1] ?? soldOutMs;
  const sold = run.verdict.counts.counted;
  // No increment is left: what is still written are the markers.
  const markers = record.requests.filter(({ kind, atMs }) => kind === 'written' && atMs > soldOutMs);
  return {
    ...phase,
    ...(sold < limit && phase.invalid === undefined && { invalid: `${sold} of ${limit} were sold when time was up` }),
    limit,
    prepared: run.prepared,
    soldOutMs,
    tail: windowOf(history, record.requests, tailFrom, soldOutMs),
    after: windowOf(history, record.requests, soldOutMs, phase.durationMs),
    markedMs: (markers.at(-1)?.atMs ?? soldOutMs) - soldOutMs,
  };
}

const loadOf = (shards: number, itemLimit: number): Job['load'] => ({
  kind: 'open',
  ratePerSecond: shards * itemLimit * OFFERED,
});

/** With the warm-up, which a round's own duration leaves out, and with the calls that made the shards. */
function phaseOf({
  result: { invalid },
  history,
  preparedMs,
  verdict,
}: PhaseRun): Omit<SteadyPhase, 'window' | 'histogram'> {
  return { durationMs: preparedMs + lastMs(history), verdict, ...(invalid !== undefined && { invalid }) };
}

const lastMs = ({ operations }: History): number => Math.max(0, ...operations.map(endedAtMs));

interface PhaseRun {
  readonly result: JobResult;
  /** Without the calls that made the shards. */
  readonly history: History;
  readonly record: TargetRecord;
  /** How many increments made the shards, and how long they took. */
  readonly prepared: number;
  readonly preparedMs: number;
  /** Of all calls and a read of the counter at the end. */
  readonly verdict: RoundVerdict;
}

/**
 * So many calls find each shard with a probability of 99 % (the coupon collector's problem).
 *
 * A shard is made by its first call, which takes three writes and one more of the counter's head, in which all shards meet. The
 * scale would make this a matter of seconds, while it doesn't grow with the limit.
 */
function callsThatMake(shards: number): number {
  return shards === 1 ? 0 : Math.ceil(shards * (Math.log(shards) + 5));
}

const MAKERS = 4;
const LONGEST_MAKING_MS = 60_000;

type PhaseOptions = Pick<ShardsOptions, 'generator' | 'assemblyOf' | 'dynamoDbUrl' | 'signal'>;

async function runPhase(
  shards: number,
  max: number,
  options: PhaseOptions,
  job: Omit<Job, 'target' | 'ids'>,
): Promise<PhaseRun> {
  const id = freshId();
  const calls = callsThatMake(shards);
  const making =
    calls === 0
      ? undefined
      : await runJob(shards, max, id, options, {
          load: { kind: 'closed', concurrency: MAKERS },
          warmUpMs: 0,
          durationMs: LONGEST_MAKING_MS,
          calls,
          ...(job.limit !== undefined && { limit: job.limit }),
        });
  const main = await runJob(shards, max, id, options, job);
  const before = making?.history ?? { operations: [] };
  return {
    ...main,
    prepared: incrementTimes(before).length,
    preparedMs: lastMs(before),
    verdict: judge([{ id, history: withRead(joined(before, main.history), main.record.reads[id]) }]),
  };
}

async function runJob(
  shards: number,
  max: number,
  id: string,
  { generator, assemblyOf, dynamoDbUrl, signal }: PhaseOptions,
  job: Omit<Job, 'target' | 'ids'>,
): Promise<Pick<PhaseRun, 'result' | 'history' | 'record'>> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'compare-shards-'));
  try {
    const [historyFile, recordFile] = [path.join(folder, 'history'), path.join(folder, 'record')];
    const target: MachineTargetOptions = { assembly: assemblyOf(shards), dynamoDbUrl, max: String(max), recordFile };
    const result = await generator.run(
      {
        ...job,
        target: { kind: 'module', file: compiled('machine-target.js'), options: { ...target } },
        ids: [id],
        historyFile,
        mayRefuse: true,
        sharded: shards > 1,
      },
      { signal },
    );
    const [recorded] = await readHistoryFile(historyFile);
    const record = JSON.parse(await readFile(recordFile, 'utf8')) as TargetRecord;
    return { result, history: recorded?.history ?? { operations: [] }, record };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The first nanosecond in which all of a history has ended. */
function timeAfter({ operations }: History): bigint {
  return operations.reduce((last, { completedAt }) => (completedAt > last ? completedAt : last), 0n) + 1n;
}

/** One history of two that followed one another, each of which has a clock of its own. */
function joined(first: History, second: History): History {
  const offset = timeAfter(first);
  const later = second.operations.map((operation) => ({
    ...operation,
    invokedAt: operation.invokedAt + offset,
    completedAt: operation.completedAt + offset,
  }));
  return { ...second, operations: [...first.operations, ...later] };
}

/** The total is a promise, too: striped values don't show it. */
function withRead(history: History, counter: number | undefined): History {
  if (counter === undefined) return history;
  const at = timeAfter(history);
  const read: Operation = { client: 0, invokedAt: at, completedAt: at + 1n, result: { status: 'read', counter } };
  return { ...history, operations: [...history.operations, read] };
}

/** A module of this folder as processes and threads load it: they can't load TypeScript. */
function compiled(file: string): string {
  return path.join(projectRoot(), 'dist', 'tools', 'compare', 'shards', file);
}

/** The embedded DynamoDB in a thread of its own, with the tables of the template. */
export interface LimitedDynamo {
  readonly url: string;
  close(): Promise<void>;
}

/** @param writesPerSecond of each item. @default - no limit */
export async function startLimitedDynamoThread(assembly: string, writesPerSecond?: number): Promise<LimitedDynamo> {
  const thread = await startStoreThread({
    name: 'dynamo',
    module: compiled('limited-dynamo.js'),
    start: 'startLimitedDynamo',
    options: { writesPerSecond },
  });
  const url = `http://127.0.0.1:${thread.port}`;
  const { call, close } = dynamoDbIntegrations(url);
  try {
    await createTables(loadTemplate(assembly).resources, call);
  } catch (error) {
    await thread.close();
    throw error;
  } finally {
    close();
  }
  return { url, close: () => thread.close() };
}

/** How many callers find out what this machine makes. */
const CEILING_CALLERS = 32;
const CEILING_MS = 2000;

/** How many increments a second this machine makes where no item has a limit. */
export async function measureCeilingOf(
  shards: number,
  options: Pick<ShardsOptions, 'generator' | 'assemblyOf' | 'signal'>,
): Promise<number> {
  const store = await startLimitedDynamoThread(options.assemblyOf(shards));
  try {
    const { result } = await runPhase(
      shards,
      Number.MAX_SAFE_INTEGER,
      { ...options, dynamoDbUrl: store.url },
      { load: { kind: 'closed', concurrency: CEILING_CALLERS }, warmUpMs: CEILING_MS / 2, durationMs: CEILING_MS },
    );
    return result.durationMs === 0 ? 0 : (result.outcomes.incremented / result.durationMs) * 1000;
  } finally {
    await store.close();
  }
}

const ROUND_NUMBERS = [LEAST_ITEM_LIMIT, 5, 10, 20, 50, 100, 200, 500, 1000];

/** The share of the ceiling that requests may take: below it the limit is met, and not the machine. */
const KEPT_SHARE = 0.5;

/** How many of a call's attempts follow one another (`Was the update refused?` in state-machines/increment.asl.json). */
const ATTEMPTS = 3;

/** Of an attempt to be throttled, where all of a call's together let through what may be written. */
const THROTTLED = (1 - 1 / OFFERED) ** (1 / ATTEMPTS);

const REQUESTS_PER_WRITE = OFFERED * (1 + THROTTLED + THROTTLED ** 2);

/** The largest round limit of an item at which so many items need no more than half of what the machine makes. */
export function itemLimitFor(shards: number, ceilingPerSecond: number): number {
  const most = (ceilingPerSecond * KEPT_SHARE) / (shards * REQUESTS_PER_WRITE);
  return ROUND_NUMBERS.findLast((limit) => limit <= most) ?? LEAST_ITEM_LIMIT;
}

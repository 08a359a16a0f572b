import { access, constants, readFile } from 'node:fs/promises';
import path from 'node:path';
import { SFNClient } from '@aws-sdk/client-sfn';
import { Listr } from 'listr2';
import { type Generator, measureCeiling, startGenerator } from '../../compare/load';
import {
  type Ceiling,
  type Cell,
  type ColdStart,
  type Comparison,
  isOfShards,
  type MeasuredServer,
  parseComparison,
  parseShards,
  SCHEMA_VERSION,
  type ShardComparison,
  type Slo,
  type StoreCost,
} from '../../compare/report';
import { parseConfiguration, refuse, STORE_NAMES } from '../../lib/configuration';
import { parseEnvironment } from '../../lib/environment';
import { projectRoot } from '../../lib/project-root';
import { makeFolder } from '../../local/make-folder';
import { awsProblems } from '../aws';
import { measureCells } from './cells';
import { measuredVersions, thisMachine } from './machine';
import { type CompareOptions, parseOptions, USAGE } from './options';
import { lossText, lostFrom, outputFor, type Parts, partsOf } from './committed';
import { planCells } from './plan';
import { progressOf } from './progress';
import { localScene, remoteScene, type Scene } from './scene';
import { measuredServers } from './servers';
import { measureSlo } from './slo';
import { writeReport } from './report';
import { writeShardsReport } from './shards/report';
import { runShards } from './shards/run';

/** What the steps have found so far. */
interface Found {
  generator?: Generator;
  scene?: Scene;
  coldStarts: readonly ColdStart[];
  costs: readonly StoreCost[];
  ceilings: Ceiling[];
  cells: readonly Cell[];
  slo?: Slo;
}

/** `npm run compare`: measures the counter on each store, judges every cell, and writes a report. */
export async function runCompare(args: readonly string[]): Promise<void> {
  // What can't work ends the command before the work, not after it.
  const problems: string[] = [];
  const environment = parseEnvironment(projectRoot(), problems);
  const { stores = STORE_NAMES } = parseConfiguration(environment, problems);
  const options = parseOptions(args, stores, problems);
  if (!options) return console.log(USAGE);
  const isElsewhere = options.remote !== undefined || options.shards !== undefined || options.render !== undefined;
  const servers = isElsewhere ? {} : await measuredServers(options.stores ?? stores, environment, problems);
  if (options.remote?.kind === 'state-machine' && !environment['AWS_ENDPOINT_URL_SFN']) {
    problems.push(...(await awsProblems(new SFNClient({ region: options.remote.region }))));
  }
  const { output } = options;
  await makeOutput(output, problems);
  if (problems.length === 0 && options.render === undefined) {
    const planned = options.shards
      ? { shards: options.shards.counts }
      : { cells: planCells(options), servers, hasSlo: options.slo !== undefined };
    problems.push(...refusal(output, planned));
  }
  refuse(problems);
  const baseline = options.baseline === undefined ? undefined : await readComparison('baseline', options.baseline);
  if (options.render !== undefined) {
    const measured = await readMeasured('render', options.render);
    refuse(refusal(output, partsOf(measured)));
    return 'kind' in measured ? writeShardsReport(measured, output) : writeReport(measured, output, baseline);
  }

  const startedAt = new Date();
  const ending = new AbortController();
  endOnSignal(ending);
  const command = ['npm run compare', ...(args.length > 0 ? ['--', ...args.map(withoutKey)] : [])].join(' ');
  if (options.shards) return runShards(options.shards, { ...options, command, ending: ending.signal });
  const found: Found = { coldStarts: [], costs: [], ceilings: [], cells: [] };
  try {
    await steps(options, environment, servers, ending.signal).run(found);
  } catch (error) {
    if (!ending.signal.aborted) throw error; // what Ctrl-C has cut is no failure
  } finally {
    await found.generator?.close();
    await found.scene?.close();
  }

  if (ending.signal.aborted) process.exitCode = 130;
  if (found.cells.length === 0) return console.error('Ended before anything was measured: nothing is written');
  const comparison: Comparison = {
    schemaVersion: SCHEMA_VERSION,
    command,
    startedAt: startedAt.toISOString(),
    finishedAt: new Date().toISOString(),
    ...(ending.signal.aborted && { partial: 'interrupted' }),
    machine: thisMachine(),
    versions: measuredVersions(),
    servers: found.scene?.servers ?? {},
    addedLatencyMs: options.latencyMs,
    ceilings: found.ceilings,
    cells: found.cells,
    ...(found.slo && { slo: found.slo }),
    coldStarts: found.coldStarts,
    costs: found.costs,
  };
  await writeReport(comparison, outputFor(output, ending.signal.aborted), baseline);
}

/** @returns a line where a report in the folder would lose something */
function refusal(folder: string, parts: Parts): string[] {
  const lost = lostFrom(folder, parts);
  return lost.length === 0 ? [] : [`--output ${lossText(folder, lost)}. Measure all of it, or name another folder`];
}

function steps(
  options: CompareOptions,
  environment: NodeJS.ProcessEnv,
  servers: Readonly<Record<string, MeasuredServer>>,
  signal: AbortSignal,
): Listr<Found> {
  const { remote, stores, concurrency, durationMs, rounds, slo } = options;
  const sceneOf = (found: Found): Scene => found.scene as Scene; // the first step's
  const generatorOf = (found: Found): Generator => found.generator as Generator;
  return new Listr<Found>(
    [
      {
        title: remote ? 'Asking the deployed stack' : `Synthesizing and starting ${options.modes.join(' and ')}`,
        task: async (found, task) => {
          found.generator = await startGenerator();
          found.scene = remote
            ? await remoteScene(remote, options, environment)
            : await localScene(options, environment, servers, signal);
          task.title = `Measured: ${found.scene.notes.join('; ')}`;
        },
      },
      {
        title: 'First calls, which begin the environments',
        skip: () => remote !== undefined || signal.aborted,
        task: async (found) => void (found.coldStarts = await sceneOf(found).coldStarts()),
      },
      {
        title: 'Cost per million calls',
        skip: () => remote !== undefined || signal.aborted,
        task: async (found) => void (found.costs = await sceneOf(found).costs()),
      },
      {
        title: "The generator's own ceiling, against a server that does nothing",
        skip: () => signal.aborted,
        task: async (found, task) => {
          for (const callers of concurrency) {
            found.ceilings.push(await measureCeiling(callers, { generator: generatorOf(found), durationMs, signal }));
          }
          const shown = found.ceilings.map(
            ({ concurrency: callers, callsPerSecond }) => `${Math.round(callsPerSecond)}/s at ${callers}`,
          );
          task.title = `The generator's own ceiling: ${shown.join(', ')}`;
        },
      },
      {
        title: 'Cells',
        skip: () => signal.aborted,
        task: async (found, task) => {
          const scene = sceneOf(found);
          const keys = planCells({ ...options, modes: scene.modes }, scene.limit);
          found.cells = await measureCells(keys, {
            generator: generatorOf(found),
            targetOf: scene.targetOf,
            rounds,
            durationMs,
            ...(scene.limits && { limits: scene.limits }),
            ...(scene.countRepetitions && { countRepetitions: scene.countRepetitions }),
            onProgress: progressOf(task, `${keys.length} cells`, 'rounds'),
            signal,
          });
          task.title = `${found.cells.length} cells, ${found.cells.reduce((sum, cell) => sum + cell.rounds.length, 0)} rounds`;
        },
      },
      {
        title: `Highest rates within ${slo ? `p${slo.percentile} = ${slo.latencyMs} ms` : ''}`,
        enabled: () => slo !== undefined,
        skip: () => signal.aborted,
        task: async (found, task) => {
          if (!slo) return;
          const scene = sceneOf(found);
          found.slo = await measureSlo(slo, {
            generator: generatorOf(found),
            targetOf: scene.targetOf,
            stores,
            modes: scene.modes,
            durationMs,
            ceilings: found.ceilings,
            ...(scene.limits && { limits: scene.limits }),
            onProgress: (what) => void (task.output = what),
            signal,
          });
        },
      },
    ],
    { fallbackRendererCondition: () => process.stdout.isTTY !== true, registerSignalListeners: false },
  );
}

async function makeOutput(folder: string, problems: string[]): Promise<void> {
  try {
    makeFolder(path.resolve(folder));
    await access(folder, constants.W_OK);
  } catch (error) {
    problems.push(`--output must be a folder that can be written: ${(error as Error).message}`);
  }
}

/** @throws Error naming the file, when it is no comparison of stores */
async function readComparison(option: string, file: string): Promise<Comparison> {
  const measured = await readMeasured(option, file);
  if ('kind' in measured) throw new Error(`--${option} must be a comparison of stores, got one of shards: "${file}"`);
  return measured;
}

/** @throws Error naming the file, when it is no comparison */
async function readMeasured(option: string, file: string): Promise<Comparison | ShardComparison> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    const problem = `--${option} must be the comparison.json of an earlier run, can't read "${path.resolve(file)}"`;
    throw new Error(problem, { cause });
  });
  return isOfShards(text) ? parseShards(text, file) : parseComparison(text, file);
}

/** The command is in the report, which people share. */
function withoutKey(argument: string, index: number, args: readonly string[]): string {
  if (args[index - 1] === '--api-key') return '…';
  return argument.replace(/^(--api-key=).*/s, '$1…');
}

/** The first Ctrl-C ends the measurement, and what was measured is written; a second one ends the process. */
function endOnSignal(ending: AbortController): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (ending.signal.aborted) process.exit(130);
      ending.abort();
      console.error('\nStopping: what was measured so far is written. Ctrl-C again ends at once.');
    });
  }
}

import { benchBaseline } from '../tools/bench/baseline';
import { EMBEDDED_STORES, type StoreName } from '../local/store-modules';
import { runCommand } from '../tools/command-line';
import { type Bench, runBench } from '../tools/bench/bench';
import { benchBundles } from '../tools/bench/bundles';
import { benchColdStart } from '../tools/bench/cold-start';
import { benchDataDirectory } from '../tools/bench/data-directory';
import { benchFunctions } from '../tools/bench/functions';
import { benchKeys } from '../tools/bench/keys';
import { type BenchOptions, readBenchOptions } from '../tools/bench/options';
import { benchPath } from '../tools/bench/path';
import { benchGrowth } from '../tools/bench/growth';
import { benchRestart } from '../tools/bench/restart';
import { benchStall } from '../tools/bench/stall';
import { benchStart } from '../tools/bench/start';
import { benchStepFunctions } from '../tools/bench/step-functions';

const BENCHMARKS: Readonly<Record<string, (bench: Bench, options: BenchOptions) => Promise<void>>> = {
  start: benchStart,
  path: benchPath,
  'data-directory': benchDataDirectory,
  functions: benchFunctions,
  keys: benchKeys,
  'step-functions': benchStepFunctions,
  bundles: benchBundles,
  'cold-start': benchColdStart,
  stall: (bench, { keys = 1_000_000, store }) => benchStall({ keys, stores: storesOf(store) }, bench),
  restart: (bench, { calls = 1_000_000, store }) => benchRestart({ calls, stores: storesOf(store) }, bench),
  growth: (bench, { calls = 1_000_000 }) => benchGrowth(calls, bench),
};

/** They take many minutes. */
const ONLY_BY_NAME = ['keys', 'stall', 'restart', 'growth'];

const storesOf = (store: StoreName | undefined): readonly StoreName[] =>
  store === undefined ? (Object.keys(EMBEDDED_STORES) as StoreName[]) : [store];

/**
 * `npm run bench [-- NAME…]`, with the names above: measures the system and bare clients side by side, in one run.
 * `-- --baseline COMMIT`: measures increments of this tree and of that commit's, side by side.
 */
async function main(args: readonly string[]): Promise<void> {
  const options = readBenchOptions(args, Object.keys(BENCHMARKS));
  const { names, baseline } = options;
  const interrupted = new AbortController();
  const interrupt = (): void => interrupted.abort(new Error('interrupted'));
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt); // a second one ends the process
  const { signal } = interrupted;
  if (baseline !== undefined) {
    return runBench((bench) => benchBaseline(baseline, bench), {
      signal,
      again: `npm run bench -- --baseline ${baseline}`,
    });
  }
  for (const [name, run] of Object.entries(BENCHMARKS)) {
    if (names.length > 0 ? !names.includes(name) : ONLY_BY_NAME.includes(name)) continue;
    console.log(`\n## ${name}\n`);
    await runBench((bench) => run(bench, options), { signal, again: `npm run bench -- ${name}` });
  }
}

runCommand(
  {
    name: 'bench',
    parameters: '[NAME…] [--baseline COMMIT] [--keys N] [--calls N] [--store NAME]',
    options: ['--baseline', '--keys', '--calls', '--store'],
    purpose:
      'Measures the system and bare clients side by side, in one run. With --baseline, increments of this tree and of that commit.\n' +
      '--keys: how many counters stall makes. --calls: how many calls restart and growth make. --store: of stall and restart, only that.',
    isInterruptible: true,
  },
  main,
);

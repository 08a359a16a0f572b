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

/** In the order in which they run. */
const BENCHMARKS: Readonly<Record<string, (bench: Bench, options: BenchOptions) => Promise<void>>> = {
  start: benchStart,
  path: benchPath,
  functions: benchFunctions,
  'step-functions': benchStepFunctions,
  'data-directory': benchDataDirectory,
  bundles: benchBundles,
  'cold-start': benchColdStart,
  growth: (bench, { calls = 1_000_000 }) => benchGrowth(calls, bench),
  stall: (bench, { keys, store }) => benchStall({ keys, stores: storesOf(store) }, bench),
  restart: (bench, { calls = 1_000_000, store }) => benchRestart({ calls, stores: storesOf(store) }, bench),
  keys: benchKeys,
};

/** They take many minutes. */
const ONLY_BY_NAME = ['growth', 'stall', 'restart', 'keys'];

const storesOf = (store: StoreName | undefined): readonly StoreName[] =>
  store === undefined ? (Object.keys(EMBEDDED_STORES) as StoreName[]) : [store];

/**
 * `npm run bench [-- NAME…]`, with the names above: measures the system and bare clients side by side, in one run.
 * `-- --baseline COMMIT`: measures increments of this tree and of that commit's, side by side; then what is named.
 */
async function main(args: readonly string[]): Promise<void> {
  const options = readBenchOptions(args, Object.keys(BENCHMARKS));
  const { names, baseline } = options;
  const interrupted = new AbortController();
  const interrupt = (): void => interrupted.abort(new Error('interrupted'));
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt); // a second one ends the process
  const { signal } = interrupted;
  if (baseline !== undefined) {
    console.log(`\n## compared with ${baseline}\n`);
    await runBench((bench) => benchBaseline(baseline, bench), {
      signal,
      again: `npm run bench -- --baseline ${baseline}`,
    });
    if (names.length === 0) return;
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
      'Measures the system and bare clients side by side, in one run. By default, what takes a few minutes; with all, ' +
      'everything, for more than an hour.\n' +
      `Names: all, ${Object.keys(BENCHMARKS).join(', ')}.\n` +
      '--baseline: increments of this tree and of that commit, and where their time goes, for ten minutes; then what is named.\n' +
      '--keys: how many counters stall makes. --calls: how many calls restart and growth make. --store: of stall and restart, only that.',
    isInterruptible: true,
  },
  main,
);

import { parseArgs } from 'node:util';
import { benchBaseline } from '../tools/bench/baseline';
import { runCommand } from '../tools/command-line';
import { runBench } from '../tools/bench/bench';
import { benchBundles } from '../tools/bench/bundles';
import { benchColdStart } from '../tools/bench/cold-start';
import { benchDataDirectory } from '../tools/bench/data-directory';
import { benchFunctions } from '../tools/bench/functions';
import { benchKeys } from '../tools/bench/keys';
import { benchPath } from '../tools/bench/path';
import { benchStart } from '../tools/bench/start';
import { benchStepFunctions } from '../tools/bench/step-functions';

const BENCHMARKS = {
  start: benchStart,
  path: benchPath,
  'data-directory': benchDataDirectory,
  functions: benchFunctions,
  keys: benchKeys,
  'step-functions': benchStepFunctions,
  bundles: benchBundles,
  'cold-start': benchColdStart,
};

/** Takes many minutes. */
const ONLY_BY_NAME = 'keys';

/**
 * `npm run bench [-- NAME…]`, with the names above: measures the system and bare clients side by side, in one run.
 * `-- --baseline COMMIT`: measures increments of this tree and of that commit's, side by side.
 */
async function main(args: readonly string[]): Promise<void> {
  const { values, positionals: names } = parseArgs({
    args: [...args],
    options: { baseline: { type: 'string' } },
    allowPositionals: true,
  });
  const interrupted = new AbortController();
  const interrupt = (): void => interrupted.abort(new Error('interrupted'));
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt); // a second one ends the process
  const { signal } = interrupted;
  const { baseline } = values;
  if (baseline !== undefined) {
    return runBench((bench) => benchBaseline(baseline, bench), {
      signal,
      again: `npm run bench -- --baseline ${baseline}`,
    });
  }
  const unknown = names.find((name) => !(name in BENCHMARKS));
  if (unknown !== undefined) {
    throw new Error(`benchmark must be one of ${Object.keys(BENCHMARKS).join(', ')}, got "${unknown}"`);
  }
  for (const [name, run] of Object.entries(BENCHMARKS)) {
    if (names.length > 0 ? !names.includes(name) : name === ONLY_BY_NAME) continue;
    console.log(`\n## ${name}\n`);
    await runBench(run, { signal, again: `npm run bench -- ${name}` });
  }
}

runCommand(
  {
    name: 'bench',
    parameters: '[NAME…] [--baseline COMMIT]',
    options: ['--baseline'],
    purpose:
      'Measures the system and bare clients side by side, in one run. With --baseline, increments of this tree and of that commit.',
    isInterruptible: true,
  },
  main,
);

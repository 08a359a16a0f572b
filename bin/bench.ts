import { reportErrors } from './command-line';
import { benchBundles } from './bench/bundles';
import { benchDataDirectory } from './bench/data-directory';
import { benchFunctions } from './bench/functions';
import { benchPath } from './bench/path';
import { benchStart } from './bench/start';
import { benchStepFunctions } from './bench/step-functions';

const BENCHMARKS = {
  start: benchStart,
  path: benchPath,
  'data-directory': benchDataDirectory,
  functions: benchFunctions,
  'step-functions': benchStepFunctions,
  bundles: benchBundles,
};

/** `npm run bench [-- NAME…]`, the names of above: measures the system beside bare clients, in one sitting. */
async function main(names: readonly string[]): Promise<void> {
  const unknown = names.find((name) => !(name in BENCHMARKS));
  if (unknown !== undefined) {
    throw new Error(`benchmark must be one of ${Object.keys(BENCHMARKS).join(', ')}, got "${unknown}"`);
  }
  for (const [name, run] of Object.entries(BENCHMARKS)) {
    if (names.length > 0 && !names.includes(name)) continue;
    console.log(`\n## ${name}\n`);
    await run();
  }
}

reportErrors(main(process.argv.slice(2)));

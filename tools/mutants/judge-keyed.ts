import { URL_SETTINGS } from '../../local/store-address';
import { runSuite, type SuiteRun } from '../reliability/reports';
import { STORE_NAMES } from '../reliability/tables';
import { type JudgeOptions, SURVIVES } from './judge';
import type { KeyedMutant } from './keyed-mutants';
import { makeWorkingCopy } from './working-copy';

/**
 * Runs the test file of each mutant, on the embedded stores.
 *
 * @returns for each its store, its mistake, the first test that failed, and the seconds it took
 * @throws Error when a test fails without a mistake, or the tests don't run; the signal's reason when aborted
 */
export async function judgeKeyed(mutants: readonly KeyedMutant[], { signal, say }: JudgeOptions): Promise<string[][]> {
  say('copying the project …');
  const { folder, whilePlanted, remove } = makeWorkingCopy();
  const env = { ...process.env };
  for (const setting of Object.values(URL_SETTINGS)) delete env[setting];
  const run = (files: string): Promise<SuiteRun> => runSuite({ files, folder, env, isQuiet: true, signal });
  try {
    const files = [...new Set(mutants.map(({ test }) => test))];
    say(`without a mistake: ${files.length} test files …`);
    const { status, output } = await run(files.join('|'));
    if (status !== 0) throw new Error(`${output}\nWithout any mistake, a test fails`);
    const rows: string[][] = [];
    for (const mutant of mutants) {
      const startedMs = performance.now();
      const failed = firstFailed(await whilePlanted(mutant, () => run(mutant.test)));
      const seconds = ((performance.now() - startedMs) / 1000).toFixed(0);
      const row = [STORE_NAMES[mutant.store] ?? mutant.store, mutant.mistake, failed, seconds];
      rows.push(row);
      say(`${rows.length} of ${mutants.length}: ${row.join(' | ')}`);
    }
    return rows;
  } finally {
    remove();
  }
}

/** @throws Error when no test has run: a mutant that breaks the file itself shows nothing */
function firstFailed({ status, output }: SuiteRun): string {
  if (status === 0) return SURVIVES;
  const [, name] = /✕ (.*?)(?: \(\d+ ms\))?$/m.exec(output) ?? [];
  if (name === undefined) throw new Error(`${output}\nNo test has run`);
  return name;
}

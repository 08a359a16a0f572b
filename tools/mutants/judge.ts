import { URL_SETTINGS } from '../../local/store-address';
import { type CaseReport, runSuite } from '../reliability/reports';
import { faultTitle, STORE_NAMES } from '../reliability/tables';
import type { Mutant } from './mutants';
import { makeWorkingCopy } from './working-copy';

export interface JudgeOptions {
  /** Stops it. */
  readonly signal: AbortSignal;
  /** Called with a line for each finished mutant. */
  readonly say: (line: string) => void;
}

/** Takes the place of the rules that a mutant broke. */
export const SURVIVES = 'none: it survives';

/**
 * Runs the matrix's case of each mutant, on the embedded stores.
 *
 * @returns for each its store, its mistake, the fault, the broken rules, and the seconds it took
 * @throws Error when a rule is broken without a mistake or the matrix doesn't run; the signal's reason when aborted
 */
export async function judge(mutants: readonly Mutant[], { signal, say }: JudgeOptions): Promise<string[][]> {
  say('copying the project …');
  const { folder, whilePlanted, remove } = makeWorkingCopy();
  const run = async (...cases: readonly Mutant[]): Promise<string> =>
    brokenRules(await runCases(folder, cases, signal));
  try {
    say(`without a mistake: ${mutants.length} cases …`);
    const broken = await run(...mutants);
    if (broken !== '') throw new Error(`Without any mistake, these rules are broken: ${broken}`);
    const rows: string[][] = [];
    for (const mutant of mutants) {
      const startedMs = performance.now();
      const rules = (await whilePlanted(mutant, () => run(mutant))) || SURVIVES;
      const seconds = ((performance.now() - startedMs) / 1000).toFixed(0);
      const row = [STORE_NAMES[mutant.store] ?? mutant.store, mutant.mistake, faultTitle(mutant.fault), rules, seconds];
      rows.push(row);
      say(`${rows.length} of ${mutants.length}: ${row.join(' | ')}`);
    }
    return rows;
  } finally {
    remove();
  }
}

/** Both modes of each. */
async function runCases(folder: string, cases: readonly Mutant[], signal: AbortSignal): Promise<CaseReport[]> {
  const titles = new Set(cases.map(({ store, fault }) => `${store} under .* over ${fault} and`));
  const env = { ...process.env };
  for (const setting of Object.values(URL_SETTINGS)) delete env[setting];
  const tests = [...titles].join('|');
  const { reports, status, output } = await runSuite({
    files: 'fault-matrix',
    tests,
    folder,
    env,
    isQuiet: true,
    signal,
  });
  const reported = reports.filter((report) => 'fault' in report);
  if (reported.length === 2 * titles.size) return reported;
  throw new Error(
    `${output}\nThe matrix reported ${reported.length} cases of ${2 * titles.size} and ended with ${status}`,
  );
}

function brokenRules(reports: readonly CaseReport[]): string {
  const rules = reports.flatMap(({ violations }) => violations.map((violation) => violation.replace(/:[^]*/, '')));
  return [...new Set(rules)].sort().join(', ');
}

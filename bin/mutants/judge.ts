import type { CaseReport, SuiteRun } from '../reliability/reports';
import { runSuite } from '../reliability/reports';
import { URL_SETTINGS } from '../../local/stores/store-address';
import type { Mutant } from './mutants';

/** A store and a fault of the matrix. */
export type Case = Pick<Mutant, 'store' | 'fault'>;

/** Runs cases of the matrix on the embedded stores of a checkout, both modes of each. */
export async function runCases(folder: string, cases: readonly Case[], signal: AbortSignal): Promise<CaseReport[]> {
  const titles = new Set(cases.map(({ store, fault }) => `${store} under .* over ${fault} and`));
  const env = { ...process.env };
  for (const setting of Object.values(URL_SETTINGS)) delete env[setting];
  const run = await runSuite({
    files: 'fault-matrix',
    tests: [...titles].join('|'),
    folder,
    env,
    isQuiet: true,
    signal,
  });
  return caseReports(run, 2 * titles.size);
}

/** @throws Error when a case is missing: then nothing can be said of the rest */
function caseReports({ reports, status }: SuiteRun, expected: number): CaseReport[] {
  const cases = reports.filter((report) => 'fault' in report);
  if (cases.length === expected) return cases;
  throw new Error(`The matrix reported ${cases.length} cases of ${expected} and ended with ${status}`);
}

/** The rules that cases broke, each once. */
export function brokenRules(reports: readonly CaseReport[]): string[] {
  const rules = reports.flatMap(({ violations }) => violations.map((violation) => violation.replace(/:[^]*/, '')));
  return [...new Set(rules)].sort();
}

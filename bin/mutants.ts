import { reportErrors } from './command-line';
import { writeTable } from './markdown-table';
import { brokenRules, runCases } from './mutants/judge';
import { MUTANTS } from './mutants/mutants';
import { makeWorkingCopy } from './mutants/working-copy';
import { STORE_NAMES } from './reliability/tables';

const HEAD = ['store', 'mistake', 'shown by', 'rules broken', 'seconds'];

/**
 * `npm run mutants`: plants mistakes, one at a time and in a copy of the project, shows that the fault matrix finds each, and
 * writes docs/reliability.md's table of them. It fails when one survives.
 */
async function main(): Promise<void> {
  const interrupted = new AbortController();
  const interrupt = (): void => interrupted.abort(new Error('interrupted'));
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  const { folder, whilePlanted, remove } = makeWorkingCopy();
  try {
    console.log('without a mistake …');
    const broken = brokenRules(await runCases(folder, MUTANTS, interrupted.signal));
    if (broken.length > 0) throw new Error(`Without any mistake, these rules are broken: ${broken.join(', ')}`);
    const rows: string[][] = [];
    for (const mutant of MUTANTS) {
      const startedMs = performance.now();
      const reports = await whilePlanted(mutant, () => runCases(folder, [mutant], interrupted.signal));
      const seconds = ((performance.now() - startedMs) / 1000).toFixed(0);
      const rules = brokenRules(reports).join(', ') || 'none: it survives';
      rows.push([STORE_NAMES[mutant.store] ?? mutant.store, mutant.mistake, mutant.fault, rules, seconds]);
      console.log(`${rows.length}/${MUTANTS.length} ${rows.at(-1)?.join(' | ')}`);
    }
    writeTable('docs/reliability.md', 'mutants', [HEAD, ...rows]);
    const survivors = rows.filter(([, , , rules]) => rules?.startsWith('none')).length;
    if (survivors > 0) throw new Error(`${survivors} of ${MUTANTS.length} mutants survive`);
  } finally {
    remove();
  }
}

reportErrors(main());

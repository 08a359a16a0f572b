import { reportErrors } from '../tools/command-line';
import { readTable, writeTable } from '../tools/markdown-table';
import { judge, SURVIVES } from '../tools/mutants/judge';
import { MUTANTS } from '../tools/mutants/mutants';
import { mergeRows, STORE_NAMES } from '../tools/reliability/tables';

const PAGE = 'docs/reliability.md';
const HEAD = ['store', 'mistake', 'shown by', 'rules broken', 'seconds'];

/**
 * `npm run mutants [-- STORE…]`: plants mistakes one at a time in a copy of the project, shows that the fault matrix
 * detects each, and lists them in docs/reliability.md. It fails if one survives.
 */
async function main(stores: readonly string[]): Promise<void> {
  const unknown = stores.find((name) => !Object.hasOwn(STORE_NAMES, name));
  if (unknown !== undefined) {
    throw new Error(`Usage: npm run mutants [-- ${Object.keys(STORE_NAMES).join('|')} …], got "${unknown}"`);
  }
  const interrupted = new AbortController();
  const interrupt = (): void => interrupted.abort(new Error('interrupted'));
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  const chosen = MUTANTS.filter(({ store }) => stores.length === 0 || stores.includes(store));
  const rows = await judge(chosen, { signal: interrupted.signal, say: console.log });
  const judged = new Set(rows.map(([store]) => store));
  const others = readTable(PAGE, 'mutants').filter(([store]) => !judged.has(store));
  writeTable(PAGE, 'mutants', [HEAD, ...mergeRows(others, rows, false)]);
  const survivors = rows.filter((row) => row.includes(SURVIVES)).length;
  if (survivors > 0) throw new Error(`${survivors} of ${rows.length} mutants survive`);
}

reportErrors(main(process.argv.slice(2)));

import { runCommand } from '../tools/command-line';
import { readTable, writeTable } from '../tools/markdown-table';
import { judge, SURVIVES } from '../tools/mutants/judge';
import { judgeKeyed } from '../tools/mutants/judge-keyed';
import { KEYED_MUTANTS } from '../tools/mutants/keyed-mutants';
import { type Mistake, MUTANTS } from '../tools/mutants/mutants';
import { mergeRows, STORE_NAMES } from '../tools/reliability/tables';

const PAGE = 'docs/reliability.md';
const HEAD = ['store', 'mistake', 'shown by', 'rules broken', 'seconds'];

/** Chooses the mistakes in what idempotency keys do. */
const KEYS = 'keys';

/**
 * `npm run mutants [-- STORE…]`: plants mistakes one at a time in a copy of the project, shows that the fault matrix
 * detects each, and lists them in docs/reliability.md. `npm run mutants -- keys [STORE…]`: shows that the tests of
 * idempotency keys detect mistakes in those. It fails if one survives.
 */
async function main(words: readonly string[]): Promise<void> {
  const stores = words.filter((word) => word !== KEYS);
  const unknown = stores.find((name) => !Object.hasOwn(STORE_NAMES, name));
  if (unknown !== undefined) {
    throw new Error(`Usage: npm run mutants [-- ${KEYS}|${Object.keys(STORE_NAMES).join('|')} …], got "${unknown}"`);
  }
  const interrupted = new AbortController();
  const interrupt = (): void => interrupted.abort(new Error('interrupted'));
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  const isChosen = ({ store }: Mistake): boolean => stores.length === 0 || stores.includes(store);
  const options = { signal: interrupted.signal, say: console.log };
  if (words.includes(KEYS)) return failOnSurvivors(await judgeKeyed(KEYED_MUTANTS.filter(isChosen), options));
  const rows = await judge(MUTANTS.filter(isChosen), options);
  const judged = new Set(rows.map(([store]) => store));
  const others = readTable(PAGE, 'mutants').filter(([store]) => !judged.has(store));
  writeTable(PAGE, 'mutants', [HEAD, ...mergeRows(others, rows, false)]);
  failOnSurvivors(rows);
}

function failOnSurvivors(rows: readonly string[][]): void {
  const survivors = rows.filter((row) => row.includes(SURVIVES)).length;
  if (survivors > 0) throw new Error(`${survivors} of ${rows.length} mutants survive`);
}

runCommand(
  {
    name: 'mutants',
    parameters: '[keys] [STORE…]',
    purpose:
      'Plants mistakes, one at a time, in a copy of the project, shows that tests find each, and writes the table of docs/reliability.md. With keys, mistakes in idempotency keys, and no table.',
    isInterruptible: true,
  },
  main,
);

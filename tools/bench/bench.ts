import { startProgress } from '../../local/progress';
import { textTable } from '../text-table';

/** What a benchmark tells while it runs. */
export interface Bench {
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Says what is measured next, and how far it is. */
  next(what: string, done: number, all: number): void;
  /** Opens a table of results, which is printed however the benchmark ends. */
  table(head: readonly string[], title?: string): { add(row: readonly string[]): void };
  /** A line after the tables. */
  note(line: string): void;
}

/**
 * Runs a benchmark, with progress on standard error. What it has measured is printed however it ends.
 *
 * @param again what to type for another run
 * @throws Error with what made the run invalid, or that it was interrupted, and what to do
 */
export async function runBench(
  run: (bench: Bench) => Promise<void>,
  { signal, again }: { readonly signal: AbortSignal; readonly again: string },
): Promise<void> {
  const progress = startProgress();
  const began = performance.now();
  const tables: { head: readonly string[]; title: string | undefined; rows: (readonly string[])[] }[] = [];
  const notes: string[] = [];
  const bench: Bench = {
    signal,
    next(what, done, all) {
      signal.throwIfAborted();
      const leftMs = done === 0 ? undefined : ((performance.now() - began) / done) * (all - done);
      const left = leftMs === undefined ? '' : `, about ${Math.ceil(leftMs / 1000)} s left`;
      progress.say(`${done + 1} of ${all}: ${what} …${left}`);
    },
    table(head, title) {
      const rows: (readonly string[])[] = [];
      tables.push({ head, title, rows });
      return { add: (row) => rows.push(row) };
    },
    note: (line) => notes.push(line),
  };
  const print = (): void => {
    for (const { head, title, rows } of tables.filter(({ rows }) => rows.length > 0)) {
      console.log(`${title === undefined ? '' : `${title}\n`}${textTable(head, rows)}\n`);
    }
    for (const line of notes) console.log(line);
  };
  try {
    await run(bench);
  } catch (error) {
    print();
    const measured = tables.reduce((sum, { rows }) => sum + rows.length, 0);
    const what = measured === 0 ? 'Nothing was measured' : `The ${measured} rows above are whole, the rest is missing`;
    const reason = signal.aborted ? 'interrupted' : error instanceof Error ? error.message : String(error);
    throw new Error(`${reason}\n${what}. To measure again: ${again}`, { cause: error });
  }
  print();
}

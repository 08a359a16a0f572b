import { readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';

/**
 * A file of a journal. Journals count from 0; the snapshot of a number holds what all journals up to that number tell.
 */
export interface JournalFile {
  readonly file: string;
  readonly number: number;
  readonly bytes: number;
}

/** What a journal consists of: at most one snapshot, and the journals behind it in their order. */
export interface JournalFiles {
  readonly snapshot?: JournalFile;
  readonly journals: readonly JournalFile[];
}

/** @param file the first journal, such as `redis.journal`; the next ones are `redis.journal.1`, … */
export const journalFile = (file: string, number: number): string => (number === 0 ? file : `${file}.${number}`);

/** `redis.journal.snapshot.1` of `redis.journal` holds what that and `redis.journal.1` tell. */
export const snapshotFile = (file: string, number: number): string => `${file}.snapshot.${number}`;

/** Where a snapshot is written until it is complete. */
export const unfinishedFile = (file: string): string => `${file}.new`;

/**
 * Finds a journal's files, and removes what a process left behind that was killed while it wrote a snapshot or removed what
 * the snapshot has replaced.
 *
 * @throws Error naming a file that is missing between or before others
 */
export function findFiles(file: string): JournalFiles {
  rmSync(unfinishedFile(file), { force: true });
  const snapshots = numbered(snapshotFile(file, 0).slice(0, -1));
  const snapshot = snapshots.pop();
  const first = snapshot ? snapshot.number + 1 : 0;
  const [outdated, journals] = partition([...atZero(file), ...numbered(`${file}.`)], ({ number }) => number < first);
  for (const old of [...snapshots, ...outdated]) rmSync(old.file);
  journals.forEach(({ number }, index) => {
    if (number === first + index) return;
    const missing = journalFile(file, first + index);
    throw new Error(`${missing} is missing, and ${journalFile(file, number)} goes on behind it: move all of them away`);
  });
  return { journals, ...(snapshot && { snapshot }) };
}

function atZero(file: string): JournalFile[] {
  const bytes = statSync(file, { throwIfNoEntry: false })?.size;
  return bytes === undefined ? [] : [{ file, number: 0, bytes }];
}

/** The files that are named so and end in a number, in its order. */
function numbered(start: string): JournalFile[] {
  const folder = path.dirname(start);
  const name = path.basename(start);
  return readdirSync(folder)
    .filter((entry) => entry.startsWith(name) && /^\d+$/.test(entry.slice(name.length)))
    .map((entry) => {
      const file = path.join(folder, entry);
      return { file, number: Number(entry.slice(name.length)), bytes: statSync(file).size };
    })
    .sort((a, b) => a.number - b.number);
}

function partition<T>(values: readonly T[], isFirst: (value: T) => boolean): [first: T[], second: T[]] {
  return [values.filter(isFirst), values.filter((value) => !isFirst(value))];
}

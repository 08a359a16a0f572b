import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ClassicLevel } from 'classic-level';
import { makeFolder } from './make-folder';

/** The layout of the folder and of the files in it. A change that can't read an older one must increment it. */
const FORMAT = 1;

/** Marks a folder as one of this runtime. */
const MARKER = 'atomic-counter.json';

/** A folder where the runtime keeps data for its next start. This process holds it exclusively until it is closed. */
export interface DataDirectory {
  readonly folder: string;
  close(): Promise<void>;
}

/**
 * Opens the folder that `DATA_DIR` names, and creates it if it doesn't exist.
 *
 * The lock is LevelDB's, which the operating system releases however the process ends.
 *
 * @throws Error with one line for people, when it isn't usable or is in use
 */
export async function openDataDirectory(folder: string): Promise<DataDirectory> {
  const unusable = (problem: string, cause?: unknown): Error => new Error(`DATA_DIR "${folder}" ${problem}`, { cause });
  let marker: string | undefined;
  try {
    makeFolder(folder);
    marker = readMarker(folder);
  } catch (error) {
    throw unusable(problemOf(error), error);
  }
  if (marker !== undefined && formatOf(marker) !== FORMAT) {
    throw unusable(
      `is of another version (${MARKER} says ${marker.trim()}, this one knows format ${FORMAT}): name another folder`,
    );
  }
  const [stranger] = marker === undefined ? readdirSync(folder).filter((name) => !name.startsWith('.')) : [];
  if (stranger !== undefined) {
    throw unusable(`holds "${stranger}", which isn't of this runtime: name an empty or a new folder`);
  }
  try {
    if (marker === undefined) writeMarker(folder);
    const lock = new ClassicLevel(path.join(folder, 'lock'));
    await lock.open();
    return { folder, close: () => lock.close() };
  } catch (error) {
    throw unusable(problemOf(error instanceof Error && error.cause !== undefined ? error.cause : error), error);
  }
}

function readMarker(folder: string): string | undefined {
  try {
    return readFileSync(path.join(folder, MARKER), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** A killed process leaves the whole file or none. */
function writeMarker(folder: string): void {
  const written = path.join(folder, `.${MARKER}.${process.pid}`);
  writeFileSync(written, `${JSON.stringify({ format: FORMAT })}\n`);
  renameSync(written, path.join(folder, MARKER));
}

function formatOf(marker: string): unknown {
  try {
    return (JSON.parse(marker) as { format?: unknown } | null)?.format;
  } catch {
    return undefined;
  }
}

function problemOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'LEVEL_LOCKED') return 'is in use by another runtime: stop that one, or name another folder';
  if (code === 'EEXIST' || code === 'ENOTDIR') return 'is not a folder: name one';
  return `can't be written: ${message}`;
}

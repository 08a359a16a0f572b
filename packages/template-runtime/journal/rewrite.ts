import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { compiledModule } from '../worker/compiled-module';
import type { ThreadProtocol } from '../worker/protocol';
import { WorkerThread } from '../worker/worker-thread';
import { snapshotFile, unfinishedFile } from './journal-files';
import { readRecords, RecordFile } from './record-file';

/** What records tell of, such as a store's data. */
export interface JournaledState<Record> {
  /** Does again what a record tells. */
  replay(record: Record): void;
  /** Records that make the present state out of nothing. */
  snapshot(): Iterable<Record>;
}

/** Makes an empty state in any thread. */
export interface StateModule {
  /** The absolute path of a compiled module. */
  readonly module: string;
  /** What it exports: a function of the time, in milliseconds since 1970, that gives a `JournaledState`. */
  readonly make: string;
}

export interface Rewriting {
  readonly state: StateModule;
  /** The first journal's. */
  readonly file: string;
  /** What the snapshot replaces, in the order in which it is replayed. */
  readonly replaces: readonly string[];
  /** Of the last journal that it replaces. */
  readonly number: number;
  /** When that one ended: what expired later is still there. */
  readonly nowMs: number;
}

export interface RewriteProtocol extends ThreadProtocol {
  readonly data: Rewriting;
  /** The snapshot's length in bytes. */
  readonly ready: number;
}

/** How much of a snapshot is written at once. */
const CHUNK_BYTES = 1024 * 1024;

/** A thread that rewrites a journal, and has done so when it is ready. Nobody else waits for it. */
export function startRewriting(data: Rewriting): WorkerThread<RewriteProtocol> {
  return new WorkerThread<RewriteProtocol>(compiledModule('journal/rewrite-thread.js', __dirname), {
    data,
    isBackground: true,
  });
}

/**
 * Replays files as the next start would, and puts a snapshot of the state in their place.
 *
 * @returns the snapshot's length in bytes
 */
export function rewrite(
  state: JournaledState<unknown>,
  { file, replaces, number }: Pick<Rewriting, 'file' | 'replaces' | 'number'>,
): number {
  for (const replaced of replaces) for (const record of readRecords<unknown>(replaced)) state.replay(record);
  const unfinished = unfinishedFile(file);
  const records = new RecordFile(unfinished, 'w');
  for (const record of state.snapshot()) {
    records.append(record);
    if (records.pendingBytes >= CHUNK_BYTES) records.flush();
  }
  records.flush();
  // The old files may be on the disk already: the snapshot has to be before it takes their place.
  records.sync();
  records.close();
  renameSync(unfinished, snapshotFile(file, number));
  syncFolder(path.dirname(file));
  for (const replaced of replaces) rmSync(replaced);
  return records.bytes;
}

/** A rename is on the disk once its folder is. Windows can't open one, and doesn't need it. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}

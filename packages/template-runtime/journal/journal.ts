import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { readRecords, RecordFile } from './record-file';

/** A journal is made anew when it has grown by this much, and by as much as it had after the last time. */
const COMPACT_AFTER_BYTES = 16 * 1024 * 1024;

/** How much of a new journal is written at once. */
const SNAPSHOT_CHUNK_BYTES = 1024 * 1024;

/** What was done, in a file, so that the next start knows of it. */
export interface Journal<Record> {
  /** Adds a record. It is in the file after the next `flush`, which has to come before anybody learns of the write. */
  append(record: Record): void;
  /** Hands what was appended to the operating system, in one call: from there on a killed process can't lose it. */
  flush(): void;
  close(): void;
}

export interface JournalOptions<Record> {
  /** @default - nothing is kept */
  readonly file?: string | undefined;
  /** Does again what a record tells. */
  readonly replay: (record: Record) => void;
  /** Records that make the present state out of nothing: what a journal that has grown is replaced by. */
  readonly snapshot: () => Iterable<Record>;
  /** @default - 16 MiB */
  readonly compactAfterBytes?: number;
}

/**
 * Opens the journal of a state, such as a store's: replays it, and writes it anew without what is outdated.
 *
 * @throws Error naming the file and the line, where one is damaged that isn't the last
 */
export function openJournal<Record>(options: JournalOptions<Record>): Journal<Record> {
  const { file, replay } = options;
  if (file === undefined) return { append: () => undefined, flush: () => undefined, close: () => undefined };
  rmSync(newFileOf(file), { force: true }); // of a process that was killed before the rename
  for (const record of readRecords<Record>(file)) replay(record);
  return new StateJournal(file, options);
}

class StateJournal<Record> implements Journal<Record> {
  #records: RecordFile;
  #compactAt = 0;
  #failure: Error | undefined;

  constructor(
    private readonly file: string,
    private readonly options: Pick<JournalOptions<Record>, 'snapshot' | 'compactAfterBytes'>,
  ) {
    this.#records = this.#compact();
  }

  append(record: Record): void {
    this.#records.append(record);
  }

  flush(): void {
    if (this.#failure) throw this.#failure;
    try {
      this.#records.flush();
      if (this.#records.bytes < this.#compactAt) return;
      this.#records.close();
      this.#records = this.#compact();
    } catch (error) {
      throw this.#fail(error);
    }
  }

  close(): void {
    if (this.#failure) return;
    this.flush();
    this.#records.sync();
    this.#records.close();
  }

  /** Puts the present state in the file's place, by a rename. */
  #compact(): RecordFile {
    const { snapshot, compactAfterBytes = COMPACT_AFTER_BYTES } = this.options;
    const records = new RecordFile(newFileOf(this.file), 'w');
    for (const record of snapshot()) {
      records.append(record);
      if (records.pendingBytes >= SNAPSHOT_CHUNK_BYTES) records.flush();
    }
    records.flush();
    this.#compactAt = records.bytes * 2 + compactAfterBytes;
    // The old file may be on the disk already: the new one has to be before it takes its place.
    records.sync();
    renameSync(newFileOf(this.file), this.file);
    syncFolder(path.dirname(this.file));
    return records;
  }

  /**
   * A store that can't keep what it does must not go on as if it did: whoever waits for this write gets an error, and the
   * store's thread ends, which cuts its connections.
   */
  #fail(cause: unknown): Error {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const failure = new Error(`${this.file} can't be written: ${reason}`, { cause });
    this.#failure = failure;
    setImmediate(() => {
      throw failure;
    });
    return failure;
  }
}

const newFileOf = (file: string): string => `${file}.new`;

/** A rename is on the disk once its folder is. Windows can't open one, and doesn't need it. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}

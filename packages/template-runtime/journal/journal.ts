import type { WorkerThread } from '../worker/worker-thread';
import { findFiles, journalFile, type JournalFile, type JournalFiles, snapshotFile } from './journal-files';
import { readRecords, type Recorder, RecordFile } from './record-file';
import { type RewriteProtocol, startRewriting, type StateModule } from './rewrite';

/** A journal is rewritten when it has grown by this much, and by as much as its snapshot has. */
const REWRITE_AFTER_BYTES = 4 * 1024 * 1024;

/** What was done, in a file, so that the next start knows of it. */
export interface Journal<Record> extends Recorder<Record> {
  close(): Promise<void>;
}

export interface JournalOptions<Record> {
  /** @default - nothing is kept */
  readonly file?: string | undefined;
  /** Does again what a record tells. */
  readonly replay: (record: Record) => void;
  /** Makes the state that the records tell of, empty: for the thread that rewrites a journal that has grown. */
  readonly state: StateModule;
  /** @default - 4 MiB */
  readonly rewriteAfterBytes?: number;
}

/**
 * Opens the journal of a state, such as a store's, and replays it. When it has grown it is rewritten without what is outdated:
 * the state goes on in another file meanwhile, and a thread makes a snapshot of what the files before that one tell, as the
 * next start would read them. So nobody who counts waits for it.
 *
 * @throws Error naming the file and the line, where one is damaged that isn't the last; or the file that is missing
 */
export function openJournal<Record>(options: JournalOptions<Record>): Journal<Record> {
  const { file, replay, state, rewriteAfterBytes = REWRITE_AFTER_BYTES } = options;
  if (file === undefined) {
    return { append: () => undefined, flush: () => undefined, close: () => Promise.resolve() };
  }
  const files = findFiles(file);
  const { snapshot, journals } = files;
  const complete = [...(snapshot ? [snapshot] : []), ...journals.slice(0, -1)];
  for (const { file: earlier } of complete) for (const record of readRecords<Record>(earlier)) replay(record);
  const open = journalFile(file, openNumber(files));
  for (const record of readRecords<Record>(open, { mayBeTorn: true })) replay(record);
  return new StateJournal({ file, state, rewriteAfterBytes }, files); // without `replay`, and what that alone holds
}

/** Of the journal that is written to. */
function openNumber({ snapshot, journals }: JournalFiles): number {
  return journals.at(-1)?.number ?? (snapshot ? snapshot.number + 1 : 0);
}

class StateJournal<Record> implements Journal<Record> {
  #snapshot: JournalFile | undefined;
  /** The journals behind the snapshot that are no longer written to. */
  #full: readonly JournalFile[];
  #number: number;
  #records: RecordFile;
  #rewriting: WorkerThread<RewriteProtocol> | undefined;
  /** What the journals may grow to before they are rewritten, in bytes. */
  #rewriteAt: number;
  #isClosing = false;
  #failure: Error | undefined;

  constructor(
    private readonly options: Required<Pick<JournalOptions<Record>, 'state' | 'rewriteAfterBytes'>> & { file: string },
    files: JournalFiles,
  ) {
    this.#snapshot = files.snapshot;
    this.#full = files.journals.slice(0, -1);
    this.#number = openNumber(files);
    this.#records = new RecordFile(journalFile(options.file, this.#number), 'a');
    this.#rewriteAt = (files.snapshot?.bytes ?? 0) + options.rewriteAfterBytes;
  }

  append(record: Record): void {
    this.#records.append(record);
  }

  flush(): void {
    if (this.#failure) throw this.#failure;
    try {
      this.#records.flush();
      if (this.#bytes >= this.#rewriteAt && !this.#rewriting && !this.#isClosing) this.#rewrite();
    } catch (error) {
      throw this.#fail(error);
    }
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#rewriting?.terminate();
    if (this.#failure) return;
    this.flush();
    this.#records.sync();
    this.#records.close();
  }

  get #bytes(): number {
    return this.#full.reduce((sum, { bytes }) => sum + bytes, this.#records.bytes);
  }

  /** Goes on in a new file, and has a snapshot made of those before it. */
  #rewrite(): void {
    const { file, state, rewriteAfterBytes } = this.options;
    const number = this.#number;
    this.#records.close();
    this.#full = [...this.#full, { file: this.#records.file, number, bytes: this.#records.bytes }];
    this.#number += 1;
    this.#records = new RecordFile(journalFile(file, this.#number), 'a');
    const replaces = [...(this.#snapshot ? [this.#snapshot] : []), ...this.#full].map((earlier) => earlier.file);
    this.#rewriting = startRewriting({ file, state, replaces, number, nowMs: Date.now() });
    void this.#rewriting.ready
      .then(async (bytes) => {
        this.#snapshot = { file: snapshotFile(file, number), number, bytes };
        this.#full = [];
        this.#rewriteAt = bytes + rewriteAfterBytes;
        await this.#rewriting?.terminate();
      })
      .catch((error: Error) => {
        // Nothing is lost: the files stay, and grow until the next attempt.
        if (!this.#isClosing) console.error(`${file} can't be rewritten without what is outdated: ${error.message}`);
        this.#rewriteAt = this.#bytes + rewriteAfterBytes;
      })
      .finally(() => (this.#rewriting = undefined));
  }

  /**
   * A store that can't keep what it does must not go on as if it did: whoever waits for this write gets an error, and the
   * store's thread ends, which cuts its connections.
   */
  #fail(cause: unknown): Error {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const failure = new Error(`${this.#records.file} can't be written: ${reason}`, { cause });
    this.#failure = failure;
    setImmediate(() => {
      throw failure;
    });
    return failure;
  }
}

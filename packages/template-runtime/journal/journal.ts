import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, truncateSync, writeSync } from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';

/** A journal is made anew when it has grown by this much, and by as much as it had after the last time. */
const COMPACT_AFTER_BYTES = 16 * 1024 * 1024;

/** How much of a new journal is written at once. */
const SNAPSHOT_CHUNK_BYTES = 1024 * 1024;

/** Digits of the checksum that begins a line. */
const CHECKSUM_DIGITS = 8;

const NEWLINE = 0x0a;

/**
 * What an embedded store has done, in a file, so that its next start does it again.
 *
 * A record is one line: the CRC-32 of its JSON, a space, the JSON. Each holds what belongs together, such as the writes of
 * a transaction: it counts wholly or not at all.
 */
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
 * Opens a store's journal: replays it, and writes it anew without what is outdated. A torn last line, which a process that
 * was killed may leave behind, is dropped; nobody was told of it.
 *
 * @throws Error naming the file and the line, where another line is damaged
 */
export function openJournal<Record>(options: JournalOptions<Record>): Journal<Record> {
  const { file, replay } = options;
  if (file === undefined) return { append: () => undefined, flush: () => undefined, close: () => undefined };
  for (const record of readRecords<Record>(file)) replay(record);
  return new FileJournal(file, options);
}

class FileJournal<Record> implements Journal<Record> {
  #descriptor: number;
  /** Lines that are not in the file yet. */
  #pending = '';
  #bytes = 0;
  #compactAt = 0;
  #failure: Error | undefined;

  constructor(
    private readonly file: string,
    private readonly options: Pick<JournalOptions<Record>, 'snapshot' | 'compactAfterBytes'>,
  ) {
    this.#descriptor = this.#compact();
  }

  append(record: Record): void {
    this.#pending += lineOf(record);
  }

  flush(): void {
    if (this.#failure) throw this.#failure;
    if (this.#pending === '') return;
    const lines = Buffer.from(this.#pending);
    this.#pending = '';
    try {
      writeWhole(this.#descriptor, lines);
      this.#bytes += lines.length;
      if (this.#bytes < this.#compactAt) return;
      closeSync(this.#descriptor);
      this.#descriptor = this.#compact();
    } catch (error) {
      throw this.#fail(error);
    }
  }

  close(): void {
    if (this.#failure) return;
    this.flush();
    fsyncSync(this.#descriptor);
    closeSync(this.#descriptor);
  }

  /** Puts the present state in the file's place, by a rename, and opens it to append to. */
  #compact(): number {
    const { snapshot, compactAfterBytes = COMPACT_AFTER_BYTES } = this.options;
    const newFile = `${this.file}.new`;
    const descriptor = openSync(newFile, 'w');
    this.#bytes = writeLines(descriptor, snapshot());
    this.#compactAt = this.#bytes * 2 + compactAfterBytes;
    // The old file may be on the disk already: the new one has to be before it takes its place.
    fsyncSync(descriptor);
    renameSync(newFile, this.file);
    syncFolder(path.dirname(this.file));
    return descriptor;
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

function lineOf(record: unknown): string {
  const json = JSON.stringify(record);
  return `${checksum(json)} ${json}\n`;
}

function checksum(json: string | Uint8Array): string {
  return crc32(json).toString(16).padStart(CHECKSUM_DIGITS, '0');
}

/** @returns how many bytes they take */
function writeLines(descriptor: number, records: Iterable<unknown>): number {
  let bytes = 0;
  let lines = '';
  const write = (): void => {
    const chunk = Buffer.from(lines);
    writeWhole(descriptor, chunk);
    bytes += chunk.length;
    lines = '';
  };
  for (const record of records) {
    lines += lineOf(record);
    if (lines.length >= SNAPSHOT_CHUNK_BYTES) write();
  }
  write();
  return bytes;
}

function writeWhole(descriptor: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;) written += writeSync(descriptor, bytes, written);
}

/** A rename is on the disk once its folder is. Windows can't open one, and doesn't need it. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}

function* readRecords<Record>(file: string): Generator<Record> {
  rmSync(`${file}.new`, { force: true }); // of a process that was killed before the rename
  const content = readIfThere(file);
  let start = 0;
  for (let line = 1; start < content.length; line += 1) {
    const end = content.indexOf(NEWLINE, start);
    if (end < 0) return truncateSync(file, start);
    const json = content.subarray(start + CHECKSUM_DIGITS + 1, end);
    if (content.toString('latin1', start, start + CHECKSUM_DIGITS + 1) !== `${checksum(json)} `) {
      throw new Error(`${file} is damaged in line ${line}: move it away to start without it`);
    }
    yield JSON.parse(json.toString()) as Record;
    start = end + 1;
  }
}

function readIfThere(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}

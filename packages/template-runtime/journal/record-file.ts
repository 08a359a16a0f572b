import { closeSync, fstatSync, fsyncSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs';
import { CHECKSUM_DIGITS, checksumOf, isChecksumAt } from './checksum';

const NEWLINE = 0x0a;
const BLANK = 0x20;

/** Keeps records in a file. */
export interface Recorder<Record> {
  /** Adds a record. It is in the file after the next `flush`, which has to come before anybody learns of the write. */
  append(record: Record): void;
  /** Hands what was appended to the operating system, in one call: from there on a killed process can't lose it. */
  flush(): void;
}

/**
 * A file of records, open to append to.
 *
 * A record is one line: the CRC-32 of its JSON, a space, the JSON. Each holds what belongs together, such as the writes of
 * a transaction: it counts wholly or not at all.
 */
export class RecordFile implements Recorder<unknown> {
  /** How long the file is. */
  bytes: number;
  readonly #descriptor: number;
  /** Lines that are not in the file yet. */
  #pending = '';

  /** @param flags `w` makes the file anew, `a` goes on behind what it has */
  constructor(
    readonly file: string,
    flags: 'a' | 'w',
  ) {
    this.#descriptor = openSync(file, flags);
    this.bytes = fstatSync(this.#descriptor).size;
  }

  /** How much the next `flush` writes, roughly. */
  get pendingBytes(): number {
    return this.#pending.length;
  }

  append(record: unknown): void {
    const json = JSON.stringify(record);
    this.#pending += `${checksumOf(json)} ${json}\n`;
  }

  /** Where it fails, the file isn't to be written any more. */
  flush(): void {
    if (this.#pending === '') return;
    const lines = Buffer.from(this.#pending);
    this.#pending = '';
    for (let written = 0; written < lines.length;) written += writeSync(this.#descriptor, lines, written);
    this.bytes += lines.length;
  }

  /** Waits until the disk has it all. */
  sync(): void {
    fsyncSync(this.#descriptor);
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

/**
 * The records of a file.
 *
 * @param options.mayBeTorn whether the file may end in a torn line, which a process that was killed leaves behind: it is cut
 *   off, since nobody was told of what it tells. @default false
 * @throws Error naming the file and the line, where another line is damaged
 */
export function* readRecords<Record>(
  file: string,
  { mayBeTorn = false }: { readonly mayBeTorn?: boolean } = {},
): Generator<Record> {
  const content = readIfThere(file);
  let start = 0;
  for (let line = 1; start < content.length; line += 1) {
    const end = content.indexOf(NEWLINE, start);
    if (end < 0 && mayBeTorn) return truncateSync(file, start);
    const json = start + CHECKSUM_DIGITS + 1;
    if (end < json || content[json - 1] !== BLANK || !isChecksumAt(start, content, json, end)) {
      throw new Error(`${file} is damaged in line ${line}: move it away to start without it`);
    }
    yield JSON.parse(content.toString('utf8', json, end)) as Record;
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

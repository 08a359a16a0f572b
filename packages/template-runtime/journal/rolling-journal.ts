import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { readRecords, type Recorder, RecordFile } from './record-file';

/** Into how many segments the limit is divided: the oldest ones are deleted when it is passed. */
const SEGMENTS = 8;

export interface RollingJournalOptions<Record> {
  /** It is made if it isn't there. */
  readonly folder: string;
  /** Of its files, such as `executions` of `executions-00000001.journal`. */
  readonly name: string;
  /** How much all segments together may take, roughly. */
  readonly limitBytes: number;
  /** Takes notice of a record of an earlier process. */
  readonly replay: (record: Record) => void;
  /** Called when a segment begins: records from here on must not rely on earlier ones, which may go. */
  readonly onSegment: () => void;
}

/** What has happened, of which the latest is kept. */
export interface RollingJournal<Record> extends Recorder<Record> {
  close(): void;
}

/**
 * Opens the journal of what has happened, of which the latest is kept: replays it, and goes on behind it. It is in segments
 * of bounded size, so that the oldest go without anything being written anew. What the disk itself loses when the power
 * fails isn't guarded against.
 *
 * @throws Error naming the file and the line, where one is damaged that isn't the last, or a file of another version
 */
export function openRollingJournal<Record>(options: RollingJournalOptions<Record>): RollingJournal<Record> {
  const { folder, name, replay } = options;
  mkdirSync(folder, { recursive: true });
  const names = readdirSync(folder).filter((file) => file.startsWith(`${name}-`));
  const stranger = names.find((file) => !/^-\d{8}\.journal$/.test(file.slice(name.length)));
  if (stranger !== undefined) {
    const file = path.join(folder, stranger);
    throw new Error(`${file} is of another version: move it and its like away to start without them`);
  }
  const segments = names.sort().map((file) => {
    for (const record of readRecords<Record>(path.join(folder, file), { mayBeTorn: true })) replay(record);
    return { file: path.join(folder, file), bytes: statSync(path.join(folder, file)).size };
  });
  return new SegmentedJournal(options, segments);
}

interface Segment {
  readonly file: string;
  readonly bytes: number;
}

class SegmentedJournal<Record> implements RollingJournal<Record> {
  readonly #segmentBytes: number;
  #records: RecordFile;

  /** @param older the segments from the oldest on; the last is the open one */
  constructor(
    private readonly options: Pick<RollingJournalOptions<Record>, 'folder' | 'name' | 'limitBytes' | 'onSegment'>,
    private readonly older: Segment[],
  ) {
    this.#segmentBytes = Math.ceil(options.limitBytes / SEGMENTS);
    const last = older.pop();
    this.#records = new RecordFile(last?.file ?? this.#fileOf(1), 'a');
  }

  append(record: Record): void {
    this.#records.append(record);
  }

  flush(): void {
    this.#records.flush();
    if (this.#records.bytes < this.#segmentBytes) return;
    this.#records.close();
    this.older.push(this.#records);
    this.#dropOldest();
    this.#records = new RecordFile(this.#fileOf(this.#number + 1), 'a');
    this.options.onSegment();
  }

  close(): void {
    this.flush();
    this.#records.close();
  }

  get #number(): number {
    return Number(path.basename(this.#records.file, '.journal').slice(-8));
  }

  #fileOf(number: number): string {
    const { folder, name } = this.options;
    return path.join(folder, `${name}-${String(number).padStart(8, '0')}.journal`);
  }

  /** Makes room for one more segment. */
  #dropOldest(): void {
    const total = (): number => this.older.reduce((sum, { bytes }) => sum + bytes, this.#segmentBytes);
    while (total() > this.options.limitBytes) {
      const oldest = this.older.shift();
      if (!oldest) return;
      rmSync(oldest.file, { force: true });
    }
  }
}

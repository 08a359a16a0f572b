import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, truncateSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { Execution } from './execution';
import { fromRecord, INTERRUPTED, toRecord } from './record';
import type { EndRecord, StartRecord } from './record';
import type { StateMachine } from '../state-machines';

/** A line of the file. A machine is written before the first execution of it in a segment, and named by a number. */
type Line =
  | { readonly machine: number; readonly description: StateMachine }
  | { readonly started: StartRecord }
  | { readonly ended: EndRecord };

/** Into how many segments the limit is divided: the oldest ones are deleted when it is passed. */
const SEGMENTS = 8;

const NAME = /^executions-(\d{8})\.jsonl$/;

interface Segment {
  readonly file: string;
  readonly number: number;
  bytes: number;
}

/**
 * Executions in files that are only ever appended to, one JSON line at a time, in segments of bounded size.
 *
 * A line is written in one call to the operating system before anybody learns of what it tells, so a process that is killed
 * loses at most the line under way; a torn last line of a segment is dropped when it is read. What the disk itself loses
 * when the power fails isn't guarded against. One process at a time.
 */
export class ExecutionFile {
  readonly #segmentBytes: number;
  readonly #segments: Segment[];
  /** Numbers of the machines that the open segment has described. */
  readonly #machines = new Map<StateMachine, number>();
  #nextMachine = 0;
  #descriptor: number | undefined;
  #hasFailed = false;

  /**
   * @param folder is made if it isn't there
   * @param limitBytes how much all segments together may take, roughly
   */
  constructor(
    private readonly folder: string,
    private readonly limitBytes: number,
  ) {
    this.#segmentBytes = Math.ceil(limitBytes / SEGMENTS);
    mkdirSync(folder, { recursive: true });
    this.#segments = readdirSync(folder)
      .flatMap((name) => {
        const number = NAME.exec(name)?.[1];
        return number === undefined ? [] : [this.#segment(Number(number))];
      })
      .sort((a, b) => a.number - b.number);
  }

  /**
   * The executions of earlier processes, in the order in which they started. One that was under way when its process ended
   * is aborted.
   *
   * @throws Error naming the file and the line where a line that isn't the last is damaged
   */
  read(): Execution[] {
    const executions = new Map<string, Execution>();
    for (const segment of this.#segments) {
      const machines = new Map<number, StateMachine>();
      const { lines, bytes } = readLines(segment.file);
      segment.bytes = bytes;
      for (const line of lines) {
        if ('machine' in line) machines.set(line.machine, line.description);
        else if ('started' in line) keep(executions, { ...line.started, ...INTERRUPTED }, machines);
        else keep(executions, line.ended, machines);
      }
      this.#nextMachine = machines.size;
    }
    this.#continueLast();
    return [...executions.values()];
  }

  /** Notes that an execution has started. */
  started(execution: Execution): void {
    this.#append(execution.machine, (machine) => ({ started: toRecord(execution, machine) }));
  }

  /** Notes how it has ended. */
  ended(execution: Execution): void {
    this.#append(execution.machine, (machine) => {
      const { status, stopMs = execution.startMs, history, output, error, cause } = execution;
      return {
        ended: {
          ...toRecord(execution, machine),
          ...{ status, stopMs, events: history.events },
          ...(output && { output: output.text }),
          ...(error !== undefined && { error }),
          ...(cause !== undefined && { cause }),
        },
      };
    });
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  #append(machine: StateMachine, lineOf: (machine: number) => Line): void {
    if (this.#hasFailed) return;
    try {
      const descriptor = this.#open();
      let number = this.#machines.get(machine);
      if (number === undefined) {
        number = this.#nextMachine++;
        this.#machines.set(machine, number);
        this.#write(descriptor, { machine: number, description: describe(machine) });
      }
      this.#write(descriptor, lineOf(number));
    } catch (error) {
      // A full disk must not end executions: they go on, and are no longer kept.
      this.#hasFailed = true;
      process.emitWarning(`Executions are no longer kept in ${this.folder}: ${String(error)}`);
    }
  }

  #write(descriptor: number, line: Line): void {
    const buffer = Buffer.from(`${JSON.stringify(line)}\n`);
    const written = writeSync(descriptor, buffer);
    if (written < buffer.length) throw new Error(`only ${written} of ${buffer.length} bytes were written`);
    const segment = this.#segments.at(-1);
    if (segment) segment.bytes += written;
  }

  /** Goes on in the last segment, behind its last whole line. */
  #continueLast(): void {
    const last = this.#segments.at(-1);
    if (!last) return;
    truncateSync(last.file, last.bytes);
    this.#descriptor = openSync(last.file, 'a');
  }

  /** The segment to append to: the last one, or a new one where that is full. */
  #open(): number {
    const last = this.#segments.at(-1);
    if (this.#descriptor !== undefined && last && last.bytes < this.#segmentBytes) return this.#descriptor;
    this.close();
    const segment = this.#segment((last?.number ?? 0) + 1);
    this.#dropOldest();
    this.#segments.push(segment);
    this.#machines.clear();
    this.#nextMachine = 0;
    this.#descriptor = openSync(segment.file, 'ax');
    return this.#descriptor;
  }

  /** Makes room for one more segment. */
  #dropOldest(): void {
    const total = (): number => this.#segments.reduce((sum, { bytes }) => sum + bytes, this.#segmentBytes);
    while (total() > this.limitBytes) {
      const oldest = this.#segments.shift();
      if (!oldest) return;
      rmSync(oldest.file, { force: true });
    }
  }

  #segment(number: number): Segment {
    const file = path.join(this.folder, `executions-${String(number).padStart(8, '0')}.jsonl`);
    return { file, number, bytes: 0 };
  }
}

function describe(machine: StateMachine): StateMachine {
  const { arn, name, type, roleArn, source, createdMs, updatedMs, revisionId } = machine;
  return { arn, name, type, roleArn, source, createdMs, updatedMs, ...(revisionId !== undefined && { revisionId }) };
}

function keep(
  executions: Map<string, Execution>,
  record: EndRecord,
  machines: ReadonlyMap<number, StateMachine>,
): void {
  const machine = machines.get(record.machine);
  if (!machine) throw new Error(`The execution ${record.arn} names a state machine that its file doesn't describe`);
  executions.set(record.arn, fromRecord(record, machine));
}

/** @returns the whole lines, and how many bytes they take: a last line without its newline is torn */
function readLines(file: string): { lines: Line[]; bytes: number } {
  const content = readFileSync(file);
  const bytes = content.lastIndexOf('\n') + 1;
  const texts = content.toString('utf8', 0, bytes).split('\n').slice(0, -1);
  const lines = texts.map((text, index) => {
    try {
      return JSON.parse(text) as Line;
    } catch (error) {
      throw new Error(`${file} is damaged in line ${index + 1}: move it away to start without it`, { cause: error });
    }
  });
  return { lines, bytes };
}

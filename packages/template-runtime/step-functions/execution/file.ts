import { openRollingJournal, type RollingJournal } from '../../journal';
import type { Execution } from './execution';
import type { KeptExecution } from './kept-execution';
import { fromRecord, INTERRUPTED, toRecord } from './record';
import type { EndRecord, StartRecord } from './record';
import type { StateMachine } from '../state-machines';

/** A machine is written before the first execution of it in a segment, and named by a number until that is given anew. */
type ExecutionRecord =
  | { readonly machine: number; readonly description: StateMachine }
  | { readonly started: StartRecord }
  | { readonly ended: EndRecord };

/** Keeps executions in a folder for the next start, the latest ones. One process at a time. */
export class ExecutionFile {
  readonly #journal: RollingJournal<ExecutionRecord>;
  /** Numbers of the machines that this process has described in the open segment. */
  readonly #machines = new Map<StateMachine, number>();
  /** Until it is closed, or can't be written any more. */
  #isOpen = true;

  /**
   * @param folder is made if it isn't there
   * @param limitBytes how much they may take, roughly
   * @param onKept gets the executions of earlier processes, in the order in which they started; one that was under way when
   * its process ended is aborted
   * @throws Error naming a file that can't be read
   */
  constructor(
    private readonly folder: string,
    limitBytes: number,
    onKept: (execution: KeptExecution) => void,
  ) {
    /** With their machines as they were described by then. */
    const kept = new Map<string, readonly [record: EndRecord | StartRecord, machine: StateMachine]>();
    const machines = new Map<number, StateMachine>();
    this.#journal = openRollingJournal<ExecutionRecord>({
      folder,
      name: 'executions',
      limitBytes,
      replay: (record) => {
        if ('machine' in record) return void machines.set(record.machine, record.description);
        const told = 'started' in record ? record.started : record.ended;
        kept.set(told.arn, [told, machineOf(told, machines)]);
      },
      onSegment: () => this.#machines.clear(),
    });
    for (const [record, machine] of kept.values()) {
      onKept(fromRecord('status' in record ? record : { ...record, ...INTERRUPTED }, machine));
    }
  }

  /** Notes that an execution has started, before anybody learns of it. */
  started(execution: Execution): void {
    this.#append(execution.machine, (machine) => ({ started: toRecord(execution, machine) }));
  }

  /** Notes how it has ended. */
  ended(execution: Execution): void {
    this.#append(execution.machine, (machine) => {
      const { status, stopMs = execution.startMs, history, output, error, cause } = execution;
      return {
        ended: {
          status,
          stopMs,
          events: history.events,
          ...toRecord(execution, machine),
          ...(output && { output: output.text }),
          ...(error !== undefined && { error }),
          ...(cause !== undefined && { cause }),
        },
      };
    });
  }

  close(): void {
    if (this.#isOpen) this.#journal.close();
    this.#isOpen = false;
  }

  #append(machine: StateMachine, recordOf: (machine: number) => ExecutionRecord): void {
    if (!this.#isOpen) return;
    try {
      let number = this.#machines.get(machine);
      if (number === undefined) {
        number = this.#machines.size;
        this.#machines.set(machine, number);
        this.#journal.append({ machine: number, description: describe(machine) });
      }
      this.#journal.append(recordOf(number));
      this.#journal.flush();
    } catch (error) {
      // A full disk must not end executions: they go on, and are no longer kept.
      this.#isOpen = false;
      process.emitWarning(`Executions are no longer kept in ${this.folder}: ${String(error)}`);
    }
  }
}

function describe(machine: StateMachine): StateMachine {
  const { arn, name, type, roleArn, source, createdMs, updatedMs, revisionId } = machine;
  return { arn, name, type, roleArn, source, createdMs, updatedMs, ...(revisionId !== undefined && { revisionId }) };
}

function machineOf({ arn, machine: number }: StartRecord, machines: ReadonlyMap<number, StateMachine>): StateMachine {
  const machine = machines.get(number);
  if (!machine) throw new Error(`The execution ${arn} names a state machine that its file doesn't describe`);
  return machine;
}

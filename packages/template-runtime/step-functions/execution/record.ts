import type { Execution, ExecutionStatus } from './execution';
import { History, NOT_TRUNCATED } from './history';
import type { HistoryEvent } from './history';
import { KeptExecution } from './kept-execution';
import type { StateMachine } from '../state-machines';

/** What is written of an execution when it starts. */
export interface StartRecord {
  readonly arn: string;
  readonly name: string;
  /** The number by which the file knows the state machine. */
  readonly machine: number;
  readonly input: string;
  readonly startMs: number;
}

/** What is written of it when it has ended. `stopMs` and `events` are missing where its process ended first. */
export interface EndRecord extends StartRecord {
  readonly status: ExecutionStatus;
  readonly stopMs?: number;
  readonly events?: readonly HistoryEvent[];
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
}

/** How an execution has ended whose process ended first: what it did until then is not known. */
export const INTERRUPTED = {
  status: 'ABORTED',
  cause: 'The local runtime ended while this execution ran.',
} as const satisfies Partial<EndRecord>;

export function toRecord({ arn, name, input, startMs }: Execution, machine: number): StartRecord {
  return { arn, name, machine, input: input.text, startMs };
}

/** An execution of an earlier process: it can be inspected, and nothing more happens in it. */
export function fromRecord(record: EndRecord, machine: StateMachine): KeptExecution {
  const { arn, name, input, startMs, stopMs, status, output, error, cause, events } = record;
  return new KeptExecution({
    ...{ arn, name, machine, startMs, stopMs, status, error, cause },
    input: { text: input },
    output: output === undefined ? undefined : { text: output },
    history: events ? History.of(events) : interruptedHistory(record, machine),
    invocations: [],
  });
}

function interruptedHistory({ input, startMs, cause = '' }: EndRecord, { roleArn }: StateMachine): History {
  const history = new History(
    () => startMs,
    () => undefined,
  );
  history.add('ExecutionStarted', 0, { input, inputDetails: NOT_TRUNCATED, roleArn });
  history.end('ExecutionAborted', 0, { cause });
  return history;
}

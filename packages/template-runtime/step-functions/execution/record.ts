import type { Execution, ExecutionStatus } from './execution';
import { History } from './history';
import type { HistoryEvent } from './history';
import { Payload } from './payload';
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
export function fromRecord(record: EndRecord, machine: StateMachine): Execution {
  const { arn, name, startMs, stopMs = startMs, status, output, error, cause } = record;
  const execution: Execution = {
    arn,
    name,
    machine,
    input: payloadOf(record.input),
    history: { events: record.events ?? interruptedHistory(record, machine) },
    invocations: [],
    startMs,
    stopMs,
    status,
    output: output === undefined ? undefined : payloadOf(output),
    error,
    cause,
    get ended() {
      return Promise.resolve(execution);
    },
    stop: () => undefined,
    stopAtTransition: () => undefined,
  };
  return execution;
}

const payloadOf = (text: string): Payload => new Payload(JSON.parse(text), text);

function interruptedHistory({ input, startMs, cause = '' }: EndRecord, { roleArn }: StateMachine): HistoryEvent[] {
  const history = new History(
    () => startMs,
    () => undefined,
  );
  history.add('ExecutionStarted', 0, { input, inputDetails: { truncated: false }, roleArn });
  history.end('ExecutionAborted', 0, { cause });
  return history.events;
}

import type { Execution, ExecutionPayload, ExecutionStatus } from './execution';
import type { TracedInvocation } from './frame';
import type { History } from './history';
import type { StateMachine } from '../state-machines';

/** What is kept of an execution that has ended: its payloads as text. */
export interface EndedExecution extends Omit<
  Execution,
  'input' | 'output' | 'history' | 'ended' | 'stop' | 'stopAtTransition'
> {
  readonly input: Pick<ExecutionPayload, 'text'>;
  readonly output: Pick<ExecutionPayload, 'text'> | undefined;
  readonly history: History;
}

/**
 * An execution that has ended, with its payloads as text: a garbage collection walks through objects, and there are ten
 * thousand of them. What is asked for is parsed then.
 */
export class KeptExecution implements Execution {
  readonly arn: string;
  readonly name: string;
  readonly machine: StateMachine;
  readonly history: History;
  readonly invocations: readonly TracedInvocation[];
  readonly startMs: number;
  readonly stopMs: number;
  readonly status: ExecutionStatus;
  readonly error: string | undefined;
  readonly cause: string | undefined;
  /** Of its history, roughly. */
  readonly bytes: number;
  readonly #input: string;
  readonly #output: string | undefined;

  /** @param ended what is kept of it */
  constructor(ended: EndedExecution) {
    this.arn = ended.arn;
    this.name = ended.name;
    this.machine = ended.machine;
    this.history = ended.history;
    this.invocations = ended.invocations;
    this.startMs = ended.startMs;
    this.stopMs = ended.stopMs ?? ended.startMs;
    this.status = ended.status;
    this.error = ended.error;
    this.cause = ended.cause;
    this.bytes = ended.history.bytes;
    this.#input = ended.input.text;
    this.#output = ended.output?.text;
  }

  get input(): ExecutionPayload {
    return new ParsedLater(this.#input);
  }

  get output(): ExecutionPayload | undefined {
    return this.#output === undefined ? undefined : new ParsedLater(this.#output);
  }

  get ended(): Promise<this> {
    return Promise.resolve(this);
  }

  stop(): void {
    // It has ended.
  }

  stopAtTransition(): void {
    // It has ended.
  }
}

class ParsedLater implements ExecutionPayload {
  constructor(readonly text: string) {}

  get value(): unknown {
    return JSON.parse(this.text) as unknown;
  }
}

import type { Execution, ExecutionListener, ExecutionStatus } from '../../step-functions';

export interface Ending {
  readonly status?: Exclude<ExecutionStatus, 'RUNNING'>;
  readonly stopMs?: number;
  readonly output?: unknown;
}

/** Executions that start, end and drop off when a test says so. */
export class MadeExecutions {
  readonly #listeners: ExecutionListener[] = [];
  /** How often a payload was asked for. */
  payloadsRead = 0;
  #count = 0;

  watch(listener: ExecutionListener): () => void {
    this.#listeners.push(listener);
    return () => undefined;
  }

  start(input: unknown, startMs = this.#count, machine = 'Increment'): Execution {
    this.#count += 1;
    const noteRead = (): void => void (this.payloadsRead += 1);
    const payload = (value: unknown) => ({
      get value() {
        noteRead();
        return value;
      },
      get text() {
        noteRead();
        return JSON.stringify(value);
      },
    });
    const execution = {
      arn: `arn:${this.#count}`,
      name: `execution ${this.#count}`,
      machine: { arn: `arn:machine:${machine}`, name: machine },
      input: payload(input),
      status: 'RUNNING',
      startMs,
      stopMs: undefined,
      output: undefined,
    } as unknown as Execution;
    for (const listener of this.#listeners) listener.started(execution);
    return execution;
  }

  end(execution: Execution, { status = 'SUCCEEDED', stopMs = execution.startMs, output }: Ending = {}): void {
    const payload = output === undefined ? undefined : { value: output, text: JSON.stringify(output) };
    Object.assign(execution, { status, stopMs, output: payload });
    for (const listener of this.#listeners) listener.ended(execution, execution);
  }

  drop(execution: Execution): void {
    for (const listener of this.#listeners) listener.dropped(execution);
  }

  /** Starts an increment and ends it. */
  increment(id: string, output: object, times: { startMs?: number; stopMs?: number } = {}): Execution {
    const { startMs, stopMs } = times;
    const execution = this.start({ store: 'redis', id, useConditionalWrites: true, max: '10' }, startMs);
    this.end(execution, { output: { outcome: 'incremented', ...output }, ...(stopMs !== undefined && { stopMs }) });
    return execution;
  }
}

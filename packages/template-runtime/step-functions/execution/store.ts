import type { Execution } from './execution';
import type { KeptExecution } from './kept-execution';

/** How many executions stay inspectable after their end, and how much memory their histories may take, roughly. */
export interface StoreLimits {
  readonly executions: number;
  readonly bytes: number;
}

/** How many dropped executions leave the queue together: each time, all that are kept move up. */
const CLEARED_AT_ONCE = 256;

/** Called with what becomes of the executions that can be inspected. */
export interface ExecutionListener {
  started(execution: Execution): void;
  /** @param kept what is held of it from now on: the execution itself is forgotten */
  ended(execution: Execution, kept: Execution): void;
  /** It can no longer be inspected. */
  dropped(execution: Execution): void;
}

/** The executions that can be inspected: all that run, and the last ones that have ended. */
export class ExecutionStore {
  readonly #byArn = new Map<string, Execution>();
  /**
   * Those that have ended, in that order, from `#oldest` on. No map: whoever wants a map's first entry walks over those that
   * were deleted before it, thousands of them.
   */
  #ended: KeptExecution[] = [];
  #oldest = 0;
  #endedBytes = 0;
  readonly #listeners = new Set<ExecutionListener>();

  constructor(private readonly limits: StoreLimits) {}

  /** Adds one that runs, until it is kept. */
  add(execution: Execution): void {
    this.#byArn.set(execution.arn, execution);
    for (const listener of this.#listeners) listener.started(execution);
  }

  get(arn: string): Execution | undefined {
    return this.#byArn.get(arn);
  }

  /** All of them, the latest first. */
  all(): Execution[] {
    return Array.from(this.#byArn.values()).reverse();
  }

  /** Tells of all that are there, in the order of their starts, then of every change; the returned function ends that. */
  watch(listener: ExecutionListener): () => void {
    for (const execution of this.#byArn.values()) {
      listener.started(execution);
      if (execution.status !== 'RUNNING') listener.ended(execution, execution);
    }
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Keeps one that has ended, and drops the oldest for it.
   *
   * @param kept what is held of it
   */
  keep(execution: Execution, kept: KeptExecution): void {
    this.#byArn.set(kept.arn, kept);
    for (const listener of this.#listeners) listener.ended(execution, kept);
    this.#ended.push(kept);
    this.#endedBytes += kept.bytes;
    const { executions, bytes } = this.limits;
    while (this.#ended.length - this.#oldest > executions || this.#endedBytes > bytes) this.#dropOldest();
  }

  #dropOldest(): void {
    const dropped = this.#ended[this.#oldest] as KeptExecution;
    this.#oldest += 1;
    if (this.#oldest === CLEARED_AT_ONCE) {
      this.#ended.splice(0, CLEARED_AT_ONCE);
      this.#oldest = 0;
    }
    this.#byArn.delete(dropped.arn);
    this.#endedBytes -= dropped.bytes;
    for (const listener of this.#listeners) listener.dropped(dropped);
  }
}

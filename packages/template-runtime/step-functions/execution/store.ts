import type { Execution } from './execution';
import type { KeptExecution } from './kept-execution';

/** How many executions stay inspectable after their end, and how much memory their histories may take, roughly. */
export interface StoreLimits {
  readonly executions: number;
  readonly bytes: number;
}

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
  /** Ended executions with their sizes, the one that ended first at the front. */
  readonly #ended = new Map<string, number>();
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
      if (this.#ended.has(execution.arn)) listener.ended(execution, execution);
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
    const { arn } = kept;
    const { bytes } = kept.history;
    this.#byArn.set(arn, kept);
    for (const listener of this.#listeners) listener.ended(execution, kept);
    this.#ended.set(arn, bytes);
    this.#endedBytes += bytes;
    while (this.#ended.size > this.limits.executions || this.#endedBytes > this.limits.bytes) this.#dropOldest();
  }

  #dropOldest(): void {
    for (const [arn, bytes] of this.#ended) {
      const oldest = this.#byArn.get(arn);
      this.#ended.delete(arn);
      this.#byArn.delete(arn);
      this.#endedBytes -= bytes;
      if (oldest) for (const listener of this.#listeners) listener.dropped(oldest);
      return;
    }
  }
}

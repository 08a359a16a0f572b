import type { Execution } from './execution';

/** How many executions stay inspectable after their end, and how much memory their histories may take, roughly. */
export interface StoreLimits {
  readonly executions: number;
  readonly bytes: number;
}

/** Called with what becomes of the executions that can be inspected. */
export interface ExecutionListener {
  started(execution: Execution): void;
  ended(execution: Execution): void;
  /** It can no longer be inspected. */
  dropped(execution: Execution): void;
}

/** An event's own size besides its payloads, roughly. */
const BYTES_PER_EVENT = 300;

/** The executions that can be inspected: all that run, and the last ones that have ended. */
export class ExecutionStore {
  readonly #byArn = new Map<string, Execution>();
  /** Ended executions with their sizes, the one that ended first at the front. */
  readonly #ended = new Map<string, number>();
  #endedBytes = 0;
  readonly #listeners = new Set<ExecutionListener>();

  constructor(private readonly limits: StoreLimits) {}

  add(execution: Execution): void {
    this.#byArn.set(execution.arn, execution);
    for (const listener of this.#listeners) listener.started(execution);
    void execution.ended.then(() => this.#keepEnded(execution));
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
      if (this.#ended.has(execution.arn)) listener.ended(execution);
    }
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #keepEnded(execution: Execution): void {
    for (const listener of this.#listeners) listener.ended(execution);
    const bytes = size(execution);
    this.#ended.set(execution.arn, bytes);
    this.#endedBytes += bytes;
    for (const [arn, oldestBytes] of this.#ended) {
      if (this.#ended.size <= this.limits.executions && this.#endedBytes <= this.limits.bytes) return;
      const oldest = this.#byArn.get(arn);
      this.#ended.delete(arn);
      this.#byArn.delete(arn);
      if (oldest) for (const listener of this.#listeners) listener.dropped(oldest);
      this.#endedBytes -= oldestBytes;
    }
  }
}

/** A text that one event takes over from another is held once. */
function size({ input, history }: Execution): number {
  let text = input.text;
  let bytes = text.length;
  for (const { details } of history.events) {
    bytes += BYTES_PER_EVENT;
    const next = details?.output ?? details?.parameters;
    if (typeof next !== 'string' || next === text) continue;
    text = next;
    bytes += text.length;
  }
  return bytes;
}

import type { Execution } from './execution';

/** How many executions stay inspectable after their end, and how much memory their histories may take, roughly. */
export interface StoreLimits {
  readonly executions: number;
  readonly bytes: number;
}

/** An event's own size besides its payloads, roughly. */
const BYTES_PER_EVENT = 300;

/** The executions that can be inspected: all that run, and the last ones that have ended. */
export class ExecutionStore {
  readonly #byArn = new Map<string, Execution>();
  /** Ended executions with their sizes, the one that ended first at the front. */
  readonly #ended = new Map<string, number>();
  #endedBytes = 0;

  constructor(private readonly limits: StoreLimits) {}

  add(execution: Execution): void {
    this.#byArn.set(execution.arn, execution);
    void execution.ended.then(() => this.#keepEnded(execution));
  }

  get(arn: string): Execution | undefined {
    return this.#byArn.get(arn);
  }

  /** All of them, the latest first. */
  all(): Execution[] {
    return Array.from(this.#byArn.values()).reverse();
  }

  #keepEnded(execution: Execution): void {
    const bytes = size(execution);
    this.#ended.set(execution.arn, bytes);
    this.#endedBytes += bytes;
    for (const [arn, oldestBytes] of this.#ended) {
      if (this.#ended.size <= this.limits.executions && this.#endedBytes <= this.limits.bytes) return;
      this.#ended.delete(arn);
      this.#byArn.delete(arn);
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

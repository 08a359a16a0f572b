import { compiledModule } from '../../worker/compiled-module';
import { ThreadExit, ThreadTimeout, WorkerThread } from '../../worker/worker-thread';
import { DEFAULT_EXPRESSION_TIME_MS, LIMIT_MESSAGES } from './limits';
import type { ExpressionProtocol } from './thread';
import { EvaluationError } from './values';
import type { Bindings } from './plain-expression';

const ENTRY = compiledModule('step-functions/expressions/thread.js', __dirname);

/** How long after its own deadline a thread may be silent before it is ended: a built-in function may be stuck. */
const GRACE_MS = 250;

const MOST_THREADS = 2;

interface Job {
  readonly request: ExpressionProtocol['request'];
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/**
 * Evaluates the expressions that may run away on threads of their own, so that neither an endless loop nor a stuck
 * built-in function nor a huge value reaches the rest of the runtime. Threads start at first use.
 */
export class ExpressionThreads {
  readonly #queue: Job[] = [];
  readonly #threads = new Set<WorkerThread<ExpressionProtocol>>();
  #closed = false;

  /** @param timeMs how long an evaluation may take */
  constructor(private readonly timeMs = DEFAULT_EXPRESSION_TIME_MS) {}

  /**
   * Evaluates `source`.
   *
   * @returns plain JSON, or undefined for "nothing"
   * @throws EvaluationError when JSONata does, or when a limit is reached
   */
  evaluate(source: string, bindings: Bindings): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ request: { source, bindings }, resolve, reject });
      this.#next();
    });
  }

  /** Ends the threads; evaluations under way fail. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const job of this.#queue.splice(0)) job.reject(new EvaluationError(LIMIT_MESSAGES.time));
    await Promise.all(Array.from(this.#threads, (thread) => thread.terminate()));
  }

  /** Gives the next job to a thread that has none. */
  #next(): void {
    if (this.#queue.length === 0 || this.#closed) return;
    const idle = Array.from(this.#threads).find(({ isIdle }) => isIdle);
    const thread = idle ?? (this.#threads.size < MOST_THREADS ? this.#start() : undefined);
    const job = thread && this.#queue.shift();
    if (!job) return;
    void thread
      .call(job.request, this.timeMs + GRACE_MS)
      .then(job.resolve, (error: Error) => job.reject(failureOf(error)))
      .then(() => this.#next());
  }

  #start(): WorkerThread<ExpressionProtocol> {
    const thread = new WorkerThread<ExpressionProtocol>(ENTRY, {
      data: { timeMs: this.timeMs },
      worker: { resourceLimits: { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16 } },
      isBackground: true,
      onEnded: () => this.#threads.delete(thread),
    });
    this.#threads.add(thread);
    return thread;
  }
}

/** What the thread threw, or how it ended. */
function failureOf(error: Error & { readonly code?: string }): Error {
  if (error.name === 'EvaluationError') return new EvaluationError(error.message);
  if (error instanceof ThreadTimeout || error instanceof ThreadExit) return new EvaluationError(LIMIT_MESSAGES.time);
  return error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? new EvaluationError(LIMIT_MESSAGES.memory) : error;
}

import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { EXPRESSION_LIMITS, LIMIT_MESSAGES } from './expression-limits';
import type { Answer, Question } from './expression-thread';
import { EvaluationError } from './jsonata-values';
import type { Bindings } from './plain-expression';

/** Threads run compiled JavaScript: from dist/ also where this file itself is loaded as TypeScript (in tests). */
const ENTRY = __filename.endsWith('.ts')
  ? path.resolve(__dirname, '../../dist/local/step-functions/expression-thread.js')
  : path.join(__dirname, 'expression-thread.js');

/** How long after its own deadline a thread may be silent before it is ended: a built-in function may be stuck. */
const GRACE_MS = 250;

const MOST_THREADS = 2;

interface Job {
  readonly question: Question;
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/**
 * Evaluates the expressions that may run away on threads of their own, so that neither an endless loop nor a stuck
 * built-in function nor a huge value reaches the rest of the runtime. Threads start at first use.
 */
export class ExpressionThreads {
  readonly #queue: Job[] = [];
  readonly #idle: Worker[] = [];
  readonly #all = new Set<Worker>();
  #closed = false;

  /**
   * Evaluates `source`.
   *
   * @returns plain JSON, or undefined for "nothing"
   * @throws EvaluationError when JSONata does, or when a limit is reached
   */
  evaluate(source: string, bindings: Bindings): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ question: { source, bindings }, resolve, reject });
      this.#next();
    });
  }

  /** Ends the threads; evaluations under way fail. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(Array.from(this.#all, (thread) => thread.terminate()));
    for (const job of this.#queue.splice(0)) job.reject(new EvaluationError(LIMIT_MESSAGES.time));
  }

  #next(): void {
    if (this.#queue.length === 0 || this.#closed) return;
    const thread = this.#idle.pop() ?? (this.#all.size < MOST_THREADS ? this.#start() : undefined);
    const job = thread && this.#queue.shift();
    if (thread && job) this.#run(thread, job);
  }

  #start(): Worker {
    const thread = new Worker(ENTRY, { resourceLimits: { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16 } });
    thread.unref();
    this.#all.add(thread);
    return thread;
  }

  #run(thread: Worker, job: Job): void {
    const finish = (isReusable: boolean, settle: () => void): void => {
      clearTimeout(timer);
      thread.removeAllListeners();
      if (isReusable) this.#idle.push(thread);
      else this.#end(thread);
      settle();
      this.#next();
    };
    const timer = setTimeout(
      () => finish(false, () => job.reject(new EvaluationError(LIMIT_MESSAGES.time))),
      EXPRESSION_LIMITS.timeMs + GRACE_MS,
    );
    thread.once('message', (answer: Answer) =>
      finish(true, () => {
        if ('failure' in answer) job.reject(new EvaluationError(answer.failure));
        else job.resolve(answer.value);
      }),
    );
    thread.once('error', (error: NodeJS.ErrnoException) =>
      finish(false, () =>
        job.reject(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? new EvaluationError(LIMIT_MESSAGES.memory) : error),
      ),
    );
    thread.once('exit', () => finish(false, () => job.reject(new EvaluationError(LIMIT_MESSAGES.time))));
    thread.postMessage(job.question);
  }

  #end(thread: Worker): void {
    this.#all.delete(thread);
    // What a stuck thread still reports while it ends is no news.
    thread.on('error', () => undefined);
    void thread.terminate();
  }
}

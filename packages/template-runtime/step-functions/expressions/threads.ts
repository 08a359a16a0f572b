import { Worker } from 'node:worker_threads';
import { compiledModule } from '../../worker/compiled-module';
import { DEFAULT_EXPRESSION_TIME_MS, LIMIT_MESSAGES } from './limits';
import type { Answer, Question, ThreadData } from './thread';
import { EvaluationError } from './values';
import type { Bindings } from './plain-expression';

const ENTRY = compiledModule('step-functions/expressions/thread.js', __dirname);

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
  readonly #threads = new Set<Thread>();
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
      this.#queue.push({ question: { source, bindings }, resolve, reject });
      this.#next();
    });
  }

  /** Ends the threads; evaluations under way fail. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const job of this.#queue.splice(0)) job.reject(new EvaluationError(LIMIT_MESSAGES.time));
    await Promise.all(Array.from(this.#threads, (thread) => thread.end()));
  }

  /** Gives the next job to a thread that has none. */
  #next(): void {
    if (this.#queue.length === 0 || this.#closed) return;
    const idle = Array.from(this.#threads).find(({ isIdle }) => isIdle);
    const thread = idle ?? (this.#threads.size < MOST_THREADS ? this.#start() : undefined);
    const job = thread && this.#queue.shift();
    if (thread && job) thread.run(job);
  }

  #start(): Thread {
    const thread = new Thread(this.timeMs, (hasEnded) => {
      if (hasEnded) this.#threads.delete(thread);
      this.#next();
    });
    this.#threads.add(thread);
    return thread;
  }
}

/** One thread, with one job at a time. */
class Thread {
  readonly #worker: Worker;
  #job: Job | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @param onFree hears when the thread can take another job, or, with true, that it never will */
  constructor(
    private readonly timeMs: number,
    private readonly onFree: (hasEnded: boolean) => void,
  ) {
    const workerData: ThreadData = { timeMs };
    this.#worker = new Worker(ENTRY, {
      workerData,
      resourceLimits: { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16 },
    });
    this.#worker.unref();
    this.#worker.on('message', (answer: Answer) => this.#answered(answer));
    this.#worker.on('error', (error: NodeJS.ErrnoException) => {
      const isMemory = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      this.#failed(isMemory ? new EvaluationError(LIMIT_MESSAGES.memory) : error);
    });
    this.#worker.on('exit', () => this.#failed(new EvaluationError(LIMIT_MESSAGES.time)));
  }

  get isIdle(): boolean {
    return this.#job === undefined;
  }

  run(job: Job): void {
    this.#job = job;
    this.#timer = setTimeout(() => {
      this.#failed(new EvaluationError(LIMIT_MESSAGES.time));
      void this.end();
    }, this.timeMs + GRACE_MS);
    this.#worker.postMessage(job.question);
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #answered(answer: Answer): void {
    const job = this.#take();
    if ('failure' in answer) job?.reject(new EvaluationError(answer.failure));
    else job?.resolve(answer.value);
    this.onFree(false);
  }

  /** The thread is lost: it has ended by itself, or is about to be ended. */
  #failed(error: Error): void {
    this.#take()?.reject(error);
    this.onFree(true);
  }

  #take(): Job | undefined {
    const job = this.#job;
    this.#job = undefined;
    clearTimeout(this.#timer);
    return job;
  }
}

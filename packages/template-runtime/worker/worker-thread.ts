import { Worker, type WorkerOptions } from 'node:worker_threads';
import { type Clock, systemClock } from '../clock';
import { START, type ThreadMessage, type ThreadProtocol } from './protocol';

/** A thread has ended by itself, or was ended without a reason. */
export class ThreadExit extends Error {
  constructor(readonly exitCode: number) {
    super(`its thread ended with code ${exitCode}`);
  }
}

/** A thread was ended as its start or a call took too long. */
export class ThreadTimeout extends Error {
  constructor(readonly limitMs: number) {
    super(`its thread took longer than ${limitMs} ms`);
  }
}

export interface ThreadOptions<Protocol extends ThreadProtocol> {
  readonly data: Protocol['data'];
  /** Node's: variables and bounds of memory. @default - this process's variables, V8's bounds */
  readonly worker?: Pick<WorkerOptions, 'env' | 'resourceLimits'>;
  /** How long the start may take. @default - any time */
  readonly startLimitMs?: number;
  /** Of the limits. @default - the machine's */
  readonly clock?: Clock;
  /** Whether it keeps this process alive only while a call is under way. @default - as long as it lives */
  readonly isBackground?: boolean;
  readonly onNote?: (note: Protocol['note']) => void;
  /** Gets what the thread prints. @default - this process prints it */
  readonly onOutput?: (text: string) => void;
  /** Called once when the thread has ended, however it did, before the calls under way are told. */
  readonly onEnded?: (end: Error) => void;
  /** What calls are rejected with, made of why the thread has ended. @default - just that */
  readonly describeEnd?: (end: Error) => Error;
}

interface PendingCall {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
  readonly cancelLimit: (() => void) | undefined;
}

/**
 * A compiled module that runs as a thread, by `serveThread`. It can be called any number of times at once. However the
 * thread ends, each call under way is told: none waits for an answer that nobody will give.
 */
export class WorkerThread<Protocol extends ThreadProtocol> {
  /** What the start gives. Where it fails, that is told once the thread has ended. */
  readonly ready: Promise<Protocol['ready']>;
  readonly #worker: Worker;
  readonly #exit: Promise<void>;
  readonly #calls = new Map<number, PendingCall>();
  #lastId = START;
  /** Why the thread is being ended, or has failed. */
  #reason: Error | undefined;
  #end: Error | undefined;

  /** @param file the absolute path of a compiled module */
  constructor(
    file: string,
    private readonly options: ThreadOptions<Protocol>,
  ) {
    const { data: workerData, worker, startLimitMs, onOutput } = options;
    const isRead = onOutput !== undefined;
    this.#worker = new Worker(file, { ...worker, workerData, argv: [], execArgv: [], stdout: isRead, stderr: isRead });
    if (isRead) {
      for (const stream of [this.#worker.stdout, this.#worker.stderr]) stream.setEncoding('utf8').on('data', onOutput);
    }
    this.ready = this.#expect(START, startLimitMs);
    this.ready.catch(() => undefined); // whoever calls is told as well
    this.#exit = new Promise((resolve) => this.#worker.once('exit', (code) => resolve(this.#onExit(code))));
    this.#worker.on('message', (message: ThreadMessage) => this.#onMessage(message));
    this.#worker.on('error', (error: Error) => (this.#reason ??= error));
  }

  /** Whether it has answered every call, and takes others. */
  get isIdle(): boolean {
    return this.#calls.size === 0 && this.#reason === undefined;
  }

  /**
   * Sends a request, which the thread takes once it has started.
   *
   * @param limitMs how long the answer may take: then the thread is ended. @default - any time
   * @throws what the thread throws, or why it has ended
   */
  call(request: Protocol['request'], limitMs?: number): Promise<Protocol['answer']> {
    if (this.#end) return Promise.reject(this.#end);
    this.#lastId += 1;
    this.#worker.postMessage({ id: this.#lastId, request });
    return this.#expect(this.#lastId, limitMs);
  }

  /** Ends the thread, whatever it does, and waits until it has ended. */
  async terminate(reason?: Error): Promise<void> {
    this.#reason ??= reason;
    await this.#worker.terminate();
    await this.#exit;
  }

  #expect(id: number, limitMs: number | undefined): Promise<never> {
    const { clock = systemClock, isBackground = false } = this.options;
    if (isBackground) this.#worker.ref();
    const cancelLimit =
      limitMs === undefined ? undefined : clock.after(limitMs, () => void this.terminate(new ThreadTimeout(limitMs)));
    return new Promise((resolve, reject) => this.#calls.set(id, { resolve, reject, cancelLimit }));
  }

  #onMessage(message: ThreadMessage): void {
    if ('note' in message) return this.options.onNote?.(message.note);
    if (this.#reason !== undefined) return; // too late
    const call = this.#take(message.id);
    if ('answer' in message) return call?.resolve(message.answer as never);
    const error = Object.assign(new Error(message.error.message), message.error);
    if (message.id === START) void this.terminate().then(() => call?.reject(error));
    else call?.reject(error);
  }

  #onExit(code: number): void {
    const end = this.#reason ?? new ThreadExit(code);
    this.#end = this.options.describeEnd?.(end) ?? end;
    this.options.onEnded?.(this.#end);
    for (const id of this.#calls.keys()) this.#take(id)?.reject(this.#end);
  }

  #take(id: number): PendingCall | undefined {
    const call = this.#calls.get(id);
    call?.cancelLimit?.();
    this.#calls.delete(id);
    if (this.options.isBackground && this.#calls.size === 0) this.#worker.unref();
    return call;
  }
}

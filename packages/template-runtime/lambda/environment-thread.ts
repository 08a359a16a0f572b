import { Worker } from 'node:worker_threads';
import { compiledModule } from '../worker/compiled-module';
import type { Clock } from '../clock';
import { describeThrown, exited, type FunctionError, outOfMemory, timedOut } from './function-error';
import type { EnvironmentData, EnvironmentMessage, InvocationMessage } from './messages';

/** How an invocation ended. */
export interface InvocationResult {
  /** JSON: what the function returned, or the error. */
  readonly payload: string;
  readonly functionError?: 'Unhandled';
}

export interface EnvironmentOptions {
  readonly data: EnvironmentData;
  readonly variables: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  /** The invocation that the environment is started for: errors of the start name it. */
  readonly requestId: string;
  readonly clock: Clock;
  readonly writeLog: (message: string) => void;
  /** Told once when the environment has ended, for whatever reason. */
  readonly onEnded: () => void;
}

/** How long a function may take to load, besides its timeout. Source: …/lambda/latest/dg/lambda-runtime-environment.html */
const INIT_LIMIT_SECONDS = 10;

/** A payload that a function may return. Source: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const LARGEST_RESPONSE_BYTES = 6_291_556;

/** V8 lets a thread's young objects take 48 MB before it collects them: too much for a laptop with many environments. */
const YOUNG_GENERATION_MB = 8;

interface Running {
  readonly requestId: string;
  readonly startedMs: number;
  readonly cancelTimeout: () => void;
  readonly settle: (result: InvocationResult) => void;
}

/**
 * One execution environment: a thread with its own heap and variables that runs one invocation at a time.
 *
 * Differs from AWS: an idle environment isn't frozen, and the working directory and the time zone are this process's.
 */
export class EnvironmentThread {
  /** Resolves to the error's JSON where the function could not be loaded. */
  readonly initialized: Promise<string | undefined>;
  readonly #options: EnvironmentOptions;
  readonly #worker: Worker;
  readonly #exit: Promise<void>;
  readonly #startedMs = performance.now();
  #finishInit: (error?: string) => void = () => undefined;
  #initMs: number | undefined;
  #running: Running | undefined;
  #peakHeapMb = 0;
  /** Why the thread ends, where it didn't choose to. */
  #fate: ((requestId: string) => FunctionError) | undefined;
  /** JSON of an error that the thread reported before it ended itself. */
  #lastError: string | undefined;

  constructor(options: EnvironmentOptions) {
    this.#options = options;
    const { data, variables, clock, timeoutSeconds, writeLog } = options;
    writeLog(`INIT_START Runtime Version: Node.js ${process.version} of this machine\n`);
    this.#worker = new Worker(compiledModule('lambda/environment.js', __dirname), {
      workerData: data,
      env: { ...variables },
      argv: [],
      execArgv: [],
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: data.memorySizeMb, maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    });
    this.initialized = new Promise((resolve) => {
      const limitSeconds = INIT_LIMIT_SECONDS + timeoutSeconds;
      const cancel = clock.after(limitSeconds * 1000, () => this.#end((id) => timedOut(id, limitSeconds)));
      this.#finishInit = (error) => {
        cancel();
        resolve(error);
      };
    });
    this.#exit = new Promise((resolve) => this.#worker.once('exit', (code) => resolve(this.#onExit(code))));
    this.#worker.on('message', (message: EnvironmentMessage) => this.#onMessage(message));
    this.#worker.on('error', (error) => this.#onError(error));
    for (const stream of [this.#worker.stdout, this.#worker.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => writeLog(text));
    }
  }

  /** Runs one invocation. The environment must be initialized, and idle. */
  invoke(requestId: string, payload: string): Promise<InvocationResult> {
    const { timeoutSeconds, clock, writeLog } = this.#options;
    const timeoutMs = timeoutSeconds * 1000;
    writeLog(`START RequestId: ${requestId} Version: $LATEST\n`);
    return new Promise((settle) => {
      const cancelTimeout = clock.after(timeoutMs, () => this.#end((id) => timedOut(id, timeoutSeconds)));
      this.#running = { requestId, startedMs: performance.now(), cancelTimeout, settle };
      const message: InvocationMessage = { requestId, payload, deadlineMs: Date.now() + timeoutMs };
      this.#worker.postMessage(message);
    });
  }

  /** Ends the thread, whatever it does. */
  async end(): Promise<void> {
    await this.#worker.terminate();
    await this.#exit;
  }

  #end(fate: (requestId: string) => FunctionError): void {
    this.#fate = fate;
    void this.#worker.terminate();
  }

  #onMessage(message: EnvironmentMessage): void {
    switch (message.type) {
      case 'ready':
        this.#initMs = performance.now() - this.#startedMs;
        return this.#finishInit();
      case 'init-failed':
        this.#lastError = message.payload;
        return;
      case 'log':
        return this.#options.writeLog(message.message);
      case 'returned':
        this.#peakHeapMb = Math.max(this.#peakHeapMb, message.heapMb);
        return this.#return(message.payload);
      case 'threw':
        this.#peakHeapMb = Math.max(this.#peakHeapMb, message.heapMb);
        if (message.isFatal) this.#lastError = message.payload;
        else this.#settle({ payload: message.payload, functionError: 'Unhandled' });
    }
  }

  #return(payload: string): void {
    if (payload.length * 3 <= LARGEST_RESPONSE_BYTES || Buffer.byteLength(payload) <= LARGEST_RESPONSE_BYTES) {
      return this.#settle({ payload });
    }
    const error: FunctionError = {
      errorType: 'Function.ResponseSizeTooLarge',
      errorMessage: `Response payload size exceeded maximum allowed payload size (${LARGEST_RESPONSE_BYTES} bytes).`,
    };
    this.#settle(
      { payload: JSON.stringify(error), functionError: 'Unhandled' },
      `Status: error\tError Type: ${error.errorType}`,
    );
  }

  #onError(error: Error & { code?: string }): void {
    this.#fate = error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? outOfMemory : () => describeThrown(error);
  }

  #onExit(code: number): void {
    const { requestId, writeLog, onEnded } = this.#options;
    const describe = (id: string): FunctionError => this.#fate?.(id) ?? exited(id, code);
    if (this.#initMs === undefined) {
      const payload = this.#lastError ?? JSON.stringify(describe(requestId));
      const { errorType } = JSON.parse(payload) as FunctionError;
      const initMs = (performance.now() - this.#startedMs).toFixed(2);
      writeLog(`INIT_REPORT Init Duration: ${initMs} ms\tPhase: init\tStatus: error\tError Type: ${errorType}\n`);
      this.#finishInit(payload);
    }
    if (this.#running) {
      const error = this.#lastError === undefined ? describe(this.#running.requestId) : undefined;
      if (error) this.#logEnding(this.#running.requestId, error);
      const payload = this.#lastError ?? JSON.stringify(error);
      const { errorType } = JSON.parse(payload) as FunctionError;
      const status = errorType === 'Sandbox.Timedout' ? 'Status: timeout' : `Status: error\tError Type: ${errorType}`;
      this.#settle({ payload, functionError: 'Unhandled' }, status);
    }
    onEnded();
  }

  #logEnding(requestId: string, { errorType, errorMessage }: FunctionError): void {
    const { writeLog } = this.#options;
    if (errorType === 'Sandbox.Timedout') {
      const message = errorMessage.slice(errorMessage.indexOf('Task timed out'));
      writeLog(`${new Date().toISOString()} ${requestId} ${message}\n`);
    } else {
      writeLog(`${errorMessage}\n${errorType}\n`);
    }
  }

  #settle(result: InvocationResult, status?: string): void {
    if (!this.#running) return;
    const { requestId, startedMs, cancelTimeout, settle } = this.#running;
    this.#running = undefined;
    cancelTimeout();
    const { memorySizeMb } = this.#options.data;
    const durationMs = performance.now() - startedMs;
    const initMs = this.#initMs ?? 0;
    this.#initMs = 0; // reported once
    const fields = [
      `REPORT RequestId: ${requestId}`,
      `Duration: ${durationMs.toFixed(2)} ms`,
      `Billed Duration: ${Math.ceil(durationMs + initMs)} ms`,
      `Memory Size: ${memorySizeMb} MB`,
      `Max Memory Used: ${this.#peakHeapMb} MB`,
      ...(initMs > 0 ? [`Init Duration: ${initMs.toFixed(2)} ms`] : []),
      ...(status === undefined ? [] : [status]),
    ];
    this.#options.writeLog(`END RequestId: ${requestId}\n`);
    this.#options.writeLog(`${fields.join('\t')}\n`);
    settle(result);
  }
}

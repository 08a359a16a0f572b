import type { Clock } from '../clock';
import { compiledModule } from '../worker/compiled-module';
import { ThreadExit, ThreadTimeout, WorkerThread } from '../worker/worker-thread';
import { describeThrown, exited, type FunctionError, outOfMemory, timedOut } from './function-error';
import type { EnvironmentProtocol } from './environment';
import { END_LINE, InvocationLines, REPORT_LINE, START_LINE } from './invocation-lines';

const ENTRY = compiledModule('lambda/environment.js', __dirname);

/** How an invocation ended. */
export interface InvocationResult {
  /** JSON: what the function returned, or the error. */
  readonly payload: string;
  readonly functionError?: 'Unhandled';
}

export interface EnvironmentOptions {
  readonly data: EnvironmentProtocol['data'];
  readonly variables: Readonly<Record<string, string>>;
  /** The invocation that the environment is started for: errors of the start name it. */
  readonly requestId: string;
  readonly clock: Clock;
  readonly writeLog: (message: string) => void;
  /** Gets a line that is printed when somebody reads it. */
  readonly writeLine: (lines: InvocationLines, line: number) => void;
  /** Told once when the environment has ended, for whatever reason. */
  readonly onEnded: () => void;
}

/** How long a function may take to load, besides its timeout. Source: …/lambda/latest/dg/lambda-runtime-environment.html */
const INIT_LIMIT_SECONDS = 10;

/** A payload that a function may return. Source: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const LARGEST_RESPONSE_BYTES = 6_291_556;

/** V8 lets a thread's young objects take 48 MB before it collects them: too much for a laptop with many environments. */
const YOUNG_GENERATION_MB = 8;

/** How an invocation ended, and what its REPORT line says of that. */
interface Ending {
  readonly result: InvocationResult;
  readonly status?: string;
}

/**
 * One execution environment: a thread with its own heap and variables that runs one invocation at a time.
 *
 * Differs from AWS: an idle environment isn't frozen, and the working directory and the time zone are this process's.
 */
export class EnvironmentThread {
  /** Resolves to the error's JSON where the function could not be loaded. */
  readonly initialized: Promise<string | undefined>;
  readonly #thread: WorkerThread<EnvironmentProtocol>;
  #initMs = 0;
  #peakHeapMb = 0;
  /** The error by which the thread has ended itself. */
  #lastError: FunctionError | undefined;

  constructor(private readonly options: EnvironmentOptions) {
    const { data, variables, clock, writeLog, onEnded } = options;
    const { memorySizeMb, timeoutSeconds } = data.configuration;
    writeLog(`INIT_START Runtime Version: Node.js ${process.version} of this machine\n`);
    this.#thread = new WorkerThread(ENTRY, {
      data,
      worker: {
        env: { ...variables },
        resourceLimits: { maxOldGenerationSizeMb: memorySizeMb, maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
      },
      startLimitMs: (INIT_LIMIT_SECONDS + timeoutSeconds) * 1000,
      clock,
      onNote: (note) => this.#onNote(note),
      onOutput: writeLog,
      onEnded,
    });
    this.initialized = this.#initialize();
  }

  /** Runs one invocation. The environment must be initialized, and idle. */
  async invoke(requestId: string, payload: string): Promise<InvocationResult> {
    const { data, writeLine } = this.options;
    const { timeoutSeconds, memorySizeMb } = data.configuration;
    const limitMs = timeoutSeconds * 1000;
    const lines = new InvocationLines(requestId, memorySizeMb);
    writeLine(lines, START_LINE);
    const startedMs = performance.now();
    const { result, status } = await this.#run({ requestId, payload, deadlineMs: Date.now() + limitMs }, limitMs);
    lines.end(performance.now() - startedMs, this.#initMs, this.#peakHeapMb, status);
    this.#initMs = 0; // reported once
    writeLine(lines, END_LINE);
    writeLine(lines, REPORT_LINE);
    return result;
  }

  /** Ends the thread, whatever it does. */
  end(): Promise<void> {
    return this.#thread.terminate();
  }

  async #initialize(): Promise<string | undefined> {
    const startedMs = performance.now();
    try {
      await this.#thread.ready;
      this.#initMs = performance.now() - startedMs;
      return undefined;
    } catch (end) {
      const { requestId, writeLog } = this.options;
      const error = this.#lastError ?? describeEnd(end as Error, requestId);
      const initMs = (performance.now() - startedMs).toFixed(2);
      writeLog(`INIT_REPORT Init Duration: ${initMs} ms\tPhase: init\tStatus: error\tError Type: ${error.errorType}\n`);
      return JSON.stringify(error);
    }
  }

  #onNote(note: EnvironmentProtocol['note']): void {
    if ('log' in note) return this.options.writeLog(note.log);
    this.#peakHeapMb = Math.max(this.#peakHeapMb, note.heapMb);
    this.#lastError = note.lastError;
  }

  async #run(invocation: EnvironmentProtocol['request'], limitMs: number): Promise<Ending> {
    let answer: EnvironmentProtocol['answer'];
    try {
      answer = await this.#thread.call(invocation, limitMs);
    } catch (end) {
      return this.#ended(invocation.requestId, end as Error);
    }
    const { payload, hasThrown, heapMb } = answer;
    this.#peakHeapMb = Math.max(this.#peakHeapMb, heapMb);
    if (hasThrown) return { result: { payload, functionError: 'Unhandled' } };
    if (payload.length * 3 <= LARGEST_RESPONSE_BYTES || Buffer.byteLength(payload) <= LARGEST_RESPONSE_BYTES) {
      return { result: { payload } };
    }
    return unhandled({
      errorType: 'Function.ResponseSizeTooLarge',
      errorMessage: `Response payload size exceeded maximum allowed payload size (${LARGEST_RESPONSE_BYTES} bytes).`,
    });
  }

  /** The thread ended before it had an answer. */
  #ended(requestId: string, end: Error): Ending {
    if (this.#lastError !== undefined) return unhandled(this.#lastError);
    const { writeLog } = this.options;
    const error = describeEnd(end, requestId);
    if (end instanceof ThreadTimeout) {
      const message = error.errorMessage.slice(error.errorMessage.indexOf('Task timed out'));
      writeLog(`${new Date().toISOString()} ${requestId} ${message}\n`);
      return { ...unhandled(error), status: 'Status: timeout' };
    }
    writeLog(`${error.errorMessage}\n${error.errorType}\n`);
    return unhandled(error);
  }
}

function unhandled(error: FunctionError): Ending {
  const status = `Status: error\tError Type: ${error.errorType}`;
  return { result: { payload: JSON.stringify(error), functionError: 'Unhandled' }, status };
}

function describeEnd(end: Error & { readonly code?: string }, requestId: string): FunctionError {
  if (end instanceof ThreadTimeout) return timedOut(requestId, end.limitMs / 1000);
  if (end instanceof ThreadExit) return exited(requestId, end.exitCode);
  return end.code === 'ERR_WORKER_OUT_OF_MEMORY' ? outOfMemory(requestId) : describeThrown(end);
}

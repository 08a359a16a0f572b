import { Worker } from 'node:worker_threads';
import { compiledModule } from './compiled-module';
import type { EmbeddedStore, EmbeddedStoreOptions } from './embedded-store';
import type { PlainError, StoreCommand, StoreMessage, StoreRequest, StoreThreadData } from './store-thread-messages';

/** An embedded store in a thread of its own. `start` also thaws it, and starts a thread that has died again. */
export interface StoreThread extends EmbeddedStore {
  /** The store takes connections and answers nobody, like a server that was sent SIGSTOP, until `start` or `stop`. */
  freeze(): Promise<void>;
}

/** A module that starts an embedded store. */
export interface StoreModule {
  /** For messages. */
  readonly name: string;
  /** The absolute path of a compiled module. */
  readonly module: string;
  /** What it exports: a function of the options that gives a promise of an `EmbeddedStore`. */
  readonly start: string;
  /** Plain data: a port, and options of its own. @default - none */
  readonly options?: EmbeddedStoreOptions & Readonly<Record<string, unknown>>;
}

export interface StoreThreadOptions {
  /** Told when the thread ends without being asked to. @default - a line on the error output */
  readonly onFailure?: (error: Error) => void;
  /**
   * Makes a store ready whose thread has died and was started again: what isn't in a folder is gone. `start` waits for it.
   *
   * @default - nothing is done
   */
  readonly onRevived?: () => Promise<void>;
}

/**
 * Starts an embedded store in a thread, so that its work doesn't slow down the runtime's, and its outage is only its own.
 *
 * @throws the store's own error, such as EADDRINUSE
 */
export async function startStoreThread(
  { name, module, start, options = {} }: StoreModule,
  { onFailure = (error) => console.error(error.message), onRevived = () => Promise.resolve() }: StoreThreadOptions = {},
): Promise<StoreThread> {
  const run = (port?: number): Promise<RunningThread> =>
    runThread(name, { file: module, start, options: port === undefined ? options : { ...options, port } }, onFailure);
  const first = await run();
  const { port } = first;
  let { control } = first;
  let isReady = true;
  let reviving: Promise<void> | undefined;
  const revive = async (): Promise<void> => {
    isReady = false;
    if (control.hasDied) ({ control } = await run(port));
    await onRevived();
    isReady = true;
  };
  return {
    port,
    stop: () => control.requestThawed('stop'),
    start: () => {
      if (isReady && !control.hasDied) return control.requestThawed('start');
      reviving ??= revive().finally(() => (reviving = undefined));
      return reviving;
    },
    freeze: () => control.freeze(),
    close: async () => {
      await reviving?.catch(() => undefined); // whoever started it is told
      await control.close();
    },
  };
}

interface RunningThread {
  readonly control: ThreadControl;
  readonly port: number;
}

async function runThread(
  name: string,
  data: Omit<StoreThreadData, 'frozen'>,
  onFailure: (error: Error) => void,
): Promise<RunningThread> {
  const control = new ThreadControl(name, data, onFailure);
  try {
    return { control, port: await control.started };
  } catch (error) {
    await control.terminate();
    throw error;
  }
}

interface Pending {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

class ThreadControl {
  /** Resolves to the store's port. */
  readonly started: Promise<number>;
  readonly #worker: Worker;
  readonly #isFrozen: Int32Array;
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;
  /** Why the thread has ended. */
  #end: Error | undefined;
  #isClosing = false;

  constructor(name: string, data: Omit<StoreThreadData, 'frozen'>, onFailure: (error: Error) => void) {
    const frozen = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
    this.#isFrozen = new Int32Array(frozen);
    const workerData: StoreThreadData = { ...data, frozen };
    this.#worker = new Worker(compiledModule('worker/store-thread-entry.js', __dirname), {
      workerData,
      argv: [],
      execArgv: [],
    });
    this.started = new Promise((resolve, reject) => {
      let hasStarted = false;
      let failure: Error | undefined;
      this.#worker.on('message', (message: StoreMessage) => {
        if (message.type === 'done') return this.#settle(message.id, message.error);
        if (message.type === 'failed') return reject(revive(message.error));
        hasStarted = true;
        resolve(message.port);
      });
      this.#worker.on('error', (error: Error) => (failure = error));
      this.#worker.on('exit', (code) => {
        const cause = failure ?? new Error(`its thread ended with code ${code}`);
        this.#end = new Error(`The ${name} store failed: ${cause.message}`, { cause });
        reject(this.#end);
        for (const id of Array.from(this.#pending.keys())) this.#settle(id, this.#end);
        if (hasStarted && !this.#isClosing) onFailure(this.#end);
      });
    });
  }

  /** Whether the thread has ended without being asked to. */
  get hasDied(): boolean {
    return this.#end !== undefined && !this.#isClosing;
  }

  /**
   * Asks for something and thaws the thread. The request is there before the thread wakes up, so it comes before all that
   * the kernel took meanwhile.
   */
  requestThawed(command: StoreCommand): Promise<void> {
    const done = this.#request(command);
    Atomics.store(this.#isFrozen, 0, 0);
    Atomics.notify(this.#isFrozen, 0);
    return done;
  }

  async freeze(): Promise<void> {
    if (Atomics.exchange(this.#isFrozen, 0, 1) === 0) await this.#request('freeze');
  }

  async close(): Promise<void> {
    if (this.#isClosing || this.#end) return;
    this.#isClosing = true;
    try {
      await this.requestThawed('close');
    } finally {
      await this.terminate();
    }
  }

  async terminate(): Promise<void> {
    await this.#worker.terminate();
  }

  #request(command: StoreCommand): Promise<void> {
    if (this.#end) return Promise.reject(this.#end);
    this.#lastId += 1;
    const message: StoreRequest = { id: this.#lastId, command };
    return new Promise((resolve, reject) => {
      this.#pending.set(message.id, { resolve, reject });
      this.#worker.postMessage(message);
    });
  }

  #settle(id: number, error: PlainError | undefined): void {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    if (error === undefined) pending?.resolve();
    else pending?.reject(error instanceof Error ? error : revive(error));
  }
}

function revive({ name, message, code }: PlainError): Error {
  return Object.assign(new Error(message), { name }, code === undefined ? {} : { code });
}

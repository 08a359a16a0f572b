import { compiledModule } from './compiled-module';
import type { EmbeddedStore, EmbeddedStoreOptions } from './embedded-store';
import type { ThreadProtocol } from './protocol';
import { WorkerThread } from './worker-thread';

const ENTRY = compiledModule('worker/store-thread-entry.js', __dirname);

/** `ended`: its thread has died. */
export type StoreState = 'running' | 'stopped' | 'frozen' | 'ended';

/** An embedded store in a thread of its own. `start` also thaws it, and starts a thread that has died again. */
export interface StoreThread extends EmbeddedStore {
  /** The store takes connections and answers nobody, like a server that was sent SIGSTOP, until `start` or `stop`. */
  freeze(): Promise<void>;
  /** As it was last asked to be, or as it ended. */
  state(): StoreState;
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

/** What the thread of a store is asked for. */
export interface StoreProtocol extends ThreadProtocol {
  readonly data: Omit<StoreModule, 'name'> & {
    /** One number: 1 while the thread is frozen. */
    readonly frozen: SharedArrayBuffer;
  };
  /** The store's port. */
  readonly ready: number;
  readonly request: 'stop' | 'start' | 'close' | 'freeze';
  readonly answer: void;
}

/**
 * Starts an embedded store in a thread, so that its work doesn't slow down the runtime's, and its outage is only its own.
 *
 * @throws the store's own error, such as EADDRINUSE
 */
export async function startStoreThread(
  store: StoreModule,
  { onFailure = (error) => console.error(error.message), onRevived = () => Promise.resolve() }: StoreThreadOptions = {},
): Promise<StoreThread> {
  let thread = new FreezableThread(store, onFailure);
  const port = await thread.ready();
  let isReady = true;
  let state: Exclude<StoreState, 'ended'> = 'running';
  const become = async (next: typeof state, change: Promise<void>): Promise<void> => {
    await change;
    state = next;
  };
  let reviving: Promise<void> | undefined;
  const revive = async (): Promise<void> => {
    isReady = false;
    if (thread.hasDied) {
      thread = new FreezableThread({ ...store, options: { ...store.options, port } }, onFailure);
      await thread.ready();
    }
    await onRevived();
    isReady = true;
  };
  return {
    port,
    stop: () => become('stopped', thread.callThawed('stop')),
    start: () => {
      if (isReady && !thread.hasDied) return become('running', thread.callThawed('start'));
      reviving ??= become('running', revive()).finally(() => (reviving = undefined));
      return reviving;
    },
    freeze: () => become(state === 'stopped' ? 'stopped' : 'frozen', thread.freeze()), // who is stopped refuses still
    state: () => (thread.hasDied || !isReady ? 'ended' : state),
    close: async () => {
      await reviving?.catch(() => undefined); // whoever started it is told
      await thread.close();
    },
  };
}

class FreezableThread {
  readonly #thread: WorkerThread<StoreProtocol>;
  readonly #isFrozen: Int32Array;
  #isReady = false;
  #isClosing = false;
  /** Whether the thread has ended without being asked to. */
  hasDied = false;

  constructor({ name, ...store }: StoreModule, onFailure: (error: Error) => void) {
    const frozen = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
    this.#isFrozen = new Int32Array(frozen);
    this.#thread = new WorkerThread(ENTRY, {
      data: { ...store, frozen },
      describeEnd: (end) => new Error(`The ${name} store failed: ${end.message}`, { cause: end }),
      onEnded: (end) => {
        this.hasDied = !this.#isClosing;
        if (this.hasDied && this.#isReady) onFailure(end);
      },
    });
  }

  /** Resolves to the store's port. */
  async ready(): Promise<number> {
    const port = await this.#thread.ready;
    this.#isReady = true;
    return port;
  }

  /**
   * Asks for something and thaws the thread. The request is there before the thread wakes up, so it comes before all that
   * the kernel took meanwhile.
   */
  callThawed(command: StoreProtocol['request']): Promise<void> {
    const done = this.#thread.call(command);
    Atomics.store(this.#isFrozen, 0, 0);
    Atomics.notify(this.#isFrozen, 0);
    return done;
  }

  async freeze(): Promise<void> {
    if (Atomics.exchange(this.#isFrozen, 0, 1) === 0) await this.#thread.call('freeze');
  }

  async close(): Promise<void> {
    if (this.#isClosing || this.hasDied) return;
    this.#isClosing = true;
    try {
      await this.callThawed('close');
    } finally {
      await this.#thread.terminate();
    }
  }
}

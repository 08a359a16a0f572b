import { createRequire } from 'node:module';
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { EmbeddedStore } from './embedded-store';
import type { PlainError, StoreMessage, StoreRequest, StoreThreadData } from './store-thread-messages';

// The entry of a store's thread: it starts the store and carries out what `store-thread.ts` asks for.

if (!parentPort) throw new Error('A store thread is a worker thread');
const port = parentPort;
const { file, start, options, frozen } = workerData as StoreThreadData;
const isFrozen = new Int32Array(frozen);

const post = (message: StoreMessage): void => port.postMessage(message);

function plain(error: unknown): PlainError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  return { name: error.name, message: error.message, code: (error as NodeJS.ErrnoException).code };
}

/**
 * Blocks the whole thread until it is thawed, as SIGSTOP does to a server: the kernel goes on accepting connections and
 * bytes, and nobody reads them. What was asked meanwhile is then done before anything that the kernel took, so that a
 * store which is stopped while frozen never carries out what was sent to it then.
 */
function freeze(store: EmbeddedStore): void {
  Atomics.wait(isFrozen, 0, 1);
  for (let next = receiveMessageOnPort(port); next; next = receiveMessageOnPort(port)) {
    answer(store, next.message as StoreRequest);
  }
}

function answer(store: EmbeddedStore, { id, command }: StoreRequest): void {
  if (command === 'freeze') {
    post({ type: 'done', id });
    return freeze(store);
  }
  store[command]().then(
    () => post({ type: 'done', id }),
    (error: unknown) => post({ type: 'done', id, error: plain(error) }),
  );
}

async function main(): Promise<void> {
  try {
    const exported = createRequire(__filename)(file) as Record<string, (options: unknown) => Promise<EmbeddedStore>>;
    const startStore = exported[start];
    if (typeof startStore !== 'function') throw new Error(`${file} exports no function ${start}`);
    const store = await startStore(options);
    port.on('message', (request: StoreRequest) => answer(store, request));
    post({ type: 'started', port: store.port });
  } catch (error) {
    post({ type: 'failed', error: plain(error) });
    port.close();
  }
}

void main();

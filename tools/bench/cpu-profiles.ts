import { WebSocket } from 'undici';

/**
 * What V8's profiler saw of a thread.
 * Source: https://chromedevtools.github.io/devtools-protocol/v8/Profiler/#type-Profile
 */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
  }[];
  /** Which node was on top. */
  readonly samples: readonly number[];
  /** From each sample to the one before, in microseconds. */
  readonly timeDeltas: readonly number[];
}

/** A message of the inspector's: an answer, or an event. */
interface Message {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
  readonly method?: string;
  readonly params?: { readonly sessionId: string; readonly message: string };
}

type Send = (method: string, params?: object) => Promise<unknown>;

/** A sample stops its thread, one that waits too: of some twenty threads, more samples would be most of the work. */
const INTERVAL_US = 2000;

/**
 * Profiles all threads of a process while `work` runs.
 *
 * @param inspector the address of the process's inspector
 */
export async function cpuProfiles(inspector: string, work: () => Promise<unknown>): Promise<CpuProfile[]> {
  const socket = new WebSocket(inspector);
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve);
    socket.addEventListener('error', () => reject(new Error(`no inspector answers at ${inspector}`)));
  });
  try {
    const threads = await openThreads(socket);
    const each = (method: string, params?: object): Promise<unknown[]> =>
      Promise.all(threads.map((send) => send(method, params)));
    await each('Profiler.enable');
    await each('Profiler.setSamplingInterval', { interval: INTERVAL_US });
    await each('Profiler.start');
    await work();
    const stopped = (await each('Profiler.stop')) as { profile: CpuProfile }[];
    return stopped.map(({ profile }) => profile);
  } finally {
    socket.close();
  }
}

/**
 * The main thread, and each worker by way of it.
 * Source: https://github.com/nodejs/node/blob/main/src/inspector/node_protocol.pdl (NodeWorker)
 */
async function openThreads(socket: WebSocket): Promise<Send[]> {
  const waiting = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>();
  const threads: Send[] = [];
  let last = 0;
  const sender =
    (write: (message: string) => unknown): Send =>
    (method, params = {}) =>
      new Promise((resolve, reject) => {
        last += 1;
        waiting.set(last, { resolve, reject });
        write(JSON.stringify({ id: last, method, params }));
      });
  const main = sender((message) => socket.send(message));
  const receive = (text: string): void => {
    const { id, result, error, method, params } = JSON.parse(text) as Message;
    if (id !== undefined) {
      if (error) waiting.get(id)?.reject(new Error(`the inspector refused: ${error.message}`));
      else waiting.get(id)?.resolve(result);
      waiting.delete(id);
    }
    if (!params) return;
    const { sessionId, message: inner } = params;
    if (method === 'NodeWorker.receivedMessageFromWorker') receive(inner);
    if (method === 'NodeWorker.attachedToWorker')
      threads.push(sender((message) => main('NodeWorker.sendMessageToWorker', { sessionId, message })));
  };
  socket.addEventListener('close', () => {
    for (const { reject } of waiting.values()) reject(new Error('the process that is profiled has ended'));
  });
  socket.addEventListener('message', ({ data }) => receive(String(data)));
  await main('NodeWorker.enable', { waitForDebuggerOnStart: false });
  return [main, ...threads];
}

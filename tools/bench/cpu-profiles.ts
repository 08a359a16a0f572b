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

/** Sends a command to a thread. It gives undefined where the thread ends before it answers. */
type Send = (method: string, params?: object) => Promise<unknown>;

/** A command that isn't answered yet. */
interface Waiting {
  /** The worker's, if it is for one. */
  readonly session: string | undefined;
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** A sample stops its thread, one that waits too: of some twenty threads, more samples would be most of the work. */
const INTERVAL_US = 2000;

/**
 * Profiles all threads of a process while `work` runs, without those that end meanwhile.
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
    const stopped = (await each('Profiler.stop')) as ({ profile: CpuProfile } | undefined)[];
    return stopped.flatMap((thread) => thread?.profile ?? []);
  } finally {
    socket.close();
  }
}

/**
 * The main thread, and each worker by way of it.
 * Source: https://github.com/nodejs/node/blob/main/src/inspector/node_protocol.pdl (NodeWorker)
 */
async function openThreads(socket: WebSocket): Promise<Send[]> {
  const waiting = new Map<number, Waiting>();
  const threads: Send[] = [];
  const ended = new Set<string>();
  let last = 0;
  const sender =
    (write: (message: string) => unknown, session?: string): Send =>
    (method, params = {}) =>
      new Promise((resolve, reject) => {
        if (session !== undefined && ended.has(session)) return resolve(undefined);
        last += 1;
        waiting.set(last, { session, resolve, reject });
        write(JSON.stringify({ id: last, method, params }));
      });
  const end = (thread: string): void => {
    ended.add(thread);
    for (const [id, { session, resolve }] of waiting) {
      if (session !== thread) continue;
      waiting.delete(id);
      resolve(undefined);
    }
  };
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
      threads.push(sender((message) => main('NodeWorker.sendMessageToWorker', { sessionId, message }), sessionId));
    if (method === 'NodeWorker.detachedFromWorker') end(sessionId);
  };
  socket.addEventListener('close', () => {
    for (const { reject } of waiting.values()) reject(new Error('the process that is profiled has ended'));
  });
  socket.addEventListener('message', ({ data }) => receive(String(data)));
  await main('NodeWorker.enable', { waitForDebuggerOnStart: false });
  return [main, ...threads];
}

import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { type Call, type PlainError, START, type ThreadMessage, type ThreadProtocol } from './protocol';

/** The owner of this thread, as the thread sees it. */
export interface ThreadOwner<Note> {
  tell(note: Note): void;
  /** Begins with the calls that have come meanwhile, before anything else that the thread would turn to next. */
  takeWaiting(): void;
}

/** What a thread does once it has started. */
export interface ThreadService<Protocol extends ThreadProtocol> {
  readonly ready: Protocol['ready'];
  /** Carries out a call; the owner is told what it throws in the answer's place. */
  handle(request: Protocol['request'], answer: (value: Protocol['answer']) => void): Promise<void>;
}

/** Makes this thread one that a `WorkerThread` owns, which is also told where `start` fails. */
export async function serveThread<Protocol extends ThreadProtocol>(
  start: (
    data: Protocol['data'],
    owner: ThreadOwner<Protocol['note']>,
  ) => Promise<ThreadService<Protocol>> | ThreadService<Protocol>,
): Promise<void> {
  if (!parentPort) throw new Error('Only a worker thread has an owner');
  const port = parentPort;
  let service: ThreadService<Protocol>;
  const post = (message: ThreadMessage): void => port.postMessage(message);
  const answerTo = (id: number) => (answer: unknown) => post({ id, answer });
  const refuse = (id: number, error: unknown): void => post({ id, error: plain(error) });
  const handle = ({ id, request }: Call<Protocol['request']>): void =>
    void service.handle(request, answerTo(id)).catch((error: unknown) => refuse(id, error));
  const takeWaiting = (): void => {
    for (let next = receiveMessageOnPort(port); next; next = receiveMessageOnPort(port)) handle(next.message as never);
  };
  try {
    service = await start(workerData as Protocol['data'], { tell: (note) => post({ note }), takeWaiting });
    port.on('message', handle);
    answerTo(START)(service.ready);
  } catch (error) {
    refuse(START, error);
  }
}

function plain(error: unknown): PlainError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  return { name: error.name, message: error.message, code: (error as NodeJS.ErrnoException).code };
}

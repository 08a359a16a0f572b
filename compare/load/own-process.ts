import { fork } from 'node:child_process';
import path from 'node:path';
import { projectRoot } from '../../local/project-root';

/** The end of what a process printed, in which an error shows. */
const KEPT = 4000;

/** A process of this folder that talks to its parent. */
export interface OwnProcess<Sent, Received> {
  send(message: Sent): void;
  /** @throws Error in one line where the process ends before it says something */
  next(): Promise<Received>;
  /** Ends it, and waits until it has. */
  close(): Promise<void>;
}

/** @param file a module of this folder, such as `generator.js`; it runs compiled, as processes can't load TypeScript */
export function startOwnProcess<Sent extends object, Received>(file: string, name: string): OwnProcess<Sent, Received> {
  const child = fork(path.join(projectRoot(), 'dist', 'compare', 'load', file), {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'], // a function that is called here logs each call,
  });
  let printed = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    printed = (printed + text).slice(-KEPT);
  });
  const ended = new Promise<Error>((resolve) => {
    child.once('error', (error) => resolve(new Error(`${name} can't be started: ${error.message}`)));
    // Not its event `close`, which isn't emitted once the parent has disconnected.
    const isRead = new Promise((read) => child.stderr?.once('close', read));
    child.once('exit', (code, signal) => {
      void isRead.then(() => resolve(new Error(`${name} ended with ${signal ?? `code ${code}`}${errorIn(printed)}`)));
    });
  });

  return {
    // Whoever can't be reached has ended, which `next` tells.
    send: (message) => void child.send(message, () => undefined),
    next: () =>
      new Promise((resolve, reject) => {
        const take = (message: unknown): void => resolve(message as Received);
        child.once('message', take);
        void ended.then((error) => {
          child.off('message', take);
          reject(error);
        });
      }),
    async close() {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}

/** The line of a stack trace, or of a fatal error, that says what happened. */
function errorIn(printed: string): string {
  const line = printed.split('\n').find((each) => /(?:Error|ERROR)(?: \[\w+\])?:/.test(each));
  return line === undefined ? '' : `: ${line.trim()}`;
}

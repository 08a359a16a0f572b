import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 5000;
/** The end of what a server printed, in which an error shows. */
const KEPT = 500;

export interface RunningServer {
  close(): Promise<void>;
}

export interface ServerCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Where it will listen, on 127.0.0.1. */
  readonly port: number;
}

/**
 * Starts a server and waits until it listens.
 *
 * @throws Error with the end of what it printed where it doesn't
 */
export async function startServer({ file, args, env, cwd, port }: ServerCommand): Promise<RunningServer> {
  // A process group of its own: its workers end with it.
  const child = spawn(file, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let printed = '';
  const keep = (text: Buffer): void => void (printed = (printed + text.toString()).slice(-KEPT));
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  let isRunning = true;
  const ended = new Promise<void>((resolve) => {
    child.once('error', (error) => keep(Buffer.from(error.message))).once('error', () => resolve());
    child.once('exit', () => resolve());
  }).then(() => void (isRunning = false));
  const end = (signal: NodeJS.Signals): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal);
    } catch {
      // The group has ended.
    }
  };
  const close = async (): Promise<void> => {
    end('SIGTERM');
    await Promise.race([ended, delay(STOP_TIMEOUT_MS, undefined, { ref: false })]);
    end('SIGKILL');
    await ended;
  };

  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await listens(port))) {
    if (!isRunning || Date.now() > deadline) {
      await close();
      throw new Error(`it doesn't listen: ${printed.trim()}`);
    }
    await delay(100);
  }
  return { close };
}

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../free-port';
import type { Emulator } from './emulators';

/** How long an emulator may take to become ready, and to end after a signal. */
const START_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 5000;

export interface RunningEmulator {
  readonly endpoint: string;
  close(): Promise<void>;
}

/**
 * Starts an installed emulator on a free loopback port.
 *
 * @throws Error with the end of what it printed when it doesn't become ready
 */
export async function startEmulator(
  emulator: Emulator,
  options: { commands: string; folder: string; signal: AbortSignal },
): Promise<RunningEmulator> {
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const { file, args, env } = emulator.command({ port, folder: options.folder });
  const log = path.join(options.folder, `${emulator.name}-${port}.log`);
  // A process group of its own: emulators start servers, which end with it.
  const child = spawn(path.join(options.commands, file), args, {
    cwd: options.folder,
    env: { ...process.env, ...env, PATH: `${options.commands}:${process.env['PATH'] ?? ''}` },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const printed = createWriteStream(log);
  child.stdout.pipe(printed, { end: false });
  child.stderr.pipe(printed, { end: false });
  let running = true;
  const ended = new Promise<void>((resolve) => {
    const end = (): void => {
      running = false;
      printed.end(resolve);
    };
    child.once('error', end).once('exit', end);
  });
  const killGroup = (signal: NodeJS.Signals): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal);
    } catch {
      // The group has ended.
    }
  };
  const close = async (): Promise<void> => {
    killGroup('SIGTERM');
    await Promise.race([ended, delay(STOP_TIMEOUT_MS, undefined, { ref: false })]);
    killGroup('SIGKILL');
    await ended;
  };

  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await answers(endpoint + emulator.healthPath))) {
    if (!running || Date.now() > deadline || options.signal.aborted) {
      await close();
      options.signal.throwIfAborted();
      throw new Error(`${emulator.name} did not become ready: ${(await readFile(log, 'utf8')).slice(-500).trim()}`);
    }
    await delay(250);
  }
  return { endpoint, close };
}

async function answers(url: string): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(5000) }).catch(() => undefined);
  return response?.ok === true;
}

import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../lib/project-root';
import { freePort } from '../free-port';

/** The system in a process group of its own, as `npm start` runs it. */
export interface System {
  readonly port: number;
  /** From `npm start` to its "Ready", milliseconds. */
  readonly readyMs: number;
  /** The address of the embedded DynamoDB, and its table. */
  dynamo(): Promise<{ host: string; port: number; table: string }>;
  /** Sockets that the runtime's processes have open. Linux only. */
  openSockets(): number;
  /** Resident memory of all processes together, bytes. Linux only. */
  residentBytes(): number;
  /** Processor time of all processes together since their start, milliseconds. Linux only. */
  processorMs(): number;
  /**
   * Opens Node's inspector in the process that answers. Linux only.
   *
   * @returns its address: settings with {@link ANY_INSPECTOR_PORT} let several systems have one
   */
  inspector(): Promise<string>;
  stop(): Promise<void>;
}

/** A setting of a system: else the port of its inspector is the same for all. */
export const ANY_INSPECTOR_PORT = { NODE_OPTIONS: '--inspect-port=0' };

/**
 * Runs `npm start` on a free port.
 *
 * @param root the project's folder. @default - this one
 * @param signal ends a start. @default - nothing does
 * @throws Error with what it printed when it ends before it is ready
 */
export async function startSystem(
  settings: Readonly<Record<string, string>>,
  { root = projectRoot(), signal }: { readonly root?: string; readonly signal?: AbortSignal } = {},
): Promise<System> {
  signal?.throwIfAborted();
  const port = await freePort();
  const began = performance.now();
  const npm = spawn('npm', ['start'], {
    cwd: root,
    detached: true,
    env: { ...process.env, PATH: pathOfThisNode(), ...settings, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const group = npm.pid ?? 0;
  const ended = new Promise<void>((resolve) => npm.once('close', () => resolve()));
  const stop = (): boolean => process.kill(-group, 'SIGINT');
  signal?.addEventListener('abort', stop);
  const until = watch(npm);
  try {
    await until(/Ready/);
  } finally {
    signal?.removeEventListener('abort', stop);
  }
  const readyMs = performance.now() - began;
  return {
    port,
    readyMs,
    dynamo: async () => {
      const endpoint = `http://127.0.0.1:${port}`;
      const stores = (await (await fetch(`${endpoint}/_local/stores`)).json()) as Record<
        string,
        { host: string; port: number }
      >;
      const { host = '', port: dynamoPort = 0 } = stores['dynamo'] ?? {};
      return { host, port: dynamoPort, table: await onlyTable(host, dynamoPort) };
    },
    openSockets: () => processesOf(group).reduce((sum, pid) => sum + socketsOf(pid), 0),
    residentBytes: () => processesOf(group).reduce((sum, pid) => sum + residentOf(pid), 0),
    processorMs: () => processesOf(group).reduce((sum, pid) => sum + processorMsOf(pid), 0),
    inspector: async () => {
      const [answering] = processesOf(group).filter((pid) => argumentsOf(pid)[1] === 'dist/bin/start.js');
      if (answering === undefined) throw new Error('npm start runs no dist/bin/start.js');
      process.kill(answering, 'SIGUSR1'); // https://nodejs.org/api/debugger.html
      const [, address = ''] = await until(/Debugger listening on (ws:\S+)/);
      return address;
    },
    stop: async () => {
      stop();
      await ended;
    },
  };
}

/** So that `npm` and the scripts run the Node that runs this, whichever one a shell would find. */
export function pathOfThisNode(): string {
  return [path.dirname(process.execPath), process.env['PATH'] ?? ''].join(path.delimiter);
}

/** Waits for what a process prints, from its start on. It rejects, with all of that, where it ends before. */
function watch(npm: ChildProcess): (pattern: RegExp) => Promise<RegExpExecArray> {
  let printed = '';
  const collect = (chunk: Buffer): void => void (printed += chunk.toString('utf8'));
  npm.stdout?.on('data', collect);
  npm.stderr?.on('data', collect);
  return (pattern) =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const match = pattern.exec(printed);
        if (match) resolve(match);
      };
      npm.stdout?.on('data', look);
      npm.stderr?.on('data', look);
      npm.once('close', () => reject(new Error(`npm start ended:\n${printed}`)));
      look();
    });
}

async function onlyTable(host: string, port: number): Promise<string> {
  const response = await fetch(`http://${host}:${port}/`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-amz-json-1.0',
      'X-Amz-Target': 'DynamoDB_20120810.ListTables',
      Authorization:
        'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
      'X-Amz-Date': '20260101T000000Z',
    },
    body: '{}',
  });
  const { TableNames: [table = ''] = [] } = (await response.json()) as { TableNames?: string[] };
  return table;
}

/** The processes of a group, from the field `pgrp` of /proc/<pid>/stat. */
function processesOf(group: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return Number(statOf(pid)[2]) === group;
      } catch {
        return false; // it has ended since
      }
    });
}

function argumentsOf(pid: number): string[] {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
}

/** The fields of /proc/<pid>/stat from the third on: earlier ones may contain blanks. */
function statOf(pid: number): string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/** `utime` and `stime`, which count in hundredths of a second. */
function processorMsOf(pid: number): number {
  const [user = 0, system = 0] = statOf(pid).slice(11, 13).map(Number);
  return (user + system) * 10;
}

function residentOf(pid: number): number {
  const [, kibibytes = '0'] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kibibytes) * 1024;
}

function socketsOf(pid: number): number {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).filter((descriptor) => {
    try {
      return readlinkSync(`${folder}/${descriptor}`).startsWith('socket:');
    } catch {
      return false; // it has been closed since
    }
  }).length;
}

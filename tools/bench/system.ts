import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
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
  stop(): Promise<void>;
}

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
    env: { ...process.env, ...settings, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const group = npm.pid ?? 0;
  const ended = new Promise<void>((resolve) => npm.once('close', () => resolve()));
  const stop = (): boolean => process.kill(-group, 'SIGINT');
  signal?.addEventListener('abort', stop);
  try {
    await untilReady(npm);
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
    stop: async () => {
      stop();
      await ended;
    },
  };
}

async function untilReady(npm: ChildProcess): Promise<void> {
  let printed = '';
  await new Promise<void>((resolve, reject) => {
    const collect = (chunk: Buffer): void => {
      printed += chunk.toString('utf8');
      if (printed.includes('Ready')) resolve();
    };
    npm.stdout?.on('data', collect);
    npm.stderr?.on('data', collect);
    npm.once('close', () => reject(new Error(`npm start ended:\n${printed}`)));
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

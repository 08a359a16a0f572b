import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Counts } from '../../compare/exactness';
import { projectRoot } from '../../lib/project-root';

/** What the suite reports of one case. */
export interface CaseReport {
  readonly store: string;
  readonly server: string;
  readonly fault: string;
  readonly mode: string;
  /** Whether the calls had idempotency keys. */
  readonly keyed: boolean;
  readonly counts: Counts;
  /** How many keys' outcomes were unknown until a repeat was answered. @default - there are no keys */
  readonly settled?: number;
  /** Each starts with the broken rule. */
  readonly violations: readonly string[];
  readonly recovery: readonly string[];
  readonly connections: { readonly afterwards: number };
}

/** What the suite reports of one measurement under contention. */
export interface ContentionReport {
  readonly contention: string;
  readonly server: string;
  readonly way: string;
  readonly counted: number;
  readonly calls: number;
  readonly attempts: number;
  readonly seconds: number;
  readonly broken: Readonly<Record<string, number>>;
}

export interface SuiteOptions {
  /** Test files, as a regular expression. */
  readonly files: string;
  /** Names of tests, as a regular expression. @default - all of those files */
  readonly tests?: string | undefined;
  /** A checkout of the project. @default - this one */
  readonly folder?: string;
  /** @default - this process's */
  readonly env?: NodeJS.ProcessEnv;
  /** Collects Jest's output for the result. @default - it is shown */
  readonly isQuiet?: boolean;
  /** Stops the suite. @default - it runs to its end */
  readonly signal?: AbortSignal;
}

export interface SuiteRun {
  readonly reports: readonly (CaseReport | ContentionReport)[];
  /** Jest's exit code: not 0 if a test failed. */
  readonly status: number | null;
  /** Jest's output, if collected. */
  readonly output: string;
}

/**
 * Runs tests that report what they measured.
 *
 * @throws Error when Jest can't be started; the signal's reason when aborted
 */
export async function runSuite({
  files,
  tests,
  folder = projectRoot(),
  env = process.env,
  isQuiet = false,
  signal,
}: SuiteOptions): Promise<SuiteRun> {
  const scratch = mkdtempSync(path.join(tmpdir(), 'reliability-'));
  const report = path.join(scratch, 'cases.jsonl');
  try {
    writeFileSync(report, '');
    const jest = spawn(
      process.execPath,
      [
        path.join('node_modules', 'jest', 'bin', 'jest.js'),
        files,
        ...(tests === undefined ? [] : ['--testNamePattern', tests]),
        '--verbose',
        '--runInBand',
      ],
      { cwd: folder, stdio: isQuiet ? 'pipe' : 'inherit', env: { ...env, RELIABILITY_REPORT: report } },
    );
    let output = '';
    for (const stream of [jest.stdout, jest.stderr])
      stream?.on('data', (bytes: Buffer) => (output += bytes.toString()));
    const stop = (): boolean => jest.kill();
    signal?.addEventListener('abort', stop);
    const status = await new Promise<number | null>((resolve, reject) => {
      jest.once('error', reject);
      jest.once('close', resolve);
    });
    signal?.removeEventListener('abort', stop);
    signal?.throwIfAborted();
    const lines = readFileSync(report, 'utf8').split('\n').filter(Boolean);
    return { status, output, reports: lines.map((line) => JSON.parse(line) as CaseReport | ContentionReport) };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

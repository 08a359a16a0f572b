import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { projectRoot } from '../lib/project-root';
import { reportErrors } from './command-line';
import { writeTable } from './markdown-table';

/**
 * `npm run reliability`: runs the matrix of stores, modes and faults, and writes its tables into docs/reliability.md. The
 * servers are the embedded ones, and those that the URL settings point to.
 */

const PAGE = path.join('docs', 'reliability.md');

const STORE_NAMES: Readonly<Record<string, string>> = {
  dynamo: 'DynamoDB',
  redis: 'Redis',
  momento: 'Momento',
  docdb: 'DocumentDB',
  tidb: 'TiDB',
};

/** What the suite reports of one measurement under contention. */
interface ContentionReport {
  readonly contention: string;
  readonly server: string;
  readonly way: string;
  readonly counted: number;
  readonly calls: number;
  readonly attempts: number;
  readonly seconds: number;
  readonly broken: Readonly<Record<string, number>>;
}

/** What the suite reports of one case. */
interface CaseReport {
  readonly store: string;
  readonly server: string;
  readonly fault: string;
  readonly mode: string;
  readonly counts: Readonly<Record<'attempted' | 'counted' | 'refused' | 'notApplied' | 'unknown', number>>;
  readonly violations: readonly string[];
  readonly recovery: readonly string[];
  readonly connections: { readonly afterwards: number };
}

const CONTENTION_HEAD = [
  'store',
  'server',
  'increments by',
  'counted',
  'attempts each',
  'calls each',
  'seconds',
  'verdict',
];

const FAULTS_HEAD = [
  'store',
  'server',
  'fault',
  'attempted',
  'counted',
  'refused',
  'not applied',
  'unknown',
  'verdict',
];

const RUN_HEAD = ['begun (UTC)', 'node', 'processors', 'load when it began', 'load when it ended', 'cases'];

async function main(): Promise<void> {
  const begun = new Date().toISOString().slice(0, 16).replace('T', ' ');
  const loadBefore = load();
  const folder = mkdtempSync(path.join(tmpdir(), 'reliability-'));
  const report = path.join(folder, 'cases.jsonl');
  try {
    writeFileSync(report, '');
    const status = await runSuite(report);
    const lines = readFileSync(report, 'utf8').split('\n').filter(Boolean);
    if (lines.length === 0) throw new Error('The suite reported nothing: see its output above');
    const reports = lines.map((line) => JSON.parse(line) as CaseReport | ContentionReport);
    const machine = [process.version, String(cpus().length), loadBefore, load()];
    writeTable(PAGE, 'run', [RUN_HEAD, [begun, ...machine, String(lines.length)]]);
    writeTable(PAGE, 'faults', [FAULTS_HEAD, ...faultRows(reports.filter((report) => 'fault' in report))]);
    writeTable(PAGE, 'contention', [
      CONTENTION_HEAD,
      ...reports.filter((report) => 'contention' in report).map(contentionRow),
    ]);
    console.log(`${lines.length} cases, tables written to ${PAGE}`);
    if (status !== 0) throw new Error(`The suite ended with ${status}: see its output above`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Of the last minute: how many processes wanted a processor. */
function load(): string {
  return (loadavg()[0] ?? NaN).toFixed(1);
}

function runSuite(report: string): Promise<number | null> {
  const jest = spawn(
    process.execPath,
    [path.join('node_modules', 'jest', 'bin', 'jest.js'), 'fault-matrix|contention', '--verbose', '--runInBand'],
    { cwd: projectRoot(), stdio: 'inherit', env: { ...process.env, RELIABILITY_REPORT: report } },
  );
  return new Promise((resolve, reject) => {
    jest.once('error', reject);
    jest.once('close', resolve);
  });
}

function contentionRow(report: ContentionReport): string[] {
  const { contention, server, way, counted, calls, attempts, seconds, broken } = report;
  const each = (total: number): string => (total / counted).toFixed(1);
  const rules = Object.entries(broken).map(([rule, times]) => `${rule} (${times})`);
  const verdict = rules.length === 0 ? 'exact' : `broken: ${rules.join(', ')}`;
  return [contention, server, way, String(counted), each(attempts), each(calls), seconds.toFixed(1), verdict];
}

/** One row for each store, server and fault: both modes together. */
function faultRows(cases: readonly CaseReport[]): string[][] {
  const groups = new Map<string, CaseReport[]>();
  for (const one of cases) {
    const key = [one.store, one.server, one.fault].join();
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const order = (server: string): number => (server === 'embedded' ? 0 : 1);
  return [...groups.values()]
    .sort(([a], [b]) => storeOrder(a) - storeOrder(b) || order(a?.server ?? '') - order(b?.server ?? ''))
    .map((group) => {
      const sum = (field: keyof CaseReport['counts']): string =>
        String(group.reduce((total, { counts }) => total + counts[field], 0));
      const { store = '', server = '', fault = '' } = group[0] ?? {};
      const counts = (['attempted', 'counted', 'refused', 'notApplied', 'unknown'] as const).map(sum);
      return [STORE_NAMES[store] ?? store, server, fault, ...counts, verdictOf(group)];
    });
}

function storeOrder(one: CaseReport | undefined): number {
  return Object.keys(STORE_NAMES).indexOf(one?.store ?? '');
}

function verdictOf(group: readonly CaseReport[]): string {
  const faults = group.flatMap(({ violations, recovery, connections, mode }) => [
    ...violations.map((violation) => `${mode}: ${violation}`),
    ...(recovery.join() === 'incremented' ? [] : [`${mode}: not recovered`]),
    ...(connections.afterwards === 0 ? [] : [`${mode}: ${connections.afterwards} connections left`]),
  ]);
  return faults.length === 0 ? 'exact' : faults.join('; ').replaceAll('|', '\\|');
}

reportErrors(main());

import { cpus, loadavg } from 'node:os';
import path from 'node:path';
import { refuse, STORE_NAMES as STORES } from '../../lib/configuration';
import { startProgress } from '../../local/progress';
import { readTable, writeTable } from '../markdown-table';
import { namedServers } from '../test-stores/find-servers';
import { runSuite } from './reports';
import {
  CONTENTION_HEAD,
  contentionRow,
  faultRows,
  FAULTS_HEAD,
  KEYED_FAULTS_HEAD,
  keyedFaultRows,
  mergeRows,
  RUN_HEAD,
} from './tables';

const PAGE = path.join('docs', 'reliability.md');

/**
 * `npm run reliability [-- PATTERN]`: runs the matrix of stores, modes and faults, with keys and without, or those of its
 * tests whose names match the pattern, and writes its tables into docs/reliability.md. The servers are the embedded ones, and those that
 * the URL settings point to; rows of other servers stay, with the run that they came from.
 */
export async function runReliability([tests]: readonly string[]): Promise<void> {
  const started = new Date().toISOString().slice(5, 16).replace('T', ' '); // short: it names the run in every row
  const loadBefore = load();
  const problems: string[] = [];
  const { say } = startProgress();
  say('Asking the servers of the URLs …');
  await namedServers(STORES, process.env, problems);
  refuse(problems);
  say('Running the fault matrix: each of its files prints its tests as it ends …');
  const { reports, status } = await runSuite({ files: 'fault-matrix|contention', tests });
  if (reports.length === 0) throw new Error('The suite reported nothing: see its output above');

  // A suite that was cut has measured a part: what it has not measured stays.
  const isWhole = tests === undefined && status === 0;
  const cases = reports.filter((report) => 'fault' in report);
  const contentions = reports.filter((report) => 'contention' in report);
  const faults = mergeRows(readTable(PAGE, 'faults'), faultRows(cases, started), isWhole);
  const keyedFaults = mergeRows(readTable(PAGE, 'keyed-faults'), keyedFaultRows(cases, started), isWhole);
  const contention = mergeRows(
    readTable(PAGE, 'contention'),
    contentions.map((report) => contentionRow(report, started)),
    isWhole,
  );
  const run = [started, process.version, String(cpus().length), loadBefore, load(), String(reports.length)];
  const named = new Set([...faults, ...keyedFaults, ...contention].map((row) => row.at(-1)));
  const runs = [...readTable(PAGE, 'run').filter(([when]) => when !== started && named.has(when)), run];
  writeTable(PAGE, 'run', [RUN_HEAD, ...runs]);
  writeTable(PAGE, 'faults', [FAULTS_HEAD, ...faults]);
  writeTable(PAGE, 'keyed-faults', [KEYED_FAULTS_HEAD, ...keyedFaults]);
  writeTable(PAGE, 'contention', [CONTENTION_HEAD, ...contention]);
  console.log(`${reports.length} cases, tables written to ${PAGE}`);
  if (status !== 0) throw new Error(`The suite ended with ${status}: see its output above`);
}

/** The average number of processes that wanted a processor in the last minute. */
function load(): string {
  return (loadavg()[0] ?? NaN).toFixed(1);
}

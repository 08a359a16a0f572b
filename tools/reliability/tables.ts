import { STORE_TITLES } from '../../lib/stores/store';
import type { CaseReport, ContentionReport } from './reports';

/** Of the matrix's subjects: the stores, and striped counters in a name that a column has room for. */
export const STORE_NAMES: Readonly<Record<string, string>> = {
  ...STORE_TITLES,
  'dynamo over 4 shards': `${STORE_TITLES.dynamo}×4`,
};

export const RUN_HEAD = ['started (UTC)', 'node', 'processors', 'load at the start', 'load at the end', 'cases'];

/** The first three columns identify a row, the last one names the run. */
export const FAULTS_HEAD = [
  'store',
  'server',
  'fault',
  'counted',
  'refused',
  'not applied',
  'unknown',
  'verdict',
  'run',
];

/** The same, where a quarter of the calls repeat others. 503 is not applied, 504 unknown: a table is 120 characters wide. */
export const KEYED_FAULTS_HEAD = [
  'store',
  'server',
  'fault',
  'counted',
  'replayed',
  '503',
  '504',
  'settled',
  'verdict',
  'run',
];

export const CONTENTION_HEAD = [
  'store',
  'server',
  'increments by',
  'counted',
  'attempts',
  'calls',
  'seconds',
  'verdict',
  'run',
];

type Row = readonly string[];

/** Faults whose names are too wide for a column. */
const FAULT_TITLES: Readonly<Record<string, string>> = {
  'cut after the write, before its answer': 'cut after the write',
  'stream reset after the write': 'stream reset',
  'sent away after the write': 'GOAWAY',
};

/** A fault's name in the tables. */
export function faultTitle(fault: string): string {
  return FAULT_TITLES[fault] ?? fault;
}

/** One row for each store, server and fault of the cases without keys: both modes together. */
export function faultRows(cases: readonly CaseReport[], run: string): Row[] {
  return rowsOf(
    cases.filter(({ keyed }) => !keyed),
    ({ counts }) => [counts.counted, counts.refused, counts.notApplied, counts.unknown],
    run,
  );
}

/** The same of the cases with keys. */
export function keyedFaultRows(cases: readonly CaseReport[], run: string): Row[] {
  return rowsOf(
    cases.filter(({ keyed }) => keyed),
    ({ counts, settled = 0 }) => [counts.counted, counts.replayed ?? 0, counts.notApplied, counts.unknown, settled],
    run,
  );
}

function rowsOf(cases: readonly CaseReport[], figuresOf: (one: CaseReport) => readonly number[], run: string): Row[] {
  const groups = new Map<string, [CaseReport, ...CaseReport[]]>();
  for (const one of cases) {
    const key = [one.store, one.server, one.fault].join();
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return Array.from(groups.values(), (group) => {
    const [{ store, server, fault }] = group;
    const sums = group
      .map(figuresOf)
      .reduce((totals, figures) => totals.map((total, at) => total + (figures[at] ?? 0)));
    return [STORE_NAMES[store] ?? store, server, faultTitle(fault), ...sums.map(String), verdictOf(group), run];
  });
}

function verdictOf(group: readonly CaseReport[]): string {
  const faults = group.flatMap(({ violations, recovery, connections, mode }) => [
    ...violations.map((violation) => `${mode}: ${violation}`),
    ...(recovery.join() === 'incremented' ? [] : [`${mode}: not recovered`]),
    ...(connections.afterwards === 0 ? [] : [`${mode}: ${connections.afterwards} connections left`]),
  ]);
  return faults.length === 0 ? 'exact' : faults.join('; ').replaceAll('|', '\\|');
}

export function contentionRow(report: ContentionReport, run: string): Row {
  const { contention, server, way, counted, calls, attempts, seconds, broken } = report;
  const each = (total: number): string => (total / counted).toFixed(1);
  const rules = Object.entries(broken).map(([rule, times]) => `${rule} ${times}`);
  const verdict = rules.length === 0 ? 'exact' : rules.join(', ');
  return [contention, server, way, String(counted), each(attempts), each(calls), seconds.toFixed(1), verdict, run];
}

/**
 * Updates a table with new measurements, by store, embedded servers first. Rows not measured this time stay, with the
 * run that they came from.
 *
 * @param isWhole whether everything was measured on a server: then none of its old rows stays
 */
export function mergeRows(old: readonly Row[], measured: readonly Row[], isWhole: boolean): Row[] {
  const names = Object.values(STORE_NAMES);
  const serverOf = (row: Row): string => row.slice(0, 2).join();
  const keyOf = (row: Row): string => row.slice(0, 3).join();
  const place = (row: Row): number => 2 * names.indexOf(row[0] ?? '') + (row[1] === 'embedded' ? 0 : 1);
  const servers = new Set(measured.map(serverOf));
  const kept = isWhole ? old.filter((row) => !servers.has(serverOf(row))) : old;
  const rows = new Map([...kept, ...measured].map((row) => [keyOf(row), row]));
  return [...rows.values()].sort((a, b) => place(a) - place(b));
}

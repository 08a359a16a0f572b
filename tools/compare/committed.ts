import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  type CellKey,
  type Comparison,
  type MeasuredServer,
  parseComparison,
  parseShards,
  type ShardComparison,
} from '../../compare/report';
import { projectRoot } from '../../lib/project-root';
import { DEFAULT_OUTPUT } from './options';
import { describeCell } from './plan';

/** The parts of a report that a smaller one would delete. */
export interface Parts {
  readonly cells?: readonly CellKey[];
  readonly servers?: Readonly<Record<string, MeasuredServer>>;
  readonly hasSlo?: boolean;
  readonly shards?: readonly number[];
}

/**
 * What the report in a folder of docs/ has, and a new one lacks: that report is the project's, and keeps what was measured.
 * A report elsewhere is replaced.
 *
 * @returns in words, such as `redis, conditional, 32 callers`
 */
export function lostFrom(folder: string, parts: Parts): string[] {
  if (!isCommitted(folder)) return [];
  const has = new Set(partsInWords(parts));
  return partsInWords(committedParts(folder, parts.shards === undefined ? 'comparison.json' : 'shards.json')).filter(
    (part) => !has.has(part),
  );
}

/** One line on what a folder's report would lose. */
export function lossText(folder: string, lost: readonly string[]): string {
  const more = lost.length > 1 ? ` and ${lost.length - 1} more` : '';
  return `${folder} has what this run doesn't measure: ${lost[0]}${more}`;
}

/**
 * The folder for a report that was measured: another one where an interrupted one would delete something.
 *
 * @param isPartial whether the measurement was interrupted
 */
export function outputFor(folder: string, isPartial: boolean): string {
  if (!isPartial || !isCommitted(folder)) return folder;
  console.error(`${folder} stays as it is: an interrupted measurement goes to ${DEFAULT_OUTPUT}/`);
  return DEFAULT_OUTPUT;
}

export function partsOf(report: Comparison | ShardComparison): Parts {
  return 'kind' in report
    ? { shards: report.cells.map(({ shards }) => shards) }
    : { cells: report.cells, servers: report.servers, hasSlo: report.slo !== undefined };
}

function isCommitted(folder: string): boolean {
  return !path.relative(path.join(projectRoot(), 'docs'), path.resolve(folder)).startsWith('..');
}

function committedParts(folder: string, name: string): Parts {
  const file = path.join(folder, name);
  if (!existsSync(file)) return {};
  const text = readFileSync(file, 'utf8');
  return partsOf(name === 'shards.json' ? parseShards(text, file) : parseComparison(text, file));
}

function partsInWords({ cells = [], servers = {}, hasSlo = false, shards = [] }: Parts): string[] {
  return [
    ...cells.map(describeCell),
    // What is measured on the embedded one only is less than on a server.
    ...Object.entries(servers).flatMap(([store, { kind }]) => (kind === 'stand-in' ? [] : [`the server of ${store}`])),
    ...(hasSlo ? ['the highest rates (--slo)'] : []),
    ...shards.map((count) => `${count} shards`),
  ];
}

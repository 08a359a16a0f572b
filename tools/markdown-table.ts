import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../lib/project-root';

/**
 * Writes a table between a page's marker comments.
 *
 * @param page its path from the project's root
 * @param rows the head first
 * @throws Error when the page lacks the comments
 */
export function writeTable(page: string, name: string, rows: readonly (readonly string[])[]): void {
  const { file, before, after } = partsOf(page, name);
  writeFileSync(file, `${before}\n\n${markdownTable(rows)}\n\n${after}`);
}

/**
 * Reads such a table.
 *
 * @returns its rows in the form that {@link writeTable} takes, without the head
 * @throws Error when the page lacks the comments
 */
export function readTable(page: string, name: string): string[][] {
  const lines = partsOf(page, name)
    .table.split('\n')
    .filter((line) => line.startsWith('|'));
  const cells = (line: string): string[] => line.split(/(?<!\\)\|/).slice(1, -1);
  return lines.slice(2).map((line) => cells(line).map((cell) => cell.trim()));
}

function partsOf(page: string, name: string): { file: string; before: string; table: string; after: string } {
  const file = path.join(projectRoot(), page);
  const text = readFileSync(file, 'utf8');
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${page} must have the lines ${begin} and ${end} around its table`);
  const top = from + begin.length;
  return { file, before: text.slice(0, top), table: text.slice(top, to), after: text.slice(to) };
}

/** As Prettier writes it. */
function markdownTable(rows: readonly (readonly string[])[]): string {
  const [head = [], ...rest] = rows;
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rest.map(line)].join('\n');
}

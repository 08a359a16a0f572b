import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readKinds } from './cases';
import type { ConformanceCase } from './cases';

const PAGE = path.join(__dirname, '../../../../docs/local-runtime.md');
const BLOCK = /(<!-- conformance:machines -->\n)[^]*?(<!-- \/conformance:machines -->)/;

interface Score {
  readonly of: string;
  readonly kind: string;
  readonly cases: readonly Pick<ConformanceCase, 'differs'>[];
}

interface RecordedCase extends ConformanceCase {
  readonly action?: string;
}

/** The executions and calls of `step-functions/cases`, by what they are and how AWS is known to do so. */
function recordedCases(): Score[] {
  const directory = path.join(__dirname, '../step-functions/cases');
  const kinds = new Map<string, RecordedCase[]>();
  for (const file of readdirSync(directory)) {
    const test = JSON.parse(readFileSync(path.join(directory, file), 'utf8')) as RecordedCase;
    const known = /recorded in/.test(test.source)
      ? 'recorded'
      : /measured on/.test(test.source)
        ? 'measured'
        : 'documented';
    const kind = `${test.action ?? 'executions'}, ${known}`;
    kinds.set(kind, [...(kinds.get(kind) ?? []), test]);
  }
  return [...kinds].sort().map(([kind, cases]) => ({ of: 'executions and calls', kind, cases }));
}

/** Each kind's own test holds its cases: those without a reason pass, those with one don't. So the files are the score. */
const scores: readonly Score[] = [
  ...readKinds('step-functions/definitions').map((kind) => ({ of: 'definitions', ...kind })),
  ...recordedCases(),
  ...readKinds('step-functions/functions').map((kind) => ({ of: 'JSONata', ...kind })),
  ...readKinds('event-bridge/patterns').map((kind) => ({ of: 'event patterns', ...kind })),
];

function row(of: string, kind: string, cases: Score['cases']): string[] {
  const reasons = cases.flatMap(({ differs }) => differs ?? []);
  const differing = Array.from(new Set(reasons), (reason) => {
    const count = reasons.filter((other) => other === reason).length;
    return count > 1 ? `${reason} (${count})` : reason;
  });
  return [of, kind, `${cases.length - reasons.length} of ${cases.length}`, differing.join('; ')];
}

/** The rows of each part, and their sum. */
function table(): string {
  const parts = [...new Set(scores.map(({ of }) => of))].flatMap((of) => {
    const kinds = scores.filter((score) => score.of === of);
    const all = kinds.flatMap(({ cases }) => cases);
    const total = [`**${of}**`, 'all', `**${all.filter(({ differs }) => !differs).length} of ${all.length}**`, ''];
    return [...kinds.map(({ kind, cases }) => row(of, kind, cases)), total];
  });
  const reasons = parts.filter(([, , , reason]) => reason !== '');
  return [
    aligned([['what', 'kind', 'as on AWS'], ...parts.map((cells) => cells.slice(0, 3))]),
    'The others differ because',
    reasons.map(([of, kind, , reason]) => filled(`${of}, ${kind}: ${reason}`)).join('\n'),
  ].join('\n\n');
}

/** An item of a Markdown list, in lines of at most 120 characters. */
function filled(text: string): string {
  const lines = [''];
  for (const word of `- ${text}`.split(' ')) {
    const line = `${lines.at(-1)}${word} `;
    if (line.length > 121) lines.push(`  ${word} `);
    else lines[lines.length - 1] = line;
  }
  return lines.map((line) => line.trimEnd()).join('\n');
}

/** A Markdown table as Prettier prints it. */
function aligned([head = [], ...rows]: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((cells) => (cells[column] ?? '').length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

describe('docs/local-runtime.md', () => {
  it('tells how many of the cases are as on AWS, by kind (CONFORMANCE=write writes it)', () => {
    const page = readFileSync(PAGE, 'utf8');
    const expected = page.replace(BLOCK, (_, start: string, end: string) => `${start}\n${table()}\n\n${end}`);
    if (process.env.CONFORMANCE === 'write') writeFileSync(PAGE, expected);

    expect(readFileSync(PAGE, 'utf8')).toBe(expected);
    expect(page).toMatch(BLOCK);
  });
});

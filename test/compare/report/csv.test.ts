import { comparisonCsv, summarize } from '../../../compare/report';
import { cellOf, comparisonOf, randomNumbers, realisticComparison, roundOf } from './fixture';

const random = randomNumbers(7);

/** Rows of RFC 4180, read by its grammar. */
function parsed(csv: string): Record<string, string>[] {
  const rows: string[][] = [[]];
  let rest = csv;
  while (rest !== '') {
    const [whole = '', quoted, plain, end = ''] = /^(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/.exec(rest) ?? [];
    expect(whole).not.toBe('');
    rows.at(-1)?.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
    rest = rest.slice(whole.length);
    if (end === '\r\n' && rest !== '') rows.push([]);
  }
  const [head = [], ...others] = rows;
  return others.map((row) => Object.fromEntries(head.map((name, column) => [name, row[column] ?? 'missing'])));
}

describe('the CSV', () => {
  it('has a row for each cell and round', () => {
    const comparison = realisticComparison({ rounds: 2 });

    const rows = parsed(comparisonCsv(comparison));

    expect(rows).toHaveLength(comparison.cells.length * 2);
    expect(rows[0]).toMatchObject({
      store: 'dynamo',
      server: 'dynalite 3.2.2',
      serverKind: 'emulator',
      mode: 'unconditional',
      load: 'closed',
      concurrency: '1',
      ratePerSecond: '',
      round: '1',
      valid: 'true',
      exact: 'true',
      throttled: '0',
    });
  });

  it('tells latencies in milliseconds, and calls per second', () => {
    const cell = cellOf({ rounds: [roundOf({ calls: 1000, medianMs: 20, durationMs: 4000, random })] });
    const [summary] = summarize(comparisonOf([cell]));

    const [row] = parsed(comparisonCsv(comparisonOf([cell])));

    expect(row).toMatchObject({ callsPerSecond: '250.000', p50Ms: String(summary?.latencyMs?.p50) });
    expect(Number(row?.['p50Ms'])).toBeGreaterThan(15);
    expect(Number(row?.['p50Ms'])).toBeLessThan(25);
  });

  it('keeps a round that doesn’t count, with its reason', () => {
    const cell = cellOf({ rounds: [roundOf({ calls: 10, medianMs: 5, random }, { invalid: 'throttled' })] });

    expect(parsed(comparisonCsv(comparisonOf([cell])))).toMatchObject([
      { valid: 'false', invalid: 'throttled', incremented: '10' },
    ]);
  });

  it('keeps commas, quotes and line ends in a text, and makes no formula of one', () => {
    const names = ['a, "b"\r\nc', '=HYPERLINK("http://127.0.0.1")'];
    const cells = names.map((store) => cellOf({ store, rounds: [roundOf({ calls: 1, medianMs: 5, random })] }));

    const rows = parsed(comparisonCsv(comparisonOf(cells)));

    expect(rows.map(({ store }) => store)).toEqual([names[0], `'${names[1]}`]);
  });

  it('of nothing is empty', () => {
    expect(comparisonCsv(comparisonOf([]))).toBe('');
  });
});

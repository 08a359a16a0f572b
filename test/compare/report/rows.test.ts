import { cellRows } from '../../../compare/report';
import { cellOf, comparisonOf, randomNumbers, realisticComparison, roundOf } from './fixture';

describe('the table for a terminal', () => {
  it('has a row for each cell, with what was measured', () => {
    const comparison = realisticComparison({ rounds: 1 });

    const [head, first, ...rows] = cellRows(comparison);

    expect(head).toEqual(['store', 'mode', 'load', 'calls/s', 'p50 ms', 'p99 ms', 'exact', '$/million', 'measured']);
    expect(first?.slice(0, 3)).toEqual(['dynamo', 'unconditional', '1 caller']);
    expect(first?.slice(6)).toEqual(['exact', '$5.35', 'dynalite 3.2.2 (emulator), HTTP API, 1 counter']);
    expect(rows).toHaveLength(comparison.cells.length - 1);
  });

  it('shouts what isn’t exact, and has no number of what doesn’t count', () => {
    const rows = cellRows(realisticComparison({ rounds: 1 })).slice(-2);

    expect(rows.map((row) => row[6])).toEqual(['NOT EXACT', 'not judged']);
    expect(rows[1]?.slice(3, 6)).toEqual(['-', '-', '-']);
    expect(rows[1]?.at(-1)).toMatch('invalid: 12 calls were throttled (429)');
  });

  it('says which rounds of a cell don’t count, and that the generator limits it', () => {
    const round = roundOf({ calls: 200, medianMs: 5, random: randomNumbers(1) });
    const cell = cellOf({ rounds: [round, { ...round, invalid: 'throttled' }] });

    const [, row] = cellRows(comparisonOf([cell], { ceilings: [{ concurrency: 8, callsPerSecond: 120 }] }));

    expect(row?.[3]).toBe('100 (saturated)');
    expect(row?.[7]).toBe('-');
    expect(row?.at(-1)).toBe('redis stand-in, HTTP API, 1 counter, 1 of 2 rounds invalid');
  });
});

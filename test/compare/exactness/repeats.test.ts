import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  checkExactness,
  type History,
  keyedCalls,
  type Operation,
  readHistoryFile,
  withoutRepeats,
  writeHistoryFile,
} from '../../../compare/exactness';

const operation = (
  key: string | undefined,
  result: Operation['result'],
  [invokedAt, completedAt]: readonly [number, number],
): Operation => ({
  client: 0,
  invokedAt: BigInt(invokedAt),
  completedAt: BigInt(completedAt),
  result,
  max: 9,
  ...(key === undefined ? {} : { key }),
});
const incremented = (counter: number): Operation['result'] => ({ status: 'incremented', counter });
const isExact = (...operations: readonly Operation[]): boolean =>
  checkExactness(withoutRepeats({ operations })).isExact;

describe('calls that carry one key', () => {
  it('are one operation, from the first call to the first answer', () => {
    const history: History = {
      start: 3,
      operations: [
        operation('a', incremented(4), [5, 9]),
        operation('a', { status: 'unknown' }, [1, 2]),
        operation('a', incremented(4), [6, 7]),
        operation(undefined, incremented(5), [10, 11]),
      ],
    };

    expect(withoutRepeats(history)).toEqual({
      start: 3,
      operations: [
        operation(undefined, incremented(5), [10, 11]),
        { ...operation('a', incremented(4), [1, 7]), key: 'a' },
      ],
    });
  });

  it('are exact where all return the first value, however late', () => {
    const repeated = [operation('a', incremented(1), [0, 1]), operation('a', incremented(1), [6, 7])];

    expect(isExact(...repeated, operation('b', incremented(2), [2, 3]))).toBe(true);
  });

  it('leave a gap where a repeat counted, whatever it returned', () => {
    const repeated = [operation('a', incremented(1), [0, 1]), operation('a', incremented(1), [2, 3])];

    expect(isExact(...repeated, operation('b', incremented(3), [4, 5]))).toBe(false);
  });

  it('are of unknown outcome where none was answered, and refused where all were', () => {
    const lost = [operation('a', { status: 'unknown' }, [0, 1]), operation('a', { status: 'unknown' }, [2, 3])];
    const refused = [operation('a', { status: 'limit-reached' }, [0, 1])];

    expect(isExact(...lost, operation('b', incremented(2), [4, 5]))).toBe(true);
    expect(isExact(...lost, operation('b', incremented(3), [4, 5]))).toBe(false);
    expect(isExact(...refused, operation('b', incremented(1), [4, 5]))).toBe(false);
  });

  it('may be refused while the first is under way, not after it has counted', () => {
    const refusedAt = (from: number): Operation => operation('a', { status: 'limit-reached' }, [from, from + 9]);
    const calls = (from: number) =>
      keyedCalls({ operations: [operation('a', incremented(1), [0, 5]), refusedAt(from)] });

    expect(calls(4)).toMatchObject([{ values: [1], refusedLater: [] }]);
    expect(calls(6)).toMatchObject([{ values: [1], refusedLater: [{ invokedAt: 6n }] }]);
  });

  it('keep their keys in a file', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'repeats-'));
    const file = path.join(folder, 'history.json');
    const operations = [operation('a', incremented(1), [0, 1]), operation(undefined, { status: 'unknown' }, [2, 3])];
    try {
      await writeHistoryFile(file, [{ id: 'votes', history: { start: 0, operations, resets: [] } }]);

      expect(await readHistoryFile(file)).toEqual([{ id: 'votes', history: { start: 0, operations, resets: [] } }]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

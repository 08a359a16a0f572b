import { type Generator, roundNotMade } from '../../compare/load';
import type { Cell, CellKey, Repetitions, Round } from '../../compare/report';
import { describeCell, freshId, warmUpFor } from './plan';
import type { TargetOf } from './targets';
import { type UsageLimits, wouldBeThrottled } from './usage-limits';

/** The end of a race for a limit, in milliseconds, should the store stand still. */
const LONGEST_RACE_MS = 60_000;

export interface MeasureOptions {
  readonly generator: Generator;
  readonly targetOf: TargetOf;
  readonly rounds: number;
  readonly durationMs: number;
  /** What the API lets through: rounds that would pass it are left out. @default - everything */
  readonly limits?: UsageLimits;
  /** Looks for repetitions after a cell's last round. @default - nobody does */
  readonly countRepetitions?: (cell: CellKey, ids: readonly string[]) => Promise<Repetitions | undefined>;
  /** Called before each measurement: which cell, and which of how many. */
  readonly onProgress: (what: string, done: number, all: number) => void;
  readonly signal: AbortSignal;
}

/**
 * Measures the cells, round by round, so that what else the machine does meets all of them alike. Each round counts on
 * counters of its own.
 *
 * @returns the cells with the rounds that were measured until the signal; those without any are left out
 */
export async function measureCells(keys: readonly CellKey[], options: MeasureOptions): Promise<Cell[]> {
  const { rounds, durationMs, limits, countRepetitions, onProgress, signal } = options;
  const cells = keys.map((key) => ({ key, rounds: [] as Round[], repetitions: undefined as Repetitions | undefined }));
  let done = 0;
  for (let round = 1; round <= rounds; round += 1) {
    for (const cell of cells) {
      if (signal.aborted) break;
      onProgress(`round ${round} of ${rounds}: ${describeCell(cell.key)}`, done, rounds * keys.length);
      const tooMuch = limits && wouldBeThrottled(cell.key, durationMs, cells, limits);
      const ids = Array.from({ length: cell.key.counters }, freshId);
      cell.rounds.push(tooMuch ? roundNotMade(cell.key.load, tooMuch) : await measureRound(cell.key, ids, options));
      if (round === rounds) cell.repetitions = await countRepetitions?.(cell.key, ids);
      done += 1;
    }
  }
  return cells.flatMap(({ key, rounds: measured, repetitions }) =>
    measured.length === 0 ? [] : [{ ...key, rounds: measured, ...(repetitions && { repetitions }) }],
  );
}

function measureRound(
  key: CellKey,
  ids: readonly string[],
  { generator, targetOf, durationMs, signal }: MeasureOptions,
): Promise<Round> {
  const { load, limit, path } = key;
  const job = {
    target: targetOf(key),
    load,
    ids,
    // Where a limit is to be met, the race for it is what is measured.
    warmUpMs: limit === undefined ? warmUpFor(durationMs) : 0,
    durationMs,
    ...(limit !== undefined && { limit }),
    // A limit of the cell's own is met, however long that takes.
    ...(limit !== undefined && path === 'state-machine' && { calls: 2 * limit, durationMs: LONGEST_RACE_MS }),
  };
  return generator.run(job, { signal });
}

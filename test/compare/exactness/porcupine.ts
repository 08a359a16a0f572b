import { spawnSync } from 'node:child_process';
import type { History } from '../../../compare/exactness';

/** The program that `.ci/porcupine/compare` builds; undefined where nobody did. */
export const PORCUPINE = process.env['PORCUPINE'];

/** A history as the program reads it. */
export function toLine(history: History): string {
  return JSON.stringify(history, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
}

/**
 * Whether each history is linearizable, as Porcupine decides; all in one process.
 *
 * @param histories without resets
 * @throws Error when it can't decide on one in time
 */
export function linearizable(histories: readonly History[]): boolean[] {
  const { stdout, stderr, status } = spawnSync(PORCUPINE ?? '', {
    input: histories.map((history) => `${toLine(history)}\n`).join(''),
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`Porcupine ended with ${status}: ${stderr}`);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line, index) => {
      const history = histories[index];
      if (line === 'undecided') throw new Error(`Porcupine takes too long on ${history ? toLine(history) : ''}`);
      return line === 'true';
    });
}

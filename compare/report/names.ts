import type { CellKey, Load } from './comparison';
import { grouped } from './format';

export const PATH_NAMES: Readonly<Record<CellKey['path'], string>> = {
  api: 'HTTP API',
  'state-machine': 'state machine',
  direct: 'store alone',
};

/** Such as "8 callers", or "200 calls/s". */
export function loadName(load: Load): string {
  if (load.kind === 'open') return `${grouped(load.ratePerSecond)} calls/s`;
  return load.concurrency === 1 ? '1 caller' : `${grouped(load.concurrency)} callers`;
}

/** Such as "1 counter". */
export const countersName = (counters: number): string =>
  counters === 1 ? '1 counter' : `${grouped(counters)} counters`;

/** How a cell counts where that isn't the usual: its limit, strategy, step, shards, keys. Empty where it is. */
export function variantName({ limit, strategy, by, shards, keyed }: CellKey): string {
  return [
    ...(limit === undefined ? [] : [`limit ${grouped(limit)}`]),
    ...(strategy === undefined ? [] : [strategy]),
    ...(by === 1 ? [] : [`by ${grouped(by)}`]),
    ...(shards === 1 ? [] : [`${grouped(shards)} shards`]),
    ...(keyed ? ['keyed'] : []),
  ].join(', ');
}

/** A store and how it counts: what a chart draws as one line. */
export function seriesName(cell: CellKey): string {
  const variant = variantName(cell);
  return variant === '' ? cell.store : `${cell.store}, ${variant}`;
}

/** Every axis of a cell, in words. */
export function cellName(cell: CellKey): string {
  return [seriesName(cell), cell.mode, PATH_NAMES[cell.path], loadName(cell.load), countersName(cell.counters)].join(
    ', ',
  );
}

const FREE = ['path', 'load', 'counters'] as const;

/** The same for cells that differ at most in these axes. */
export function siblingKey(cell: CellKey, except: readonly (typeof FREE)[number][] = ['path']): string {
  const { store, mode, strategy, limit, by, shards, keyed } = cell;
  const free = FREE.filter((axis) => !except.includes(axis)).map((axis) => cell[axis]);
  return JSON.stringify([store, mode, strategy ?? null, limit ?? null, by, shards, keyed, ...free]);
}

/** The same for the same cell of another comparison. */
export const cellKey = (cell: CellKey): string => siblingKey(cell, []);

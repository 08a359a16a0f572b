import { randomUUID } from 'node:crypto';
import type { CellKey, Load, Mode } from '../../compare/report';
import type { CompareOptions } from './options';

const LONGEST_WARM_UP_MS = 300;

/** How long calls before a measurement fill caches and connections: no longer than it takes itself, in milliseconds. */
export const warmUpFor = (durationMs: number): number => Math.min(LONGEST_WARM_UP_MS, durationMs);

/** The id of a counter that nothing has counted on. */
export const freshId = (): string => `compare-${randomUUID()}`;

/** The limit of the cells that show whether a limit is exact: small enough to be reached within a warm-up. */
const LIMIT = 100;

/** A cell like all others but for what is given. */
export const cell = (key: Pick<CellKey, 'store' | 'mode' | 'load'> & Partial<CellKey>): CellKey => ({
  path: 'api',
  counters: 1,
  by: 1,
  shards: 1,
  keyed: false,
  ...key,
});

const closed = (concurrency: number): Load => ({ kind: 'closed', concurrency });

/**
 * What is measured: on each store and in each mode the hot counter at each concurrency and rate, and at the highest
 * concurrency also spread counters, those once more with idempotency keys, and a limit that is reached.
 *
 * A counter has room for some keys only, 1,000 if nothing else is set: spread over the most counters, all that are sent have
 * room. One counter's would be used up within a second, and what it then refuses makes a round invalid.
 *
 * The textbook's strategy for Momento is measured through the state machine, as its input alone can name a strategy; so is
 * the limit, which the deployment has for all its counters otherwise.
 *
 * @param limit of all counters of the deployment. @default - none that is reached
 */
export function planCells(options: CompareOptions, limit?: number): CellKey[] {
  const { stores, modes, concurrency, rates, counters, direct, remote } = options;
  const path = remote?.kind === 'state-machine' ? 'state-machine' : 'api';
  const most = closed(concurrency.at(-1) ?? 1);
  const hasInputs = remote?.kind !== 'api';
  const made = limit === undefined ? cell : (key: Parameters<typeof cell>[0]) => cell({ limit, ...key });
  return stores.flatMap((store) =>
    modes.flatMap((mode) => [
      ...concurrency.map((callers) => made({ store, mode, path, load: closed(callers) })),
      ...counters.filter((count) => count > 1).map((count) => made({ store, mode, path, load: most, counters: count })),
      ...keyedCounters(mode, counters).map((count) =>
        made({ store, mode, path, load: most, counters: count, keyed: true }),
      ),
      ...rates.map((ratePerSecond) => made({ store, mode, path, load: { kind: 'open', ratePerSecond } })),
      ...(direct ? concurrency.map((callers) => made({ store, mode, path: 'direct', load: closed(callers) })) : []),
      ...(hasInputs && mode === 'conditional'
        ? [made({ store, mode, path: 'state-machine', load: most, limit: LIMIT })]
        : []),
      ...(hasInputs && store === 'momento' && mode === 'conditional'
        ? [made({ store, mode, path: 'state-machine', load: most, strategy: 'set-if-not-equal' })]
        : []),
    ]),
  );
}

/** Over how many counters calls with keys are spread in a mode: one number, or none where none are measured. */
export function keyedCounters(mode: Mode, counters: readonly number[]): readonly number[] {
  return mode === 'unconditional' ? counters.filter((count) => count > 1).slice(-1) : [];
}

/** A cell in words, such as "redis, conditional, 32 callers". */
export function describeCell({ store, mode, path, load, counters, limit, strategy, keyed }: CellKey): string {
  return [
    store,
    mode,
    load.kind === 'closed' ? `${load.concurrency} callers` : `${load.ratePerSecond} calls/s`,
    ...(counters > 1 ? [`${counters} counters`] : []),
    ...(limit === undefined ? [] : [`limit ${limit}`]),
    ...(strategy === undefined ? [] : [strategy]),
    ...(keyed ? ['keys'] : []),
    ...(path === 'api' ? [] : [path]),
  ].join(', ');
}

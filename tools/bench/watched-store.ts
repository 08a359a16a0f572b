import { monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { EmbeddedStore, EmbeddedStoreOptions, StoreModule } from 'template-runtime/worker';
import { projectRoot } from '../../lib/project-root';
import { EMBEDDED_STORES, type StoreName } from '../../local/store-modules';

const COMPILED = path.join(projectRoot(), 'dist', 'tools', 'bench', 'watched-store.js');

/** What a store's thread tells of itself. */
export interface ThreadFigures {
  /** Of its event loop, whatever caused it. */
  readonly longestDelayMs: number;
  /** The most processor time that it took between two looks at its clock: what it causes itself. NaN where there is no Linux. */
  readonly longestTurnMs: number;
  /** Of V8's collector. */
  readonly longestPauseMs: number;
}

/** Places in what the threads share. */
const DELAY = 0;
const TURN = 1;
const PAUSE = 2;
const PLACES = 3;

interface WatchedOptions extends EmbeddedStoreOptions {
  readonly store: StoreName;
  readonly figures: SharedArrayBuffer;
}

/** A store whose thread is watched from inside: the module for `startStoreThread`, and what is seen. */
export function watchedStore(
  store: StoreName,
  options: EmbeddedStoreOptions,
): { readonly module: StoreModule; figures(): ThreadFigures } {
  const shared = new SharedArrayBuffer(PLACES * Float64Array.BYTES_PER_ELEMENT);
  const cells = new Float64Array(shared);
  const watched: WatchedOptions = { ...options, store, figures: shared };
  return {
    module: { name: store, module: COMPILED, start: 'startWatched', options: { ...watched } },
    figures: () => ({
      longestDelayMs: cells[DELAY] ?? NaN,
      longestTurnMs: cells[TURN] ?? NaN,
      longestPauseMs: cells[PAUSE] ?? NaN,
    }),
  };
}

/** Runs in the store's thread. */
export async function startWatched({ store, figures, ...options }: WatchedOptions): Promise<EmbeddedStore> {
  const { module, start } = EMBEDDED_STORES[store];
  const exported = createRequire(__filename)(module) as Record<string, (options: unknown) => Promise<EmbeddedStore>>;
  const started = await exported[start]?.(options);
  if (!started) throw new Error(`${module} exports no function ${start}`);
  const cells = new Float64Array(figures);
  const raise = (place: number, ms: number): void => {
    cells[place] = Math.max(cells[place] ?? 0, ms);
  };
  const delays = monitorEventLoopDelay({ resolution: 1 });
  delays.enable();
  const pauses = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) raise(PAUSE, duration);
  });
  pauses.observe({ entryTypes: ['gc'] });
  let before = threadProcessorMs();
  const telling = setInterval(() => {
    const now = threadProcessorMs();
    raise(TURN, now - before);
    before = now;
    raise(DELAY, delays.max / 1e6);
  }, 1).unref();
  return {
    ...started,
    close: async () => {
      clearInterval(telling);
      pauses.disconnect();
      await started.close();
    },
  };
}

/**
 * What this thread has taken of the processor since it began, in milliseconds.
 * Source: https://docs.kernel.org/scheduler/sched-stats.html (/proc/<pid>/schedstat)
 */
function threadProcessorMs(): number {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[0]) / 1e6;
  } catch {
    return NaN;
  }
}

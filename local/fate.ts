import type { OpenStores } from './open-stores';

/** What becomes of the counters when the runtime ends, in a sentence. */
export function fateOf(stores: OpenStores, dataDirectory: string | undefined): string {
  const names = Object.keys(stores);
  const own = names.filter((name) => stores[name]?.embedded === false);
  if (own.length === names.length) return 'Counters are in servers of your own.';
  const here = dataDirectory === undefined ? 'vanish on Ctrl-C' : `are kept in ${dataDirectory}`;
  if (own.length > 0) return `Counters of ${own.join(' and ')} are in servers of your own, the others ${here}.`;
  return dataDirectory === undefined ? `Counters ${here}.` : `Counters and executions ${here}.`;
}

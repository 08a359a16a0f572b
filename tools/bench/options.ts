import { parseArgs } from 'node:util';
import { type StoreName, EMBEDDED_STORES } from '../../local/store-modules';

/** What a benchmark may be told beside its name. */
export interface BenchOptions {
  /** Of the benchmarks; with `all`, all of them. Empty: those that don't take many minutes. */
  readonly names: readonly string[];
  /** A commit to compare with. */
  readonly baseline?: string;
  /** How many counters the store gets: `stall`. */
  readonly keys?: number;
  /** How many calls are made: `restart`, `growth`. */
  readonly calls?: number;
  /** `stall`, `restart`. */
  readonly store?: StoreName;
}

/** Which benchmarks take an option. */
const TAKEN_BY = { keys: ['stall'], calls: ['restart', 'growth'], store: ['stall', 'restart'] } as const;

/** In place of the benchmarks' names. */
const ALL = 'all';

const MOST = 100_000_000;

/**
 * @param known the benchmarks' names
 * @throws Error in one line for what isn't known, isn't a number, or isn't an option of the benchmarks that are named
 */
export function readBenchOptions(args: readonly string[], known: readonly string[]): BenchOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: {
      baseline: { type: 'string' },
      keys: { type: 'string' },
      calls: { type: 'string' },
      store: { type: 'string' },
    },
    allowPositionals: true,
  });
  const unknown = positionals.find((name) => ![ALL, ...known].includes(name));
  if (unknown !== undefined)
    throw new Error(`benchmark must be one of ${[ALL, ...known].join(', ')}, got "${unknown}"`);
  const names = positionals.includes(ALL) ? known : positionals;
  for (const [option, benchmarks] of Object.entries(TAKEN_BY)) {
    if (values[option as keyof typeof TAKEN_BY] === undefined) continue;
    if (!names.some((name) => (benchmarks as readonly string[]).includes(name)))
      throw new Error(`--${option} is an option of ${benchmarks.join(' and ')}: name one of them`);
  }
  const { baseline, keys, calls, store } = values;
  return {
    names,
    ...(baseline !== undefined && { baseline }),
    ...(keys !== undefined && { keys: count('keys', keys) }),
    ...(calls !== undefined && { calls: count('calls', calls) }),
    ...(store !== undefined && { store: storeName(store) }),
  };
}

function count(option: string, text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && number <= MOST) return number;
  throw new Error(`--${option} must be a whole number from 1 to ${MOST}, got "${text}"`);
}

function storeName(text: string): StoreName {
  if (Object.hasOwn(EMBEDDED_STORES, text)) return text as StoreName;
  throw new Error(`--store must be one of ${Object.keys(EMBEDDED_STORES).join(', ')}, got "${text}"`);
}

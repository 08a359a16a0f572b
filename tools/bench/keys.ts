import { clockSeconds } from '../../functions/keyed-increment';
import { refuse } from '../../lib/configuration';
import { EMBEDDED_STORES } from '../../local/store-modules';
import { startStoreThread } from 'template-runtime/worker';
import { namedServers } from '../test-stores/find-servers';
import type { Bench } from './bench';
import { median } from './measure';
import { type KeyedStore, type KeyedStoreName, OPEN } from './keyed-stores';

/** After so many increments with a key of one counter. Compare-and-set takes two round trips: a million would take an hour. */
const CHECKPOINTS: Readonly<Record<KeyedStoreName, readonly number[]>> = {
  redis: [100, 10_000, 1_000_000],
  tidb: [100, 10_000, 1_000_000],
  momento: [100, 10_000, 100_000],
  docdb: [100, 10_000, 100_000],
};
/** Calls that are measured then. */
const SAMPLE = 200;
const WINDOW_SECONDS = 60;
const CAP = 1000;
/** By the clock of the calls, which is moved: 68 keys are young at a time. */
const SECONDS_BETWEEN_KEYS = 2;
/** Redis goes by its own clock: after so many keys a generation is made old. */
const KEYS_PER_GENERATION = 400;

/** What a counter costs after so many increments with a key. */
export interface KeyedCost {
  readonly increments: number;
  readonly bytes: number;
  readonly medianMs: number;
  /** Of this process, with the embedded store in it. */
  readonly processorMs: number;
}

/**
 * Whether a counter gets larger or slower by its keys: one caller, one counter, a new key in each call. Time is simulated, so
 * that keys get old as they would in weeks: for Redis by setting its generations back, for the others in the calls' clock.
 */
export async function benchKeys({ signal, next, table }: Bench): Promise<void> {
  const names = Object.keys(CHECKPOINTS) as KeyedStoreName[];
  const problems: string[] = [];
  const named = await namedServers(names, process.env, problems);
  refuse(problems);
  for (const [index, name] of names.entries()) {
    next(`${name}, up to ${CHECKPOINTS[name].at(-1)?.toLocaleString('en-US')} increments`, index, names.length);
    const own = named[name];
    const thread = own ? undefined : await startStoreThread(EMBEDDED_STORES[name]);
    try {
      const address = own?.address ?? { host: '127.0.0.1', port: thread?.port ?? 0, tls: false };
      const opened = await OPEN[name](address, WINDOW_SECONDS);
      const { add } = table(KEYS_HEAD, `${name}, ${own ? 'the server of its URL' : 'embedded'}`);
      const costs: KeyedCost[] = [];
      try {
        await measureKeys(opened, CHECKPOINTS[name], { signal, onCost: (cost) => costs.push(cost) });
      } finally {
        for (const row of keysRows(costs)) add(row);
        await opened.close();
      }
    } finally {
      await thread?.close();
    }
  }
}

/** Calls up to each checkpoint, and measures there. */
export async function measureKeys(
  { store, bytes, age }: KeyedStore,
  checkpoints: readonly number[],
  { signal, onCost }: { readonly signal?: AbortSignal; readonly onCost?: (cost: KeyedCost) => void } = {},
): Promise<KeyedCost[]> {
  const call = async (id: string, number: number): Promise<void> => {
    signal?.throwIfAborted();
    if (age && number % KEYS_PER_GENERATION === KEYS_PER_GENERATION - 1) await age(id);
    const clock = clockSeconds() + (age ? 0 : number * SECONDS_BETWEEN_KEYS);
    const times = { sentAt: clock, now: () => clock, windowSeconds: WINDOW_SECONDS, cap: CAP };
    const { status } = await store.incrementKeyed(id, { key: `key-${number}`, ...times });
    if (status !== 'incremented') throw new Error(`the run is invalid: increment ${number} ended as ${status}`);
  };
  const stem = `bench-keys-${process.pid}-${Date.now()}`;
  for (let number = 0; number < SAMPLE; number += 1) await call(`${stem}-warm`, number);

  const costs: KeyedCost[] = [];
  let number = 0;
  for (const increments of checkpoints) {
    for (; number < increments; number += 1) await call(stem, number);
    const size = await bytes(stem);
    const durations: number[] = [];
    const before = process.cpuUsage();
    for (const end = number + SAMPLE; number < end; number += 1) {
      const began = performance.now();
      await call(stem, number);
      durations.push(performance.now() - began);
    }
    const { user, system } = process.cpuUsage(before);
    const medianMs = median(durations);
    const cost = { increments, bytes: size, medianMs, processorMs: (user + system) / 1000 / SAMPLE };
    costs.push(cost);
    onCost?.(cost);
  }
  return costs;
}

const KEYS_HEAD = ['increments', 'bytes', '×', 'p50 ms', '×', 'processor ms', '×'];

/** With each figure's ratio to the one before: near 1 where it is bounded. */
export function keysRows(costs: readonly KeyedCost[]): string[][] {
  return costs.map(({ increments, bytes, medianMs, processorMs }, index) => {
    const before = costs[index - 1];
    const ratio = (now: number, then: number | undefined): string =>
      then === undefined ? '' : (now / then).toFixed(2);
    return [
      increments.toLocaleString('en-US'),
      bytes.toLocaleString('en-US'),
      ratio(bytes, before?.bytes),
      medianMs.toFixed(2),
      ratio(medianMs, before?.medianMs),
      processorMs.toFixed(2),
      ratio(processorMs, before?.processorMs),
    ];
  });
}

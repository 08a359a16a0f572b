import type { CellKey, ColdStart, MeasuredServer, Mode, Repetitions, StoreCost } from '../../compare/report';
import { type Configuration, readConfiguration } from '../../lib/configuration';
import type { StoreName } from '../../local/store-modules';
import { measureColdStarts } from './cold-starts';
import { measureCosts } from './costs';
import type { CompareOptions, Remote } from './options';
import { freshId, keyedCounters } from './plan';
import { countRepetitions } from './repetitions';
import { startDistantStores, startSystem, type System } from './systems';
import { localTargets, remoteTargets, type TargetOf } from './targets';
import { describeLimits, type UsageLimits } from './usage-limits';

/** What is measured, and all that is known of it beside the measurement. */
export interface Scene {
  readonly modes: readonly Mode[];
  readonly servers: Readonly<Record<string, MeasuredServer>>;
  readonly targetOf: TargetOf;
  /** Absent where calls are let through without limits. */
  readonly limits?: UsageLimits;
  /** The limit of every counter that is deployed. @default - none that is reached */
  readonly limit?: number;
  /** Lines for people: what they should know before it begins. */
  readonly notes: readonly string[];
  coldStarts(): Promise<readonly ColdStart[]>;
  costs(): Promise<readonly StoreCost[]>;
  countRepetitions?(cell: CellKey, ids: readonly string[]): Promise<Repetitions | undefined>;
  close(): Promise<void>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Starts a system for each mode, synthesized for the comparison, on free ports.
 *
 * @param servers what answers for each store
 * @throws Error with what can't be used, nothing being left behind
 */
export async function localScene(
  { modes, stores, latencyMs, counters }: CompareOptions,
  environment: Environment,
  servers: Readonly<Record<string, MeasuredServer>>,
  signal: AbortSignal,
): Promise<Scene> {
  const distant = latencyMs > 0 ? await startDistantStores(stores, environment, latencyMs) : undefined;
  const starting = await Promise.allSettled(
    modes.map((mode) => startSystem({ mode, stores, storeUrls: { ...environment, ...distant?.urls }, signal })),
  );
  const systems = starting.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const close = async (): Promise<void> => {
    await Promise.all(systems.map((system) => system.close()));
    await distant?.close();
  };
  const failure = starting.find((result) => result.status === 'rejected');
  if (failure) {
    await close();
    throw failure.reason;
  }
  const byMode = Object.fromEntries(systems.map((system) => [system.mode, system])) as Partial<Record<Mode, System>>;
  return {
    modes,
    servers,
    targetOf: localTargets(byMode),
    notes: stores.map((store) => `${store}: ${servers[store]?.name}`),
    coldStarts: async () => (systems[0] ? measureColdStarts(systems[0], stores) : []),
    costs: async () => {
      const costs: StoreCost[] = [];
      for (const { assembly, mode } of systems) {
        const kinds = keyedCounters(mode, counters).length > 0 ? ([mode, 'keyed'] as const) : [mode];
        costs.push(...(await measureCosts(assembly, mode, stores, kinds)));
      }
      return costs;
    },
    countRepetitions: ({ store, mode, path }, ids) =>
      path === 'direct' ? Promise.resolve(undefined) : countRepetitions(byMode[mode]?.endpoint ?? '', store, ids),
    close,
  };
}

/**
 * Finds out about a deployed stack: a stack's API has one mode, which its first answer tells. What it costs, and how long a
 * first call takes, can't be had from outside; the report leaves it out.
 *
 * @throws Error when the stack doesn't answer as one of this project's
 */
export async function remoteScene(
  remote: Remote,
  { modes, stores }: CompareOptions,
  environment: Environment,
): Promise<Scene> {
  const configuration = readConfiguration(environment);
  const mode = remote.kind === 'api' ? await modeOf(remote, stores[0] ?? 'dynamo') : undefined;
  const limits = remote.kind === 'api' ? usageLimits(configuration) : undefined;
  const limit = mode === 'conditional' ? Number(configuration.maxCounterValue) : undefined;
  return {
    modes: mode === undefined ? modes : [mode],
    servers: Object.fromEntries(stores.map((store) => [store, { name: 'as deployed', kind: 'aws' }])),
    targetOf: remoteTargets(remote, environment['AWS_ENDPOINT_URL_SFN']),
    ...(limits && { limits }),
    ...(limit !== undefined && { limit }),
    notes: [
      ...(mode === undefined
        ? []
        : [`the stack is ${mode}${limit === undefined ? '' : `, below ${limit} by the settings`}`]),
      ...(limits ? [describeLimits(limits)] : []),
    ],
    coldStarts: () => Promise.resolve([]),
    costs: () => Promise.resolve([]),
    close: () => Promise.resolve(),
  };
}

function usageLimits({ throttleRate, throttleBurst, quotaPerDay }: Configuration): UsageLimits {
  return { ratePerSecond: throttleRate, burst: throttleBurst, quotaPerDay };
}

async function modeOf({ url, apiKey }: Extract<Remote, { kind: 'api' }>, store: StoreName): Promise<Mode> {
  const place = `${url}/${store}/${freshId()}`;
  const response = await fetch(place, { method: 'POST', headers: { 'x-api-key': apiKey } }).catch((cause: unknown) => {
    throw new Error(`--url: nothing answers at ${new URL(url).host}`, { cause });
  });
  const text = await response.text();
  try {
    const { useConditionalWrites } = JSON.parse(text) as { useConditionalWrites?: boolean };
    if (response.status === 200 && typeof useConditionalWrites === 'boolean') {
      return useConditionalWrites ? 'conditional' : 'unconditional';
    }
  } catch {
    // what it answered is told below
  }
  throw new Error(
    `--url: POST ${place} must be answered 200 by a counter, got ${response.status}: ${text.slice(0, 200)}`,
  );
}

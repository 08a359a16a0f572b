import { rm } from 'node:fs/promises';
import path from 'node:path';
import { readConfiguration } from '../../lib/configuration';
import { readEnvironment } from '../../lib/environment';
import { projectRoot } from '../../lib/project-root';
import { type Local, startLocal } from '../../local/main';
import { synthesize } from '../../local/synthesize';
import { textTable } from '../text-table';
import { CALLERS, saleTable, SEATS, sellOut, type SoldOn, type SoldOut } from './sale-on-stores';

/** Increments past the limit that the demo makes on each store. */
const PAST_THE_LIMIT = 2;

/** One sells on while another waits for its frozen store. More would wait for this machine, and not know how calls end. */
const SALES_AT_ONCE = 2;

/** Over how many shards the last sale stripes DynamoDB's counter. */
const SHARDS = 8;

/** What happened on one store in one mode. */
interface StoreReport {
  readonly store: string;
  readonly values: readonly number[];
  readonly statuses: readonly number[];
  readonly metrics: Readonly<Record<string, number>>;
  /** What differs from the contract; empty if nothing does. */
  readonly differences: readonly string[];
}

/**
 * `npm run demo [-- --sale]`: runs the system in both modes, counts to the limit and past it, and compares with the contract.
 * Sells out on each store under faults, and judges it; with `--sale` does that alone.
 *
 * @throws Error where anything differs, or for another argument
 */
export async function runDemo(args: readonly string[]): Promise<void> {
  const unknown = args.find((argument) => argument !== '--sale');
  if (unknown !== undefined) throw new Error(`Usage: npm run demo [-- --sale], got "${unknown}"`);
  const isSaleAlone = args.length > 0;
  const environment = readEnvironment(projectRoot());
  const { maxCounterValue, stores } = readConfiguration(environment);
  const limit = Math.min(Number(maxCounterValue), 10);

  const count = async (local: Local, conditional: boolean): Promise<number> => {
    const reports: StoreReport[] = [];
    for (const store of stores) reports.push(await countPastLimit(local, store, limit, conditional));
    print(local, reports);
    return reports.flatMap((report) => report.differences).length;
  };
  let differences = await withSystem('Unconditional', { USE_CONDITIONAL_WRITES: 'false' }, async (local) => {
    const counted = isSaleAlone ? 0 : await count(local, false);
    const counters = stores.map((store) => ({ store }));
    return counted + (await sellAll(local, counters));
  });
  if (stores.includes('dynamo')) {
    const settings = { STORES: 'dynamo', USE_CONDITIONAL_WRITES: 'false', DYNAMO_SHARDS: String(SHARDS) };
    differences += await withSystem(`DynamoDB over ${SHARDS} shards`, settings, async (local) => {
      return (await sellAll(local, [{ store: 'dynamo', shards: SHARDS }])) + (await differencesOfStep(local));
    });
  }
  if (!isSaleAlone) {
    const settings = { USE_CONDITIONAL_WRITES: 'true', MAX_COUNTER_VALUE: String(limit) };
    differences += await withSystem(`Conditional, below ${limit}`, settings, (local) => count(local, true));
  }
  if (differences > 0) throw new Error(`${differences} differences from the contract`);
  console.log('\nEverything matches the contract.');
}

/** Runs a deployment of those settings, for as long as it is used. */
async function withSystem(
  title: string,
  settings: Readonly<Record<string, string>>,
  use: (local: Local) => Promise<number>,
): Promise<number> {
  const outputFolder = `cdk.out.demo-${process.pid}`;
  console.log(`\n${title}: synthesizing …`);
  try {
    const assembly = await synthesize({ outputFolder, settings });
    const local = await startLocal({ assembly, progress: (step) => console.log(`  ${step}`) });
    try {
      return await use(local);
    } finally {
      await local.close();
    }
  } finally {
    await rm(path.join(projectRoot(), outputFolder), { recursive: true, force: true });
  }
}

/** @returns how many differences there are from an exact counter */
async function sellAll(local: Local, counters: readonly SoldOn[]): Promise<number> {
  console.log(`\nSelling ${SEATS} seats to ${CALLERS} callers, while stores and connections fail …`);
  const sales: SoldOut[] = [];
  for (let first = 0; first < counters.length; first += SALES_AT_ONCE) {
    const some = counters.slice(first, first + SALES_AT_ONCE);
    sales.push(...(await Promise.all(some.map((counter) => sellOut(local, counter)))));
  }
  console.log(saleTable(sales));
  return sales.flatMap((sale) => sale.differences).length;
}

/** A striped counter takes no step, and says so: that tells it from one that isn't striped. */
async function differencesOfStep(local: Local): Promise<number> {
  const response = await fetch(`${local.url}/dynamo/demo?by=2`, {
    method: 'POST',
    headers: { 'x-api-key': local.apiKey },
  });
  const { error = '' } = (await response.json()) as { error?: string };
  const isRefused = response.status === 400 && error.includes(`${SHARDS} shards`);
  console.log(`with by=2: ${response.status} ${error}${isRefused ? '' : ', instead of 400 that names the shards'}`);
  return isRefused ? 0 : 1;
}

async function countPastLimit(local: Local, store: string, limit: number, conditional: boolean): Promise<StoreReport> {
  const answers: { status: number; counter: number | undefined }[] = [];
  for (let call = 0; call < limit + PAST_THE_LIMIT; call += 1) {
    const response = await fetch(`${local.url}/${store}/demo`, {
      method: 'POST',
      headers: { 'x-api-key': local.apiKey },
    });
    const { counter } = (await response.json()) as { counter?: number };
    answers.push({ status: response.status, counter: response.status === 200 ? counter : undefined });
  }
  const values = answers.flatMap(({ counter }) => (counter === undefined ? [] : [counter]));
  const statuses = answers.map(({ status }) => status);
  const metrics = await counterMetrics(local, store);

  const counted = conditional ? limit : limit + PAST_THE_LIMIT;
  const refused = limit + PAST_THE_LIMIT - counted;
  const expectations: [string, unknown, unknown][] = [
    ['values', values, Array.from({ length: counted }, (_, index) => index + 1)],
    ['statuses', statuses, [...Array<number>(counted).fill(200), ...Array<number>(refused).fill(409)]],
    ['metric Increments', metrics['Increments'] ?? 0, counted],
    ['metric LimitReached', metrics['LimitReached'] ?? 0, refused],
    ['metric CounterValue', metrics['CounterValue'] ?? 0, counted],
  ];
  const differences = expectations
    .filter(([, actual, expected]) => JSON.stringify(actual) !== JSON.stringify(expected))
    .map(([what, actual, expected]) => `${what}: ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`);
  return { store, values, statuses, metrics, differences };
}

/** Sums of the store's metrics, and the largest CounterValue. */
async function counterMetrics(local: Local, store: string): Promise<Record<string, number>> {
  const response = await fetch(new URL('/_local/metrics?limit=10000', local.url));
  const { dataPoints } = (await response.json()) as {
    dataPoints: { namespace: string; metricName: string; dimensions: Record<string, string>; value: number }[];
  };
  const metrics: Record<string, number> = {};
  for (const { namespace, metricName, dimensions, value } of dataPoints) {
    const before = metrics[metricName] ?? 0;
    if (dimensions['Store'] === store) metrics[metricName] = Math.max(before, value);
    else if (namespace.endsWith(`/${store}`)) metrics[metricName] = before + value;
  }
  return metrics;
}

function print(local: Local, reports: readonly StoreReport[]): void {
  const rows = reports.map(({ store, values, statuses, metrics, differences }) => [
    store,
    values.join(' '),
    [...new Set(statuses)]
      .map((status) => `${statuses.filter((other) => other === status).length} × ${status}`)
      .join(', '),
    Object.entries(metrics)
      .map(([name, value]) => `${name} ${value}`)
      .join(', '),
    differences.length === 0 ? 'ok' : differences.join('; '),
  ]);
  console.log(`\n${textTable(['store', 'values', 'statuses', 'metrics', 'contract'], rows)}`);
  console.log(`setup state machine: ${local.setup ?? 'none in this template'}`);
}

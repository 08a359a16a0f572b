import { rm } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import {
  CALL_KINDS,
  type CallKind,
  callCosts,
  idleCosts,
  metricCosts,
  type MonthlyCost,
} from '../../compare/cost/cost';
import { type CallCost, callTable, dollars, idleTable, logTable, UNVERIFIED } from '../../compare/cost/table';
import { type KeyedLoad, keysTable } from '../../compare/cost/keys';
import { measureCalls } from '../../compare/cost/measure-calls';
import { type Prices, readPrices } from '../../compare/cost/prices';
import { type Configuration, DEFAULT_SETTINGS, readConfiguration, type StoreName } from '../../lib/configuration';
import { readDeployment } from '../../lib/environment';
import { keptSeconds } from '../../functions/keyed-increment';
import { projectRoot } from '../../lib/project-root';
import { startLocal } from '../../local/main';
import { loadTemplate } from 'template-runtime/cloudformation';
import { writeTable } from '../markdown-table';
import { startProgress } from '../../local/progress';
import { synthesize } from '../../local/synthesize';
import { textTable } from '../text-table';

const PAGE = 'docs/cost.md';

interface DeploymentCost {
  readonly idle: readonly MonthlyCost[];
  /** What the metrics of the log add while they get data. */
  readonly metrics: readonly MonthlyCost[];
  readonly perMillion: readonly CallCost[];
}

/** `npm run cost [-- --json | --write]`: what the configured deployment costs, idle and per million calls. */
export async function printCost(): Promise<void> {
  const { values } = parseArgs({
    options: { json: { type: 'boolean', default: false }, write: { type: 'boolean', default: false } },
  });
  // The page is of every store, with nothing set.
  const configuration = values.write ? readConfiguration({}) : readDeployment(projectRoot()).configuration;
  const { stores } = configuration;
  const settings = values.write ? DEFAULT_SETTINGS : {};
  const { date, region, prices } = readPrices();
  const deployment = await costOf('false', ['unconditional', 'read', 'keyed', 'replayed'], stores, prices, settings);
  const conditional = await costOf('true', ['conditional'], stores, prices, settings);
  const measured = [...deployment.perMillion, ...conditional.perMillion];
  const calls = measured.sort((a, b) => rank(a, stores) - rank(b, stores));
  const keys = keysTable(keyedLoads(configuration), prices);

  if (values.json) {
    const { idle, metrics } = deployment;
    return console.log(JSON.stringify({ date, region, prices, idle, metrics, perMillion: calls }, null, 2));
  }
  if (values.write) {
    writeTable(PAGE, 'cost', callTable(calls));
    writeTable(PAGE, 'keys', keys);
    writeTable(PAGE, 'log', logTable(calls));
    writeTable(PAGE, 'idle', idleTable(deployment.idle));
  }
  console.log(`Prices of ${date}, ${region}, US dollars; compare/prices.json has the sources.\n`);
  print(deployment, calls);
  printTable('What the stores bill for a million increments with new keys:\n', keys);
}

/** Few keys, many, and one less than fills a counter. */
function keyedLoads({ idempotencyWindowSeconds, idempotencyKeysPerCounter: cap }: Configuration): KeyedLoad[] {
  const kept = keptSeconds(idempotencyWindowSeconds);
  return [0.1, 1, (cap - 1) / kept].map((newKeysPerSecond) => ({ newKeysPerSecond, keptSeconds: kept, cap }));
}

/** The stores in the order of the settings, the kinds of call in the order of the table. */
function rank({ measured: { store, kind } }: CallCost, stores: readonly StoreName[]): number {
  return stores.findIndex((name) => name === store) * CALL_KINDS.length + CALL_KINDS.indexOf(kind);
}

async function costOf(
  conditional: 'true' | 'false',
  kinds: readonly CallKind[],
  stores: readonly StoreName[],
  prices: Prices,
  settings: Readonly<Record<string, string>>,
): Promise<DeploymentCost> {
  const outputFolder = `cdk.out.cost-${process.pid}-${conditional}`;
  const measured = { ...settings, USE_CONDITIONAL_WRITES: conditional, MAX_COUNTER_VALUE: '1000' };
  const { say, during } = startProgress();
  const assembly = await during(`Synthesizing with USE_CONDITIONAL_WRITES=${conditional}`, () =>
    synthesize({ outputFolder, settings: measured }),
  );
  try {
    const { resources } = loadTemplate(assembly);
    const local = await startLocal({ assembly, progress: say });
    const perMillion: CallCost[] = [];
    try {
      for (const kind of kinds) {
        say(`Measuring calls on this machine: ${kind} …`);
        for (const measured of await measureCalls(local, resources, stores, kind)) {
          perMillion.push({ measured, lines: callCosts(resources, measured, prices) });
        }
      }
    } finally {
      await local.close();
    }
    return { idle: idleCosts(resources, prices), metrics: metricCosts(resources, prices), perMillion };
  } finally {
    await rm(path.join(projectRoot(), outputFolder), { recursive: true, force: true });
  }
}

function print({ idle, metrics }: DeploymentCost, calls: readonly CallCost[]): void {
  printTable('', idleTable(idle));
  for (const { what, usd, afterFreeTier } of metrics) {
    console.log(`In constant use, ${what} adds ${dollars(usd)}, ${dollars(afterFreeTier)} after the free tier.\n`);
  }
  printTable('A million calls:\n', callTable(calls));
  if (!idle.every(({ verified }) => verified)) console.log('* a price that could not be read at its source');
}

function printTable(title: string, [head = [], ...rows]: readonly (readonly string[])[]): void {
  const plain = rows.map((row) => row.map((text) => text.replace(UNVERIFIED, '*')));
  console.log(`${title}${textTable(head, plain)}\n`);
}

import { rm } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type CostLine, fixedCosts, incrementCosts, type MeasuredIncrement, totalOf } from '../compare/cost';
import { measureIncrements } from '../compare/measure-increments';
import { type Prices, readPrices } from '../compare/prices';
import { readConfiguration, readEnvironment } from '../lib/configuration';
import { projectRoot } from '../lib/project-root';
import { startLocal } from '../local/main';
import { loadTemplate } from '../local/template';
import { reportErrors } from './command-line';
import { synthesize } from './synthesize';
import { textTable } from './text-table';

interface ModeCost {
  readonly mode: 'unconditional' | 'conditional';
  readonly perMonth: readonly CostLine[];
  readonly perMillion: readonly { readonly measured: MeasuredIncrement; readonly lines: readonly CostLine[] }[];
}

/** `npm run cost [-- --json]`: what the configured deployment costs, idle and per million increments, in both modes. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
  const { stores } = readConfiguration(readEnvironment(projectRoot()));
  const { date, region, prices } = readPrices();
  const modes: ModeCost[] = [];
  for (const mode of ['unconditional', 'conditional'] as const) {
    console.error(`Measuring ${mode} increments on this machine …`);
    modes.push(await costOf(mode, stores, prices));
  }
  if (values.json) console.log(JSON.stringify({ date, region, prices, modes }, null, 2));
  else {
    console.log(`Prices of ${date}, ${region}, US dollars; compare/prices.json has the sources.\n`);
    print(modes);
  }
}

async function costOf(mode: ModeCost['mode'], stores: readonly string[], prices: Prices): Promise<ModeCost> {
  const outputFolder = `cdk.out.cost-${process.pid}-${mode}`;
  const settings = { USE_CONDITIONAL_WRITES: String(mode === 'conditional'), MAX_COUNTER_VALUE: '1000' };
  const assembly = await synthesize({ outputFolder, settings });
  try {
    const { resources } = loadTemplate(assembly);
    const local = await startLocal({ assembly });
    try {
      const increments = await measureIncrements(local, resources, stores);
      const perMillion = increments.map((measured) => ({
        measured,
        lines: incrementCosts(resources, measured, prices),
      }));
      return { mode, perMonth: fixedCosts(resources, prices), perMillion };
    } finally {
      await local.close();
    }
  } finally {
    await rm(path.join(projectRoot(), outputFolder), { recursive: true, force: true });
  }
}

const dollars = (usd: number): string => usd.toFixed(2);

function print(modes: readonly ModeCost[]): void {
  const [{ perMonth } = { perMonth: [] }] = modes;
  const idle = [...perMonth.map(({ what, usd }) => [what, dollars(usd)]), ['together', dollars(totalOf(perMonth))]];
  console.log(`${textTable(['per month, whatever it does', '$'], idle)}\n`);

  const parts = [...new Set(modes.flatMap(({ perMillion }) => perMillion.flatMap(({ lines }) => lines.map(group))))];
  const rows = modes.flatMap(({ mode, perMillion }) =>
    perMillion.map(({ measured, lines }) => [
      measured.store,
      mode,
      ...parts.map((part) => dollars(totalOf(lines.filter((line) => group(line) === part)))),
      dollars(totalOf(lines)),
      measured.executionLogBytes.toFixed(0),
    ]),
  );
  console.log('per million increments');
  console.log(textTable(['store', 'mode', ...parts.map((part) => `${part} $`), 'together $', 'log bytes'], rows));
}

/** The column of a line: what a store itself bills shares one. */
const group = ({ what }: CostLine): string => (/DynamoDB|DocumentDB/.test(what) ? 'store' : what);

reportErrors(main());

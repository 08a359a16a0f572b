import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { type BundleOptions, writeBundle } from '../../lib/bundling/function-bundle';
import { projectRoot } from '../../lib/project-root';
import type { Bench } from './bench';
import { median } from './measure';

const STORES = ['redis', 'momento', 'docdb', 'tidb'] as const;
const ROUNDS = 15;

const SDK = '@aws-sdk/client-secrets-manager';

/**
 * Loads the first module, then prints how long loading the second takes: milliseconds of elapsed and of processor time.
 */
const PROGRAM = `
  const [before, file] = process.argv.slice(1);
  if (before !== '') require(before);
  const began = performance.now();
  const cpu = process.cpuUsage();
  if (file !== '') require(file);
  const { user, system } = process.cpuUsage(cpu);
  process.stdout.write(JSON.stringify([performance.now() - began, (user + system) / 1000]));
  process.exit();`;

interface Loading {
  readonly wallMs: number;
  readonly cpuMs: number;
}

/**
 * Compares the functions' bundles with plain minified ones of the same entries, in size and time to load: first both
 * without the AWS SDK, which is loaded before; then plain ones that load the SDK from its own files, as in the Lambda
 * runtime, with the lean ones that include the SDK and are deployed.
 */
export async function benchBundles({ signal, next, table }: Bench): Promise<void> {
  const folder = await mkdtemp(path.join(projectRoot(), 'cdk.out.bundles-')); // inside the project, so that the SDK is found
  const all = 1 + 2 * STORES.length;
  try {
    next('bundling', 0, all);
    const bundles = STORES.map((store) => {
      const write = (name: string, options: BundleOptions): string => {
        const file = path.join(folder, `${store}-${name}.js`);
        writeBundle(`functions/${store}/handler.ts`, file, options);
        return file;
      };
      const plain = write('plain', { modules: {}, includeSdk: false });
      return { store, plain, lean: write('lean', { includeSdk: false }), deployed: write('deployed', {}) };
    });
    const comparisons = [
      {
        ...table(HEAD, 'Without the AWS SDK:'),
        rows: bundles.map(({ store, plain, lean }) => [store, SDK, plain, lean] as const),
      },
      {
        ...table(HEAD, 'With it, plain from its own files and lean in the bundle:'),
        rows: bundles.map(({ store, plain, deployed }) => [store, '', plain, deployed] as const),
      },
    ];
    for (const [index, { add, rows }] of comparisons.entries()) {
      for (const [at, files] of rows.entries()) {
        next(`${files[0]}${files[1] === '' ? ' with the AWS SDK' : ''}`, 1 + index * rows.length + at, all);
        add(await row(files, signal));
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const HEAD = [
  ...['store', 'plain kB', 'lean kB', 'ratio'],
  ...['plain ms', 'lean ms', 'ratio', 'plain CPU ms', 'lean CPU ms', 'ratio'],
];

/** A store, what is loaded before the measurement, and the bundles. */
type Files = readonly [store: string, before: string, plain: string, lean: string];

async function row([store, before, plain, lean]: Files, signal: AbortSignal): Promise<string[]> {
  const [plainMs, leanMs] = await measure(before, [plain, lean], signal);
  return [
    store,
    ...compared(statSync(plain).size / 1000, statSync(lean).size / 1000, 0),
    ...compared(plainMs?.wallMs ?? NaN, leanMs?.wallMs ?? NaN, 1),
    ...compared(plainMs?.cpuMs ?? NaN, leanMs?.cpuMs ?? NaN, 1),
  ];
}

const compared = (plain: number, lean: number, digits: number): string[] => [
  plain.toFixed(digits),
  lean.toFixed(digits),
  (lean / plain).toFixed(2),
];

/** Medians of processes that each load one of the files, in turns, minus the time of an empty load. */
async function measure(before: string, files: readonly string[], signal: AbortSignal): Promise<Loading[]> {
  const candidates = ['', ...files];
  const rounds: Loading[][] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const loadings: Loading[] = [];
    for (const file of candidates) loadings.push(await load(before, file, signal));
    rounds.push(loadings);
  }
  const [none, ...loadings] = candidates.map((_, index) => ({
    wallMs: median(rounds.map((round) => round[index]?.wallMs ?? NaN)),
    cpuMs: median(rounds.map((round) => round[index]?.cpuMs ?? NaN)),
  }));
  return loadings.map(({ wallMs, cpuMs }) => ({
    wallMs: wallMs - (none?.wallMs ?? 0),
    cpuMs: cpuMs - (none?.cpuMs ?? 0),
  }));
}

async function load(before: string, file: string, signal: AbortSignal): Promise<Loading> {
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', PROGRAM, before, file], {
    cwd: projectRoot(),
    env: { ...process.env, AWS_REGION: 'eu-west-1' },
    signal,
  });
  const [wallMs = NaN, cpuMs = NaN] = JSON.parse(stdout) as number[];
  return { wallMs, cpuMs };
}

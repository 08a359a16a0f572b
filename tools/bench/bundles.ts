import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { type BundleOptions, writeBundle } from '../../lib/bundling/function-bundle';
import { projectRoot } from '../../lib/project-root';
import { textTable } from '../text-table';
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
export async function benchBundles(): Promise<void> {
  const folder = await mkdtemp(path.join(projectRoot(), 'cdk.out.bundles-')); // inside the project, so that the SDK is found
  try {
    const bundles = STORES.map((store) => {
      const write = (name: string, options: BundleOptions): string => {
        const file = path.join(folder, `${store}-${name}.js`);
        writeBundle(`functions/${store}/handler.ts`, file, options);
        return file;
      };
      const plain = write('plain', { modules: {}, includeSdk: false });
      return { store, plain, lean: write('lean', { includeSdk: false }), deployed: write('deployed', {}) };
    });
    console.log('Without the AWS SDK:');
    printComparison(bundles.map(({ store, plain, lean }) => row(store, SDK, plain, lean)));
    console.log('\nWith it, plain from its own files and lean in the bundle:');
    printComparison(bundles.map(({ store, plain, deployed }) => row(store, '', plain, deployed)));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function printComparison(rows: readonly string[][]): void {
  const times = ['plain ms', 'lean ms', 'ratio', 'plain CPU ms', 'lean CPU ms', 'ratio'];
  console.log(textTable(['store', 'plain kB', 'lean kB', 'ratio', ...times], rows));
}

/** @param before what is loaded before the measurement */
function row(store: string, before: string, plain: string, lean: string): string[] {
  const [plainMs, leanMs] = measure(before, [plain, lean]);
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
function measure(before: string, files: readonly string[]): Loading[] {
  const candidates = ['', ...files];
  const rounds = Array.from({ length: ROUNDS }, () => candidates.map((file) => load(before, file)));
  const [none, ...loadings] = candidates.map((_, index) => ({
    wallMs: median(rounds.map((round) => round[index]?.wallMs ?? NaN)),
    cpuMs: median(rounds.map((round) => round[index]?.cpuMs ?? NaN)),
  }));
  return loadings.map(({ wallMs, cpuMs }) => ({
    wallMs: wallMs - (none?.wallMs ?? 0),
    cpuMs: cpuMs - (none?.cpuMs ?? 0),
  }));
}

function load(before: string, file: string): Loading {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', PROGRAM, before, file], {
    cwd: projectRoot(),
    encoding: 'utf8',
    env: { ...process.env, AWS_REGION: 'eu-west-1' },
  });
  if (status !== 0) throw new Error(`the bundle could not be loaded: ${stderr.trim()}`);
  const [wallMs = NaN, cpuMs = NaN] = JSON.parse(stdout) as number[];
  return { wallMs, cpuMs };
}

import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { writeBundle } from '../../lib/function-bundle';
import { projectRoot } from '../../lib/project-root';
import { textTable } from '../text-table';

const STORES = ['redis', 'momento', 'docdb', 'tidb'] as const;
const ROUNDS = 15;

/**
 * Prints what loading a file takes, in milliseconds: the wall clock's and the processor's. The AWS SDK is loaded first: it
 * is in no bundle, and on Lambda it belongs to the runtime.
 */
const PROGRAM = `
  require('@aws-sdk/client-secrets-manager');
  const began = performance.now();
  const cpu = process.cpuUsage();
  if (process.argv[1] !== '') require(process.argv[1]);
  const { user, system } = process.cpuUsage(cpu);
  process.stdout.write(JSON.stringify([performance.now() - began, (user + system) / 1000]));
  process.exit();`;

interface Loading {
  readonly wallMs: number;
  readonly cpuMs: number;
}

/** The bundles of the functions beside plain minified ones of the same entries: size, and time to load. */
export async function benchBundles(): Promise<void> {
  const folder = await mkdtemp(path.join(projectRoot(), 'cdk.out.bundles-')); // below the project, for the SDK to be found
  try {
    const rows = STORES.map((store) => {
      const [plain, lean] = [path.join(folder, `${store}-plain.js`), path.join(folder, `${store}.js`)];
      writeBundle(`functions/${store}/handler.ts`, plain, { modules: {} });
      writeBundle(`functions/${store}/handler.ts`, lean);
      const [plainMs, leanMs] = measure([plain, lean]);
      return [
        store,
        ...compared(statSync(plain).size / 1000, statSync(lean).size / 1000, 0),
        ...compared(plainMs?.wallMs ?? NaN, leanMs?.wallMs ?? NaN, 1),
        ...compared(plainMs?.cpuMs ?? NaN, leanMs?.cpuMs ?? NaN, 1),
      ];
    });
    const times = ['plain ms', 'lean ms', 'ratio', 'plain CPU ms', 'lean CPU ms', 'ratio'];
    console.log(textTable(['store', 'plain kB', 'lean kB', 'ratio', ...times], rows));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const compared = (plain: number, lean: number, digits: number): string[] => [
  plain.toFixed(digits),
  lean.toFixed(digits),
  (lean / plain).toFixed(2),
];

/** Medians of processes that load one of the files each, by turns; what an empty load takes is subtracted. */
function measure(files: readonly string[]): Loading[] {
  const candidates = ['', ...files];
  const rounds = Array.from({ length: ROUNDS }, () => candidates.map(load));
  const [none, ...loadings] = candidates.map((_, index) => ({
    wallMs: median(rounds.map((round) => round[index]?.wallMs ?? NaN)),
    cpuMs: median(rounds.map((round) => round[index]?.cpuMs ?? NaN)),
  }));
  return loadings.map(({ wallMs, cpuMs }) => ({
    wallMs: wallMs - (none?.wallMs ?? 0),
    cpuMs: cpuMs - (none?.cpuMs ?? 0),
  }));
}

function load(file: string): Loading {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', PROGRAM, file], {
    cwd: projectRoot(),
    encoding: 'utf8',
    env: { ...process.env, AWS_REGION: 'eu-west-1' },
  });
  if (status !== 0) throw new Error(`the bundle could not be loaded: ${stderr.trim()}`);
  const [wallMs = NaN, cpuMs = NaN] = JSON.parse(stdout) as number[];
  return { wallMs, cpuMs };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

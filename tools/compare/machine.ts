import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { arch, cpus, release, totalmem, type } from 'node:os';
import path from 'node:path';
import type { Machine } from '../../compare/report';
import { projectRoot } from '../../lib/project-root';

/** The machine that measures. */
export function thisMachine(): Machine {
  const all = cpus();
  return {
    cpu: all[0]?.model.trim() || arch(),
    cores: all.length,
    memoryBytes: totalmem(),
    os: `${type()} ${release().split('-')[0] ?? ''}`, // without the distribution's own suffix
    node: process.version,
  };
}

/** What a measurement depends on beside the project: the stores' clients and what is embedded. */
const MEASURED = ['ioredis', '@gomomento/sdk', 'mongodb', 'mysql2', '@aws-sdk/client-sfn', 'dynalite', 'jsonata'];

/** The project's version, its commit where it is a checkout, and those of the packages that a measurement depends on. */
export function measuredVersions(): Record<string, string> {
  return {
    'atomic-counter': `${versionIn(projectRoot())}${commit()}`,
    ...Object.fromEntries(
      MEASURED.map((name) => [name, versionIn(path.join(projectRoot(), 'node_modules', ...name.split('/')))]),
    ),
  };
}

function versionIn(folder: string): string {
  return (JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as { version: string }).version;
}

function commit(): string {
  try {
    const git = (...args: string[]): string =>
      execFileSync('git', args, { cwd: projectRoot(), encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    return ` (${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain') === '' ? '' : ', changed'})`;
  } catch {
    return ''; // not a checkout
  }
}

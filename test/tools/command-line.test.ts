import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { projectRoot } from '../../lib/project-root';

const { scripts } = JSON.parse(readFileSync(path.join(projectRoot(), 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

/** The scripts that are commands of this project, and their compiled files. */
const COMMANDS = Object.entries(scripts).flatMap(([name, script]) => {
  const [, file] = /^node bin\/compile\.mjs && node (\S+)$/.exec(script) ?? [];
  return file === undefined ? [] : [[name, file] as const];
});

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(file: string, ...args: string[]): Promise<Ended> {
  try {
    const printed = await promisify(execFile)(process.execPath, [file, ...args], { cwd: projectRoot() });
    return { code: 0, ...printed };
  } catch (error) {
    return error as Ended;
  }
}

describe.each(COMMANDS)('npm run %s', (name, file) => {
  it('tells by --help how it is called, and does nothing else', async () => {
    const { code, stdout, stderr } = await run(file, '--help');

    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(new RegExp(`^(?:Usage: )?npm run ${name}\\b`));
    expect(stdout.trim().split('\n').length).toBeGreaterThan(2);
  });

  if (name === 'test:stores') return; // its options are jest's

  it('refuses what it does not know, in one line, before it does anything', async () => {
    const { code, stdout, stderr } = await run(file, '--no-such-option');

    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('no-such-option');
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});

describe('a command that is interrupted', () => {
  it('ends at once, and leaves neither a folder nor a synthesis behind', async () => {
    const { openapi = '' } = Object.fromEntries(COMMANDS);
    const command = spawn(process.execPath, [openapi], { cwd: projectRoot() });
    const folder = path.join(projectRoot(), `cdk.out.openapi-${command.pid}`);
    while (!existsSync(folder)) await setTimeout(20);

    command.kill('SIGINT');
    const [code] = (await once(command, 'exit')) as [number];
    await setTimeout(500); // a synthesis that went on would make it again

    expect(code).toBe(130);
    expect(existsSync(folder)).toBe(false);
  });
});

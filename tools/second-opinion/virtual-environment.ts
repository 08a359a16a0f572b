import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '../../lib/project-root';
import type { Emulator } from './emulators';

const run = promisify(execFile);

/**
 * Installs the emulator with every dependency at the version of its requirements file.
 *
 * @returns the folder with the installed commands, and the emulator's version
 * @throws Error naming the missing Python, or with pip's message
 */
export async function install(
  emulator: Emulator,
  folder: string,
  signal: AbortSignal,
): Promise<{ commands: string; version: string }> {
  const python = await findPython(emulator);
  const environment = path.join(folder, 'python');
  const commands = path.join(environment, 'bin');
  await run(python, ['-m', 'venv', environment], { signal });
  const requirements = path.join(projectRoot(), 'tools', 'second-opinion', `${emulator.name}.requirements.txt`);
  await run(
    path.join(commands, 'python'),
    ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements],
    { signal, maxBuffer: 2 ** 26 },
  );
  const { stdout } = await run(
    path.join(commands, 'python'),
    ['-c', `from importlib.metadata import version; print(version('${emulator.package}'))`],
    { signal },
  );
  return { commands, version: stdout.trim() };
}

async function findPython({ name, python: minor }: Emulator): Promise<string> {
  const newer = Array.from({ length: 5 }, (_, index) => `python3.${minor + index}`);
  const candidates = [process.env['PYTHON'], 'python3', ...newer].filter((candidate) => candidate !== undefined);
  for (const candidate of candidates) {
    const found = await run(candidate, ['-c', 'import ensurepip, sys; print(sys.version_info.minor)']).catch(
      () => null,
    );
    if (found !== null && Number(found.stdout) >= minor) return candidate;
  }
  throw new Error(
    `${name} needs Python 3.${minor} or newer with venv: install it, or set PYTHON=/path/to/python3.${minor}`,
  );
}

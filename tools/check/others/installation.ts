import { execFile } from 'node:child_process';
import { cp, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '../../../lib/project-root';

const run = promisify(execFile);

/** The packages of PyPI, each in an environment of its own, with what pip installs and the version of which is shown. */
const PYTHON_PACKAGES: Readonly<Record<string, string>> = {
  'flask-limiter': 'flask-limiter==4.1.1',
  moto: 'moto[server,dynamodb]==5.2.5',
  ministack: 'ministack==1.5.33',
};

/** Folders with what was installed. */
export interface Installed {
  /** The scripts of `servers/` with their `node_modules`. */
  readonly node: string;
  /** A virtual environment for each package, by its name. */
  readonly python: string;
}

/**
 * Installs what some of the counters need, by npm and pip, outside of the project.
 *
 * @throws Error with what they said
 */
export async function install(
  packages: readonly { readonly registry: 'npm' | 'PyPI'; readonly name: string }[],
  folder: string,
  progress: (line: string) => void,
): Promise<Installed> {
  const [node, python] = [path.join(folder, 'node'), path.join(folder, 'python')];
  await mkdir(python, { recursive: true });
  await cp(path.join(projectRoot(), 'tools', 'check', 'others', 'servers'), node, { recursive: true });
  progress('installing by npm');
  await run('npm', ['install', '--no-audit', '--no-fund', '--silent'], { cwd: node });
  for (const name of new Set(packages.filter(({ registry }) => registry === 'PyPI').map((each) => each.name))) {
    progress(`installing ${name} by pip`);
    const environment = path.join(python, name);
    await run(process.env['PYTHON'] ?? 'python3', ['-m', 'venv', environment]);
    const requirement = PYTHON_PACKAGES[name] ?? name;
    const options = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', requirement];
    await run(path.join(environment, 'bin', 'python'), options, { maxBuffer: 2 ** 26 });
  }
  return { node, python };
}

/** The version that was installed. */
export async function versionOf(
  { registry, name }: { readonly registry: 'npm' | 'PyPI'; readonly name: string },
  { node }: Installed,
): Promise<string> {
  if (registry === 'PyPI') return (PYTHON_PACKAGES[name] ?? '').split('==')[1] ?? '';
  const text = await readFile(path.join(node, 'node_modules', name, 'package.json'), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}

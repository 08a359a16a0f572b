import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Job, startGenerator } from '../../../compare/load';
import { projectRoot } from '../../../local/project-root';

let folder: string;
let pidFile: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'generator-'));
  pidFile = path.join(folder, 'pid');
});
afterEach(() => rm(folder, { recursive: true }));

const endless = (): Job => ({
  target: { kind: 'module', file: path.join(__dirname, 'fixtures', 'counter.cjs'), options: { pidFile } },
  load: { kind: 'closed', concurrency: 1 },
  ids: ['votes'],
  warmUpMs: 0,
  durationMs: 600_000,
});

/** The generator's process, once it has opened its target. */
async function generatorPid(): Promise<number> {
  for (;;) {
    const text = await readFile(pidFile, 'utf8').catch(() => '');
    if (text !== '') return Number(text);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

it('leaves it to its parent what Ctrl-C means', async () => {
  const generator = await startGenerator();
  const abort = new AbortController();
  const running = generator.run(endless(), { signal: abort.signal });

  process.kill(await generatorPid(), 'SIGINT');
  abort.abort();

  const round = await running;
  expect(round.invalid).toBe('interrupted');
  expect(round.verdict.isExact).toBe(true);
  await generator.close();
});

it('ends when its parent was killed', async () => {
  const load = path.join(projectRoot(), 'dist', 'compare', 'load');
  const script = `require(${JSON.stringify(load)}).startGenerator().then((generator) => generator.run(${JSON.stringify(endless())}))`;
  const parent = spawn(process.execPath, ['-e', script], { stdio: 'ignore' });
  const pid = await generatorPid();
  expect(isRunning(pid)).toBe(true);

  parent.kill('SIGKILL');
  await once(parent, 'exit');

  while (isRunning(pid)) await new Promise((resolve) => setTimeout(resolve, 20));
});

it('ends when it is closed, whatever it does', async () => {
  const generator = await startGenerator();
  const running = generator.run(endless());
  const pid = await generatorPid();

  await Promise.all([generator.close(), expect(running).rejects.toThrow('the load generator ended with code 0')]);

  expect(isRunning(pid)).toBe(false);
});

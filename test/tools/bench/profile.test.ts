import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { cpuProfiles } from '../../../tools/bench/cpu-profiles';
import { topOf } from '../../../tools/bench/profile';

const node = (id: number, functionName: string, url = '') => ({ id, callFrame: { functionName, url } });

describe('the top of profiles', () => {
  it('has what functions took themselves, in all threads, as shares of what was measured', () => {
    const main = {
      nodes: [node(1, '(idle)'), node(2, 'visit', 'file:///a/visit.js'), node(3, '', 'node:events')],
      samples: [2, 1, 3, 2],
      timeDeltas: [9, 40, 500, 20, 20],
    };
    const worker = {
      nodes: [node(7, 'visit', '/b/visit.js'), node(8, 'writev')],
      samples: [7, 8],
      timeDeltas: [9, 10, 10],
    };

    expect(topOf([main, worker], 1000)).toEqual([
      ['all', 1000],
      ['visit visit.js', 700],
      ['(anonymous) node:events', 200],
      ['writev', 100],
    ]);
  });
});

/** Two threads that are busy, each with a function of its own. */
const PROGRAM = `
  const spin = (ms) => { const until = Date.now() + ms; while (Date.now() < until); };
  function inMain() { spin(5); setTimeout(inMain, 1); }
  inMain();
  new (require('node:worker_threads').Worker)(
    'function inWorker() { const until = Date.now() + 5; while (Date.now() < until); setTimeout(inWorker, 1); } inWorker()',
    { eval: true, execArgv: [] },
  ).once('online', () => console.log('online'));`;

/** @param work gets the address of the inspector of a process that runs a program */
async function whileRuns(program: string, work: (inspector: string) => Promise<void>): Promise<void> {
  const running = spawn(process.execPath, ['--inspect=0', '-e', program], { stdio: ['ignore', 'pipe', 'pipe'] });
  try {
    const [listening] = (await once(running.stderr, 'data')) as [Buffer];
    await once(running.stdout, 'data');
    await work(/ws:\S+/.exec(String(listening))?.[0] ?? '');
  } finally {
    running.kill();
  }
}

it('a profile is of all threads of a process', () =>
  whileRuns(PROGRAM, async (inspector) => {
    const profiles = await cpuProfiles(inspector, () => sleep(1000));

    expect(profiles).toHaveLength(2);
    const names = profiles.map(({ nodes }) => nodes.map(({ callFrame }) => callFrame.functionName));
    expect(names[0]).toContain('inMain');
    expect(names[1]).toContain('inWorker');
  }));

it('a profile is of the threads that are there to its end', () =>
  whileRuns(
    `${PROGRAM}
    new (require('node:worker_threads').Worker)('setTimeout(() => process.exit(), 1500)', { eval: true, execArgv: [] });`,
    async (inspector) => {
      const profiles = await cpuProfiles(inspector, () => sleep(2500));

      expect(profiles).toHaveLength(2);
    },
  ));

it('a profile is refused in one line where no inspector is', async () => {
  const profiling = cpuProfiles('ws://127.0.0.1:1/none', () => Promise.resolve());

  await expect(profiling).rejects.toThrow('no inspector answers at ws://127.0.0.1:1/none');
});

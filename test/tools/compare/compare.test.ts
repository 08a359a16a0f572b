import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import type { Cell, Comparison } from '../../../compare/report/comparison';
import { parseComparison } from '../../../compare/report/json';
import { projectRoot } from '../../../lib/project-root';
import { type Local, startLocal } from '../../../local/main';
import { URL_SETTINGS } from '../../../local/store-address';
import { realisticComparison } from '../../compare/report/fixture';
import { sharedAssembly } from '../../local/assembly';
import { describeCell } from '../../../tools/compare/plan';

/** The stores are the embedded ones, whatever servers the other tests run on. */
const EMBEDDED = Object.fromEntries(Object.values(URL_SETTINGS).map((setting) => [setting, '']));

describe('npm run compare', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'compare-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Runs the command until it ends, or by a Ctrl-C that is sent when it has printed a text. */
  async function compare(args: readonly string[], settings: Record<string, string> = {}, interruptAt?: string) {
    const child = spawn(
      process.execPath,
      [path.join(projectRoot(), 'dist', 'bin', 'compare.js'), '--output', folder, ...args],
      { cwd: projectRoot(), env: { ...process.env, ...EMBEDDED, ...settings }, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    child.stdout.on('data', (chunk: Buffer) => {
      if (interruptAt !== undefined && chunk.includes(interruptAt)) child.kill('SIGINT');
    });
    const ended = once(child, 'close') as Promise<[number | null]>;
    const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    const leftBehind = readdirSync(projectRoot()).filter((name) => name.startsWith(`cdk.out.compare-${child.pid}`));
    return { code, output, errors, leftBehind };
  }
  const comparison = (): Comparison => {
    const file = path.join(folder, 'comparison.json');
    return parseComparison(readFileSync(file, 'utf8'), file);
  };
  const isTextbook = ({ strategy }: Cell): boolean => strategy !== undefined;

  it('measures each store and mode, judges every cell, and writes the report', async () => {
    const { code, output, errors, leftBehind } = await compare([
      ...['--stores', 'dynamo,momento', '--concurrency', '1,4', '--rate', '20', '--counters', '1,3'],
      ...['--duration', '200ms', '--rounds', '2', '--direct'],
    ]);

    expect([errors, code]).toEqual(['', 0]);
    expect(leftBehind).toEqual([]);
    const { cells, ...measured } = comparison();
    expect(cells.map(describeCell)).toEqual(
      ['dynamo', 'momento'].flatMap((store) =>
        ['unconditional', 'conditional'].flatMap((mode) => [
          `${store}, ${mode}, 1 callers`,
          `${store}, ${mode}, 4 callers`,
          `${store}, ${mode}, 4 callers, 3 counters`,
          ...(mode === 'unconditional' ? [`${store}, ${mode}, 4 callers, 3 counters, keys`] : []),
          `${store}, ${mode}, 20 calls/s`,
          `${store}, ${mode}, 1 callers, direct`,
          `${store}, ${mode}, 4 callers, direct`,
          ...(mode === 'conditional' ? [`${store}, ${mode}, 4 callers, limit 100, state-machine`] : []),
          ...(mode === 'conditional' && store === 'momento'
            ? [`${store}, ${mode}, 4 callers, set-if-not-equal, state-machine`]
            : []),
        ]),
      ),
    );
    for (const cell of cells) {
      expect(cell.rounds).toHaveLength(2);
      for (const { outcomes } of cell.rounds) expect(outcomes.incremented).toBeGreaterThan(0);
      const isExact = cell.rounds.every(({ verdict }) => verdict.isExact);
      expect([describeCell(cell), isExact]).toEqual([describeCell(cell), !isTextbook(cell)]);
    }
    const limited = cells.filter(({ limit, store }) => limit !== undefined && store === 'dynamo');
    expect(limited.flatMap(({ rounds }) => rounds.map(({ outcomes }) => outcomes.incremented))).toEqual([100, 100]);
    expect(measured).toMatchObject({
      servers: { dynamo: { kind: 'emulator' }, momento: { kind: 'stand-in' } },
      coldStarts: [{ store: 'dynamo' }, { store: 'momento' }],
      costs: [
        { store: 'dynamo', mode: 'unconditional' },
        { store: 'momento', mode: 'unconditional' },
        { store: 'dynamo', mode: 'unconditional', keyed: true },
        { store: 'momento', mode: 'unconditional', keyed: true },
        { store: 'dynamo', mode: 'conditional' },
        { store: 'momento', mode: 'conditional' },
      ],
    });
    expect(output).toContain(path.join(folder, 'comparison.html'));
    const files = [
      'comparison.csv',
      'comparison.html',
      'comparison.json',
      'throughput-dark.svg',
      'throughput-light.svg',
    ];
    expect(readdirSync(folder).sort()).toEqual(files);
  }, 180_000);

  it('writes on Ctrl-C what was measured until then, and says that it is partial', async () => {
    const args = ['--stores', 'dynamo', '--modes', 'unconditional', '--duration', '200ms', '--rounds', '50'];

    const { code, errors, leftBehind } = await compare(args, {}, 'round 2 of 50');

    expect(code).toBe(130);
    expect(errors).toContain('what was measured so far is written');
    expect(comparison().partial).toBe('interrupted');
    expect(readFileSync(path.join(folder, 'comparison.html'), 'utf8')).toContain('interrupted');
    expect(leftBehind).toEqual([]);
  }, 180_000);

  it('writes nothing when it is ended before anything was measured', async () => {
    const { code, errors, leftBehind } = await compare(['--stores', 'dynamo'], {}, 'Synthesizing');

    expect(code).toBe(130);
    expect(errors).toContain('nothing is written');
    expect(existsSync(path.join(folder, 'comparison.json'))).toBe(false);
    expect(leftBehind).toEqual([]);
  }, 180_000);

  it('measures stores that are further away', async () => {
    const args = ['--modes', 'unconditional', '--concurrency', '1', '--counters', '1', '--rounds', '1'];

    const { code } = await compare([
      ...args,
      '--stores',
      'dynamo,redis,tidb',
      '--duration',
      '400ms',
      '--latency',
      '30ms',
    ]);

    expect(code).toBe(0);
    const { cells, addedLatencyMs } = comparison();
    expect(addedLatencyMs).toBe(30);
    // There and back: a caller that waits makes fewer than 1000 / 60 calls a second.
    const waiting = cells.filter(({ load }) => load.kind === 'closed');
    expect(waiting.map(({ store }) => store)).toEqual(['dynamo', 'redis', 'tidb']);
    for (const { outcomes, durationMs } of waiting.flatMap(({ rounds }) => rounds)) {
      expect(outcomes.incremented).toBeGreaterThan(0);
      expect(outcomes.incremented / (durationMs / 1000)).toBeLessThan(17);
    }
  }, 180_000);

  it('writes a report again from its JSON, which it follows', async () => {
    const measured = realisticComparison({ rounds: 1, stores: ['redis'] });
    writeFileSync(path.join(folder, 'before.json'), JSON.stringify({ ...measured, command: 'as typed once' }));

    const { code } = await compare(['--render', path.join(folder, 'before.json')]);

    expect(code).toBe(0);
    expect(readFileSync(path.join(folder, 'comparison.html'), 'utf8')).toContain('as typed once');
    expect(comparison().cells).toEqual(measured.cells);
  });

  it('searches for the highest rate within a latency', async () => {
    const args = ['--stores', 'dynamo', '--modes', 'unconditional', '--concurrency', '1', '--counters', '1'];

    const { code } = await compare([...args, '--rounds', '1', '--duration', '100ms', '--slo', 'p50=50ms']);

    expect(code).toBe(0);
    const { slo, costs } = comparison();
    expect(costs).toMatchObject([{ store: 'dynamo', mode: 'unconditional' }]); // no cell has keys, and no price either
    expect(slo).toMatchObject({ percentile: 50, latencyMs: 50, results: [{ store: 'dynamo', mode: 'unconditional' }] });
    expect(slo?.results[0]?.probes.length).toBeGreaterThan(1);
  }, 180_000);

  it.each([
    [['--stores', 'oracle'], '--stores must be among dynamo, redis, momento, docdb, tidb, got "oracle"\n'],
    [['--render', 'none.json'], '--render must be the comparison.json of an earlier run'],
    [['--baseline', 'none.json'], '--baseline must be the comparison.json of an earlier run'],
    [['--url', 'http://127.0.0.1:1/prod', '--api-key', 'k'], '--url: nothing answers at 127.0.0.1:1'],
  ])('refuses what can’t work, in a line: %j', async (args, message) => {
    const { code, errors } = await compare(args);

    expect(code).toBe(1);
    expect(errors).toContain(message);
    expect(errors).not.toContain('    at ');
  });

  describe('on a deployed stack', () => {
    let local: Local;
    beforeAll(async () => {
      const settings = { STORES: 'dynamo,momento', USE_CONDITIONAL_WRITES: 'true', MAX_COUNTER_VALUE: '10' };
      local = await startLocal({ assembly: await sharedAssembly(settings) });
    });
    afterAll(() => local.close());

    const QUICK = ['--concurrency', '1,4', '--counters', '1', '--duration', '300ms', '--rounds', '1'];

    it('measures its API in its mode, below its limits, and tells neither key nor costs', async () => {
      const { code, output } = await compare(
        [...QUICK, '--stores', 'dynamo', '--url', local.url, '--api-key', local.apiKey],
        { MAX_COUNTER_VALUE: '10', THROTTLE_RATE: '400' },
      );

      expect(code).toBe(0);
      expect(output).toContain('usage plan of the settings: 400 calls a second');
      const { cells, command, costs, servers } = comparison();
      expect(command).not.toContain(local.apiKey);
      expect([servers, costs]).toEqual([{ dynamo: { name: 'as deployed', kind: 'aws' } }, []]);
      expect(cells.map(({ mode, limit }) => [mode, limit])).toEqual(cells.map(() => ['conditional', 10]));
      for (const { rounds } of cells) {
        for (const { invalid, verdict, outcomes } of rounds) {
          expect(verdict.isExact).toBe(true);
          if (invalid === undefined) expect(outcomes.incremented).toBe(10);
          else expect(invalid).toContain("the usage plan's 400");
        }
      }
    }, 180_000);

    it('measures its state machine in both modes', async () => {
      const arn = local.stepFunctions.stateMachines.find(({ name }) => name.endsWith('-increment'))?.arn ?? '';

      const { code } = await compare([...QUICK, '--stores', 'momento', '--state-machine-arn', arn], {
        AWS_ENDPOINT_URL_SFN: new URL(local.url).origin,
      });

      expect(code).toBe(0);
      const { cells } = comparison();
      expect(new Set(cells.map(({ mode, path: way }) => `${mode} ${way}`))).toEqual(
        new Set(['unconditional state-machine', 'conditional state-machine']),
      );
      expect(cells.filter((cell) => cell.rounds.some(({ verdict }) => !verdict.isExact)).every(isTextbook)).toBe(true);
    }, 180_000);
  });
});

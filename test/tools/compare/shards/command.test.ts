import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { parseShards, summarizeShards } from '../../../../compare/report';
import { projectRoot } from '../../../../lib/project-root';

describe('npm run compare -- --shards', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'compare-shards-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Runs the command until it ends, or by a Ctrl-C that is sent when it has printed a text. */
  async function compare(args: readonly string[], interruptAt?: string) {
    const child = spawn(
      process.execPath,
      [path.join(projectRoot(), 'dist', 'bin', 'compare.js'), '--output', folder, ...args],
      { cwd: projectRoot(), stdio: ['ignore', 'pipe', 'pipe'] },
    );
    child.stdout.on('data', (chunk: Buffer) => {
      if (interruptAt !== undefined && chunk.includes(interruptAt)) child.kill('SIGINT');
    });
    const ended = once(child, 'close') as Promise<[number | null]>;
    const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    const leftBehind = readdirSync(projectRoot()).filter((name) => name.startsWith(`cdk.out.compare-${child.pid}`));
    return { code, output, errors, leftBehind };
  }

  it('sells exactly a limit over items that are throttled, and on Ctrl-C writes what was measured', async () => {
    const args = ['--shards', '1,2', '--item-limit', '10', '--duration', '1s', '--rounds', '5'];

    const { code, output, errors, leftBehind } = await compare(args, 'round 2 of 5: 1 item');

    expect(code).toBe(130);
    expect(errors).toContain('what was measured so far is written');
    expect(leftBehind).toEqual([]);
    expect(output).toContain('1 : 100, 10 writes a second an item instead of 1,000');
    const comparison = parseShards(readFileSync(path.join(folder, 'shards.json'), 'utf8'), 'shards.json');
    expect(comparison).toMatchObject({ partial: 'interrupted', itemLimitPerSecond: 10 });
    const summaries = summarizeShards(comparison);
    expect(summaries).toMatchObject(
      [1, 2].map((shards) => ({ shards, straightPerSecond: 10 * shards, exactness: 'exact', isWithinLimit: true })),
    );
    for (const { sellingOut } of summaries) expect(sellingOut.sold).toEqual([sellingOut.limit]);
    for (const { shards, rounds } of comparison.cells) {
      for (const { steady } of rounds) {
        const { counted } = steady.verdict.counts;
        // From full buckets, twice where shards were made first.
        expect(counted).toBeLessThanOrEqual(shards * 10 * (steady.durationMs / 1000 + (shards === 1 ? 1 : 2)));
        expect(steady.window.requests.throttled).toBeGreaterThan(0);
      }
    }
    expect(readdirSync(folder).sort()).toEqual([
      'shards-dark.svg',
      'shards-light.svg',
      'shards.csv',
      'shards.html',
      'shards.json',
    ]);
  }, 240_000);

  it('writes the report again from its JSON', async () => {
    const before = readFileSync(path.join(folder, 'shards.html'), 'utf8');

    const { code } = await compare(['--render', path.join(folder, 'shards.json')]);

    expect(code).toBe(0);
    expect(readFileSync(path.join(folder, 'shards.html'), 'utf8')).toBe(before);
  });

  it('is no baseline of the stores', async () => {
    const { code, errors } = await compare(['--baseline', path.join(folder, 'shards.json')]);

    expect(code).toBe(1);
    expect(errors).toContain('--baseline must be a comparison of stores, got one of shards');
    expect(errors).not.toContain('    at ');
  });

  it('refuses in a line what makes no sense beside it', async () => {
    const { code, errors } = await compare(['--shards', '4', '--latency', '2ms']);

    expect(code).toBe(1);
    expect(errors).toBe("--shards measures DynamoDB's counters on this machine alone: leave out --latency\n");
  });
});

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseShards, summarizeShards } from '../../../../compare/report';
import { projectRoot } from '../../../../lib/project-root';

const committed = path.join(projectRoot(), 'docs', 'comparison-shards');
const read = (folder: string, name: string): string => readFileSync(path.join(folder, name), 'utf8');

describe('the committed comparison of shards', () => {
  it('found every counter exact, within the limit of its items, and sold each limit exactly', () => {
    const summaries = summarizeShards(parseShards(read(committed, 'shards.json'), 'shards.json'));

    expect(summaries.map(({ shards }) => shards)).toEqual([1, 2, 4, 8, 16]);
    for (const summary of summaries) {
      expect(summary).toMatchObject({ exactness: 'exact', isWithinLimit: true, invalidReasons: [] });
      for (const sold of summary.sellingOut.sold) expect(sold).toBe(summary.sellingOut.limit);
    }
  });

  it('is what its JSON says, and nothing else', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'example-'));
    const command = path.join(projectRoot(), 'dist', 'bin', 'compare.js');
    const file = path.join(committed, 'shards.json');

    execFileSync(process.execPath, [command, '--render', file, '--output', folder], { cwd: projectRoot() });

    expect(readdirSync(folder)).toEqual(readdirSync(committed));
    for (const name of readdirSync(folder)) {
      expect([name, read(folder, name) === read(committed, name)]).toEqual([name, true]);
    }
    rmSync(folder, { recursive: true });
  });
});

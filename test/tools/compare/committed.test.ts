import { lostFrom, lossText, outputFor } from '../../../tools/compare/committed';
import { planCells } from '../../../tools/compare/plan';
import { parseOptions } from '../../../tools/compare/options';
import { STORE_NAMES } from '../../../lib/configuration';
import path from 'node:path';
import { projectRoot } from '../../../lib/project-root';

const COMMITTED = path.join(projectRoot(), 'docs', 'comparison');
const SHARDS = path.join(projectRoot(), 'docs', 'comparison-shards');

const cells = (...args: string[]) => {
  const options = parseOptions(args, STORE_NAMES, []);
  return options ? planCells(options) : [];
};
const server = { name: 'one', kind: 'server' } as const;
const servers = { dynamo: server, redis: server, docdb: server, tidb: server };

describe('a report of docs/', () => {
  it('loses nothing by a run that measures as much', () => {
    expect(lostFrom(COMMITTED, { cells: cells('--direct'), servers, hasSlo: true })).toEqual([]);
    expect(lostFrom(SHARDS, { shards: [1, 2, 4, 8, 16, 64] })).toEqual([]);
  });

  it('would lose stores, servers and rates by a smaller run, which says so', () => {
    const fewer = { dynamo: server, redis: server, docdb: server };

    expect(lostFrom(COMMITTED, { cells: cells('--direct'), servers: fewer, hasSlo: true })).toEqual([
      'the server of tidb',
    ]);
    expect(lostFrom(COMMITTED, { cells: cells('--direct'), servers, hasSlo: false })).toEqual([
      'the highest rates (--slo)',
    ]);
    expect(lostFrom(COMMITTED, { cells: cells('--stores', 'dynamo', '--direct'), servers, hasSlo: true })).toContain(
      'redis, conditional, 32 callers',
    );
    expect(lostFrom(SHARDS, { shards: [1, 4] })).toEqual(['2 shards', '8 shards', '16 shards']);
    expect(lossText('docs/x', ['2 shards', '8 shards'])).toBe(
      "docs/x has what this run doesn't measure: 2 shards and 1 more",
    );
  });

  it('stays as it is where a measurement is interrupted', () => {
    const told = jest.spyOn(console, 'error').mockImplementation(() => undefined);

    expect([outputFor(COMMITTED, false), outputFor(COMMITTED, true), outputFor('elsewhere', true)]).toEqual([
      COMMITTED,
      'comparison',
      'elsewhere',
    ]);
    expect(told).toHaveBeenCalledTimes(1);
    told.mockRestore();
  });
});

describe('a report elsewhere', () => {
  it('is replaced', () => {
    expect(lostFrom('comparison', { cells: [] })).toEqual([]);
  });
});

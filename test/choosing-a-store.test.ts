import { readFileSync } from 'node:fs';
import path from 'node:path';

/** The rows of a page's tables, cell by cell. */
function rowsOf(page: string): string[][] {
  return readFileSync(path.join(__dirname, '../docs', page), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split('|').slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim()));
}

const dollars = (cell = ''): number => Number(cell.replace('$', ''));

const STORES = { dynamo: 'DynamoDB', redis: 'Redis', momento: 'Momento', docdb: 'DocumentDB', tidb: 'TiDB' };

/** Lambda's part is that of a measured duration, which differs from run to run by up to two tenths of a dollar. */
const TOLERANCE = 0.25;

describe('docs/choosing-a-store.md', () => {
  it.each(Object.entries(STORES))('prices a million calls of %s as docs/cost.md does', (store, title) => {
    const chosen = rowsOf('choosing-a-store.md').find((row) => row[0] === title && row[1]?.startsWith('$'));
    const measured = rowsOf('cost.md').filter((row) => row[0] === store);

    ['increment', 'increment, limit', 'read'].forEach((call, column) => {
      const row = measured.find(([, measuredCall]) => measuredCall === call);
      expect(Math.abs(dollars(chosen?.[3 + column]) - dollars(row?.at(-1)))).toBeLessThan(TOLERANCE);
    });
  });
});

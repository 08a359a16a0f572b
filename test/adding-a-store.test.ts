import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { STORE_NAMES } from '../lib/configuration';
import { STORE_TITLES } from '../lib/stores/store';

const root = path.join(__dirname, '..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

const [, table = ''] = /<!-- checklist -->([^]*)<!-- \/checklist -->/.exec(read('docs/architecture.md')) ?? [];
const ROWS = Array.from(table.matchAll(/^\| (.+?) +\| `(.+?)` +\| `(.+?)` +\|$/gm), ([, stores = '', ...cells]) => ({
  stores,
  cells,
}));

/** Those that a row speaks of. */
const STORES: Readonly<Record<string, readonly (keyof typeof STORE_TITLES)[]>> = {
  all: STORE_NAMES,
  'with a function': STORE_NAMES.filter((store) => store !== 'dynamo'),
  'with a setup': ['docdb', 'tidb'],
};

describe('the checklist of a new store', () => {
  it('has rows for all stores, those with a function and those with a setup', () => {
    expect([...new Set(ROWS.map(({ stores }) => stores))]).toEqual(Object.keys(STORES));
    expect(ROWS.length).toBe(table.split('\n').filter((line) => line.startsWith('|')).length - 2);
  });

  it.each(ROWS.flatMap(({ stores, cells }) => (STORES[stores] ?? []).map((store) => [store, ...cells])))(
    'holds for %s: %s has %s',
    (store, place = '', text = '') => {
      const named = (pattern: string): string =>
        pattern
          .replaceAll('<store>', store)
          .replaceAll('<STORE>', store.toUpperCase())
          .replaceAll('<Title>', STORE_TITLES[store as keyof typeof STORE_TITLES]);

      expect(existsSync(path.join(root, named(place)))).toBe(true);
      expect(read(named(place))).toContain(named(text));
    },
  );
});

import fc from 'fast-check';
import { Catalog } from '../docdb/storage/catalog';
import { toRecord } from '../docdb/storage/change-record';
import { emptyCatalog } from '../docdb/storage/kept-catalog';
import { LargeMap, Rounds } from '../large-map';
import { emptyCaches } from '../momento/caches';
import { emptyServer } from '../redis/kept-writes';
import { emptyDatabase } from '../tidb/records';

describe('a large map', () => {
  it('has what a Map has, whatever is done to it', () => {
    const step = fc.record({ action: fc.constantFrom('set', 'delete', 'clear'), key: fc.nat(3000), value: fc.nat() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const [byNumber, byText, plain] = [
          LargeMap.byNumber<number>(),
          LargeMap.byText<number>(),
          new Map<number, number>(),
        ];
        for (const { action, key, value } of steps) {
          if (action === 'clear' && value % 50 === 0) for (const map of [byNumber, byText, plain]) map.clear();
          else if (action === 'set') {
            byNumber.set(key, value);
            byText.set(String(key), value);
            plain.set(key, value);
          } else {
            const deleted = [byNumber.delete(key), byText.delete(String(key))];
            const expected = plain.delete(key);
            expect(deleted).toEqual([expected, expected]);
          }
          expect([byNumber.size, byText.size]).toEqual([plain.size, plain.size]);
          expect([byNumber.get(key), byText.get(String(key))]).toEqual([plain.get(key), plain.get(key)]);
          expect([byNumber.has(key), byText.has(String(key))]).toEqual([plain.has(key), plain.has(key)]);
        }
        const sorted = [...plain].sort(([a], [b]) => a - b);
        expect([...byNumber].sort(([a], [b]) => a - b)).toEqual(sorted);
        expect([...byText].map(([key, value]) => [Number(key), value]).sort(([a = 0], [b = 0]) => a - b)).toEqual(
          sorted,
        );
      }),
    );
  });

  it('by number is in the order in which numbers were put, where that is theirs', () => {
    const map = LargeMap.byNumber<string>();
    const numbers = Array.from({ length: 5000 }, (_, index) => index * 3);

    for (const number of numbers) map.set(number, 'x');
    for (const number of numbers) if (number % 2 === 0) map.delete(number);

    expect([...map.keys()]).toEqual(numbers.filter((number) => number % 2 === 1));
    expect([...map.values()]).toHaveLength(2500);
  });

  it('is gone round in steps, over what is put in and deleted meanwhile', () => {
    const map = LargeMap.byNumber<string>();
    for (let number = 0; number < 10; number += 1) map.set(number, 'x');
    const rounds = new Rounds(map);
    const met = (most: number): number[] => [...rounds.next(most)].map(([number]) => number);

    const first = met(4);
    map.delete(5);
    map.set(10, 'y');

    expect([first, met(4), met(100), met(2)]).toEqual([
      [0, 1, 2, 3],
      [4, 6, 7, 8],
      [9, 10],
      [0, 1],
    ]);
  });
});

/** Counters, as the journals tell of them. */
const KEYS = 60_000;
const FILLED: Readonly<Record<string, () => void>> = {
  redis: () => {
    const { replay } = emptyServer(Date.now());
    for (let key = 0; key < KEYS; key += 1) replay([[1, 0, 'INCR', `counter-${key}`]]);
  },
  'redis, where keys expire': () => {
    const { replay } = emptyServer(1);
    for (let key = 0; key < KEYS; key += 1) replay([[1, 0, 'SET', `counter-${key}`, '1', 'EX', '1000']]);
  },
  momento: () => {
    const caches = emptyCaches(1);
    caches.replay({ change: 'create', cache: 'c' });
    for (let key = 0; key < KEYS; key += 1) caches.replay({ cache: 'c', key: `${key}`, value: '1', expiresAt: 2 });
  },
  docdb: () => {
    const kept = emptyCatalog();
    for (let number = 1; number <= KEYS; number += 1) {
      const change = { type: 'put' as const, document: { _id: number, counter_id: `${number}` }, number };
      kept.replay([toRecord({ database: 'd', name: 'c', change })]);
    }
    new Catalog().load(kept);
  },
  tidb: () => {
    const { replay } = emptyDatabase();
    replay({ sql: 'CREATE TABLE c (id VARCHAR(20) PRIMARY KEY)', database: 'test' });
    for (let key = 1; key <= KEYS; key += 1) replay({ tables: [{ table: ['test', 'c'], rows: [[key, `${key}`]] }] });
  },
};

it.each(Object.entries(FILLED))(
  '%s holds many counters in small collections alone, none of which grows at once',
  (_, fill) => {
    let largest = 0;
    const spies = [
      watch(Map.prototype, 'set', (size) => (largest = Math.max(largest, size))),
      watch(Set.prototype, 'add', (size) => (largest = Math.max(largest, size))),
    ];

    try {
      fill();
    } finally {
      for (const restore of spies) restore();
    }

    expect(largest).toBeGreaterThan(0);
    expect(largest).toBeLessThan(KEYS / 20);
  },
);

/** Tells how large a collection is that something was put into. */
function watch<Name extends string>(
  prototype: { [name in Name]: (...args: never[]) => unknown },
  name: Name,
  told: (size: number) => void,
): () => void {
  const original = prototype[name];
  prototype[name] = function (this: { size: number }, ...args: never[]) {
    const result: unknown = original.apply(this, args);
    told(this.size);
    return result;
  };
  return () => (prototype[name] = original);
}

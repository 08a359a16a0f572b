import { ObjectId } from 'bson';
import { Catalog, type CatalogChange } from '../../docdb/storage/catalog';
import { type CommandRecord, toRecord } from '../../docdb/storage/change-record';
import type { Collection } from '../../docdb/storage/collection';
import { emptyCatalog } from '../../docdb/storage/kept-catalog';
import { type Document, fromText, toText } from '../../docdb/values/document';

/** A catalog that is started again by what it has told. */
class Restarted {
  told: CommandRecord[number][] = [];
  catalog = this.restart();
  private isEarlier = false;

  /** @param isEarlier whether an earlier version goes on from here */
  restart(isEarlier = false): Catalog {
    const kept = emptyCatalog();
    kept.replay(this.told);
    this.isEarlier = isEarlier;
    this.catalog = new Catalog((change: CatalogChange) => this.told.push(this.written(toRecord(change))));
    const { length } = this.told;
    this.catalog.load(kept);
    expect(this.told).toHaveLength(length);
    return this.catalog;
  }

  /** Puts a snapshot in the place of what was told. */
  rewrite(): void {
    const kept = emptyCatalog();
    kept.replay(this.told);
    this.told = [...kept.snapshot()].flat().map((told) => this.written(told));
  }

  private written(told: CommandRecord[number]): CommandRecord[number] {
    return this.isEarlier ? withoutNumber(told) : told;
  }
}

/** A record as an earlier version wrote it: it told no numbers. */
function withoutNumber(told: CommandRecord[number]): CommandRecord[number] {
  if (typeof told !== 'string') return [told[0], told[1], told[2]];
  const change = fromText(told);
  if (change.change) delete (change.change as Document).number;
  return toText(change);
}

function state(catalog: Catalog): unknown {
  return catalog.databaseNames().map((database) =>
    [...catalog.collections(database)].map(([name, collection]) => ({
      name,
      indexes: collection.indexes,
      documents: collection.find({}).map(({ document }) => document),
    })),
  );
}

/** Numbers that look like random ones, the same ones each time. */
function* dice(): Generator<number, never> {
  for (let seed = 1; ; seed = (seed * 48_271) % 2_147_483_647) yield seed;
}

describe('a catalog that is started again', () => {
  it('has what it had, by whichever version it was told, also of a rewritten journal', () => {
    const restarted = new Restarted();
    const rolls = dice();
    const roll = (sides: number): number => rolls.next().value % sides;
    const IDS = [1, 'a', new ObjectId(), null, { x: 1 }, 2n, 1.5, 'b', 'c', new ObjectId()];
    const change = (collection: Collection): void => {
      const [entry] = collection.find({ _id: IDS[roll(IDS.length)] });
      if (!entry) collection.insert({ _id: IDS[roll(IDS.length)], counter_id: `${roll(1000)}` });
      else if (roll(3) === 0) collection.delete(entry);
      else
        collection.replace(entry, { ...entry.document, counter_id: [`${roll(1000)}`, roll(5)][roll(2)], n: roll(9) });
    };

    const changeSome = (name: string): void => {
      for (let times = 0; times < 8; times += 1) {
        try {
          change(restarted.catalog.getOrCreate('d', name));
        } catch (error) {
          expect(String(error)).toContain('E11000');
        }
      }
      const collection = restarted.catalog.getOrCreate('d', name);
      if (roll(8) === 0) collection.createIndexes([{ name: 'by_n', key: { n: 1, _id: 1 }, unique: false }]);
      if (roll(8) === 0) collection.dropIndex('by_n');
      if (roll(30) === 0) restarted.catalog.drop('d', name);
      if (roll(30) === 0) restarted.catalog.dropDatabase('d');
    };

    for (let round = 0; round < 60; round += 1) {
      changeSome(`c${roll(2)}`);
      if (roll(9) === 0) restarted.rewrite();
      changeSome(`c${roll(2)}`);
      const before = state(restarted.catalog);

      restarted.restart(roll(3) === 0);

      expect(state(restarted.catalog)).toEqual(before);
    }
  });

  it('finds by its indexes, and what was changed last', () => {
    const restarted = new Restarted();
    const items = restarted.catalog.getOrCreate('d', 'c');
    const VALUES = ['a', 1, 2n, 1.5, new ObjectId(), null, { x: 1 }, ['p', 'q']];
    items.createIndexes([
      { name: 'one', key: { value: 1 }, unique: true },
      { name: 'both', key: { value: 1, n: 1 }, unique: false },
    ]);
    VALUES.forEach((value, n) => items.insert({ _id: `${n}`, value, n: -1 }));
    VALUES.forEach((_, n) => items.find({ _id: `${n}` }).forEach((e) => items.replace(e, { ...e.document, n })));

    restarted.restart();

    const found = restarted.catalog.getOrCreate('d', 'c');
    VALUES.forEach((value, n) => {
      const own = Array.isArray(value) ? 'q' : value;
      expect(found.find({ value: own }).map(({ document }) => document.n)).toEqual([n]);
      expect(found.find({ value: own, n }).map(({ document }) => document._id)).toEqual([`${n}`]);
      expect(() => found.insert({ _id: `other ${n}`, value })).toThrow('E11000');
    });
  });

  it('has documents that have exchanged their keys', () => {
    const restarted = new Restarted();
    const items = restarted.catalog.getOrCreate('d', 'c');
    items.createIndexes([{ name: 'one', key: { value: 1 }, unique: true }]);
    for (const _id of ['a', 'b']) items.insert({ _id, value: _id });
    const put = (_id: string, value: string): void =>
      items.find({ _id }).forEach((entry) => void items.replace(entry, { _id, value }));
    put('a', 'free');
    put('b', 'a');
    put('a', 'b');

    restarted.restart();

    expect(restarted.catalog.getOrCreate('d', 'c').find({ value: 'a' })).toMatchObject([{ document: { _id: 'b' } }]);
  });

  it('does not start where the journal has two documents with the same key of a unique index', () => {
    const kept = emptyCatalog();
    const change = { type: 'createIndex' as const, specification: { name: 'one', key: { n: 1 }, unique: true } };
    kept.replay([toRecord({ database: 'd', name: 'c', change })]);
    for (const _id of [1, 2]) kept.replay([['d', 'c', toText({ _id, n: 7 })]]);

    expect(() => new Catalog().load(kept)).toThrow(
      'E11000 duplicate key error collection: d.c index: one dup key: { n: 7 }',
    );
  });
});

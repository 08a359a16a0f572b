import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type Journal, openJournal } from '../../journal';

type Entry = readonly [key: string, value: number];

/** A store of numbers by key, as simple as one can be. */
function openNumbers(
  file: string,
  compactAfterBytes?: number,
): { values: Map<string, number>; journal: Journal<Entry> } {
  const values = new Map<string, number>();
  const journal = openJournal<Entry>({
    file,
    replay: ([key, value]) => void values.set(key, value),
    snapshot: () => values,
    ...(compactAfterBytes !== undefined && { compactAfterBytes }),
  });
  return { values, journal };
}

describe('a journal', () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'journal-'));
    file = path.join(folder, 'numbers.journal');
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (...entries: Entry[]): void => {
    const { values, journal } = openNumbers(file);
    for (const entry of entries) {
      values.set(...entry);
      journal.append(entry);
      journal.flush();
    }
    journal.close();
  };

  it('gives back what was written, over any number of starts', () => {
    write(['é\n', 1], ['b', 2]);
    write(['b', 3]);
    write();

    const { values } = openNumbers(file);

    expect([...values]).toEqual([
      ['é\n', 1],
      ['b', 3],
    ]);
  });

  it('has in its file what was flushed, before it is closed', () => {
    const { journal } = openNumbers(file);
    journal.append(['a', 1]);
    const before = statSync(file).size;

    journal.flush();

    expect(before).toBe(0);
    expect([...openNumbers(file).values]).toEqual([['a', 1]]);
  });

  it('loses its last record alone, wherever that is torn', () => {
    write(['a', 1], ['b', 2], ['é', 3]);
    const content = readFileSync(file);
    const lastRecord = content.lastIndexOf('\n', content.length - 2) + 1;

    for (let length = lastRecord; length < content.length; length += 1) {
      writeFileSync(file, content);
      truncateSync(file, length);
      const { values, journal } = openNumbers(file);
      journal.close();

      expect([...values]).toEqual([
        ['a', 1],
        ['b', 2],
      ]);
    }
  });

  it('goes on behind a torn record', () => {
    write(['a', 1], ['b', 2]);
    truncateSync(file, statSync(file).size - 3);
    write(['c', 3]);

    expect([...openNumbers(file).values]).toEqual([
      ['a', 1],
      ['c', 3],
    ]);
  });

  it('refuses damage anywhere else, whichever byte it is in, and tells file and line', () => {
    write(['a', 1], ['b', 2]);
    const content = readFileSync(file);
    const firstLine = content.indexOf('\n');

    for (let position = 0; position < firstLine; position += 1) {
      const damaged = Buffer.from(content);
      damaged[position] = (damaged[position] ?? 0) ^ 1;
      writeFileSync(file, damaged);

      expect(() => openNumbers(file)).toThrow(`${file} is damaged in line 1: move it away to start without it`);
    }
  });

  it('refuses a file that is none', () => {
    writeFileSync(file, 'hello\n');

    expect(() => openNumbers(file)).toThrow(`${file} is damaged in line 1`);
  });

  it('is written anew at its start: outdated records are gone', () => {
    write(...Array.from({ length: 100 }, (_, value): Entry => ['a', value]));
    const grown = statSync(file).size;

    write();

    expect(statSync(file).size).toBeLessThan(grown / 50);
    expect([...openNumbers(file).values]).toEqual([['a', 99]]);
  });

  it('is written anew when it has grown', () => {
    const { values, journal } = openNumbers(file, 1000);
    const sizes: number[] = [];

    for (let value = 1; value <= 200; value += 1) {
      values.set('a', value);
      journal.append(['a', value]);
      journal.flush();
      sizes.push(statSync(file).size);
    }
    journal.close();

    expect(Math.max(...sizes)).toBeLessThan(1100);
    expect([...openNumbers(file).values]).toEqual([['a', 200]]);
  });

  it('is the old one when its process was killed before the new one took its place', () => {
    write(['a', 1]);
    appendFileSync(`${file}.new`, 'half a snap');

    expect([...openNumbers(file).values]).toEqual([['a', 1]]);
  });

  it('keeps nothing without a file', () => {
    const journal = openJournal<Entry>({ replay: () => undefined, snapshot: () => [] });

    journal.append(['a', 1]);
    journal.flush();
    journal.close();

    expect(statSync(folder).isDirectory()).toBe(true);
  });
});

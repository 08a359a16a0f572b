import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { type Journal, type JournalOptions, openJournal } from '../../journal';

type Entry = readonly [key: string, value: number];

/** An entry as a file holds it. */
function line(entry: Entry): string {
  const json = JSON.stringify(entry);
  return `${crc32(json).toString(16).padStart(8, '0')} ${json}\n`;
}

const STATE = { module: path.join(__dirname, 'numbers.js'), make: 'emptyNumbers' };

/** A store of numbers by key, as simple as one can be. */
function openNumbers(
  file: string,
  options: Partial<Pick<JournalOptions<Entry>, 'rewriteAfterBytes' | 'state'>> = {},
): { values: Map<string, number>; journal: Journal<Entry>; set: (...entry: Entry) => void } {
  const values = new Map<string, number>();
  const journal = openJournal<Entry>({
    file,
    replay: ([key, value]) => void values.set(key, value),
    state: STATE,
    ...options,
  });
  const set = (...entry: Entry): void => {
    values.set(...entry);
    journal.append(entry);
    journal.flush();
  };
  return { values, journal, set };
}

describe('a journal', () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'journal-'));
    file = path.join(folder, 'numbers.journal');
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  const write = async (...entries: Entry[]): Promise<void> => {
    const { set, journal } = openNumbers(file);
    for (const entry of entries) set(...entry);
    await journal.close();
  };
  const files = (): string[] => readdirSync(folder).sort();
  const kept = (): [string, number][] => [...openNumbers(file).values];
  const isRewritten = (): boolean => files().some((name) => /snapshot\.\d+$/.test(name)) && files().length === 2;

  it('gives back what was written, over any number of starts', async () => {
    await write(['é\n', 1], ['b', 2]);
    await write(['b', 3]);
    await write();

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

  it('loses its last record alone, wherever that is torn', async () => {
    await write(['a', 1], ['b', 2], ['é', 3]);
    const content = readFileSync(file);
    const lastRecord = content.lastIndexOf('\n', content.length - 2) + 1;

    for (let length = lastRecord; length < content.length; length += 1) {
      writeFileSync(file, content);
      truncateSync(file, length);
      const { values, journal } = openNumbers(file);
      await journal.close();

      expect([...values]).toEqual([
        ['a', 1],
        ['b', 2],
      ]);
    }
  });

  it('goes on behind a torn record', async () => {
    await write(['a', 1], ['b', 2]);
    truncateSync(file, statSync(file).size - 3);
    await write(['c', 3]);

    expect([...openNumbers(file).values]).toEqual([
      ['a', 1],
      ['c', 3],
    ]);
  });

  it('refuses damage anywhere else, whichever byte it is in, and tells file and line', async () => {
    await write(['a', 1], ['b', 2]);
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

  it('is rewritten without what is outdated when it has grown, and goes on behind that', async () => {
    const { set, journal } = openNumbers(file, { rewriteAfterBytes: 1000 });
    let value = 0;
    while (!isRewritten()) {
      set('a', (value += 1));
      await setTimeout(1);
    }
    set('b', 1);
    await journal.close();

    expect(statSync(`${file}.snapshot.0`).size).toBeLessThan(50);
    expect(kept()).toEqual([
      ['a', value],
      ['b', 1],
    ]);
  });

  it('is rewritten again and again, each time with what the last snapshot has', async () => {
    const { set, journal } = openNumbers(file, { rewriteAfterBytes: 300 });
    set('first', 1);
    let value = 0;
    while (!files().includes('numbers.journal.snapshot.3')) {
      set('a', (value += 1));
      await setImmediate();
    }
    await journal.close();

    expect(kept()).toEqual([
      ['first', 1],
      ['a', value],
    ]);
  });

  it('lets nobody wait while it is rewritten: what is flushed meanwhile is kept, though that never ends', async () => {
    const { set, journal } = openNumbers(file, { rewriteAfterBytes: 100, state: { ...STATE, make: 'endless' } });

    for (let value = 1; value <= 100; value += 1) set('a', value);
    const before = files();
    await journal.close();

    expect(before).toEqual(['numbers.journal', 'numbers.journal.1']);
    expect(kept()).toEqual([['a', 100]]);
  });

  it('grows on where it can not be rewritten, says so, and tries again when it has grown as much', async () => {
    const errors = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    const { set, journal } = openNumbers(file, { rewriteAfterBytes: 100, state: { ...STATE, make: 'failing' } });

    let value = 0;
    while (errors.mock.calls.length < 2) {
      set('a', (value += 1));
      await setTimeout(1);
    }
    await journal.close();
    const said = errors.mock.calls.flat();
    errors.mockRestore();

    expect(said[0]).toBe(`${file} can't be rewritten without what is outdated: no memory`);
    expect(kept()).toEqual([['a', value]]);
  });

  it('is whole wherever its process was killed while it was rewritten', async () => {
    await write(['a', 1]);
    const old = readFileSync(file);
    writeFileSync(`${file}.1`, line(['a', 2]));
    const halfWritten = { 'numbers.journal.new': 'half a snap' };
    const notYetRemoved = { 'numbers.journal.snapshot.0': line(['a', 1]), 'numbers.journal': old };

    for (const left of [halfWritten, notYetRemoved]) {
      for (const [name, content] of Object.entries(left)) writeFileSync(path.join(folder, name), content);

      expect(kept()).toEqual([['a', 2]]);
      expect(files()).not.toContain('numbers.journal.new');
    }
    expect(files()).toEqual(['numbers.journal.1', 'numbers.journal.snapshot.0']);
  });

  it('refuses to go on where one of its files is missing', () => {
    writeFileSync(`${file}.2`, line(['a', 2]));

    expect(() => openNumbers(file)).toThrow(`${file} is missing, and ${file}.2 goes on behind it`);
  });

  it('refuses a torn line in a file that another one goes on behind', async () => {
    await write(['a', 1], ['b', 2]);
    truncateSync(file, statSync(file).size - 3);
    writeFileSync(`${file}.1`, line(['a', 2]));

    expect(() => openNumbers(file)).toThrow(`${file} is damaged in line 2`);
  });

  it('keeps nothing without a file', async () => {
    const journal = openJournal<Entry>({ replay: () => undefined, state: STATE });

    journal.append(['a', 1]);
    journal.flush();
    await journal.close();

    expect(statSync(folder).isDirectory()).toBe(true);
  });
});

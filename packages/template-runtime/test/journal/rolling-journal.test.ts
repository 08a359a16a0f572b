import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openRollingJournal, type RollingJournal } from '../../journal';

describe('a rolling journal', () => {
  let parent: string;
  let folder: string;

  beforeEach(() => {
    parent = mkdtempSync(path.join(os.tmpdir(), 'rolling-'));
    folder = path.join(parent, 'events');
  });

  afterEach(() => rmSync(parent, { recursive: true }));

  const open = (limitBytes = 1_000_000) => {
    const replayed: string[] = [];
    let segments = 0;
    const journal: RollingJournal<string> = openRollingJournal<string>({
      folder,
      name: 'events',
      limitBytes,
      replay: (event) => void replayed.push(event),
      onSegment: () => (segments += 1),
    });
    return { journal, replayed, segments: () => segments };
  };
  const write = (events: readonly string[], limitBytes?: number): number => {
    const { journal, segments } = open(limitBytes);
    for (const event of events) {
      journal.append(event);
      journal.flush();
    }
    journal.close();
    return segments();
  };
  const kept = (limitBytes?: number): string[] => {
    const { journal, replayed } = open(limitBytes);
    journal.close();
    return replayed;
  };
  const files = (): string[] => readdirSync(folder).map((name) => path.join(folder, name));

  it('gives back what was written, over any number of starts', () => {
    write(['é\n', 'b']);
    write(['c']);

    expect(kept()).toEqual(['é\n', 'b', 'c']);
    expect(files()).toEqual([path.join(folder, 'events-00000001.journal')]);
  });

  it('keeps the latest within its limit, and tells of each segment that begins', () => {
    const events = Array.from({ length: 1000 }, (_, number) => `event ${number}`);

    const segments = write(events, 4000);
    const after = kept(4000);

    expect(segments).toBeGreaterThan(20);
    expect(files().reduce((sum, file) => sum + statSync(file).size, 0)).toBeLessThanOrEqual(4100);
    expect(after.length).toBeGreaterThan(100);
    expect(after).toEqual(events.slice(-after.length));
  });

  it('goes on over the limit of a segment in the next start', () => {
    for (let number = 0; number < 100; number += 1) write([`event ${number}`], 100_000);

    expect(kept(100_000)).toHaveLength(100);
  });

  it('loses its last record alone, wherever that is torn, and goes on behind it', () => {
    write(['a', 'b', 'é']);
    const [file = ''] = files();
    const content = readFileSync(file);
    const lastRecord = content.lastIndexOf('\n', content.length - 2) + 1;

    for (let length = lastRecord; length < content.length; length += 1) {
      writeFileSync(file, content);
      truncateSync(file, length);
      write(['d']);

      expect(kept()).toEqual(['a', 'b', 'd']);
    }
  });

  it('refuses damage anywhere else, whichever byte it is in, and tells file and line', () => {
    write(['a', 'b']);
    const [file = ''] = files();
    const content = readFileSync(file);

    for (let position = 0; position < content.indexOf('\n'); position += 1) {
      const damaged = Buffer.from(content);
      damaged[position] = (damaged[position] ?? 0) ^ 1;
      writeFileSync(file, damaged);

      expect(() => open()).toThrow(`${file} is damaged in line 1: move it away to start without it`);
    }
  });

  it('refuses a file of another version, and leaves others alone', () => {
    write(['a']);
    writeFileSync(path.join(folder, 'notes.txt'), 'others');
    const before = kept();
    const stranger = path.join(folder, 'events-00000002.jsonl');
    writeFileSync(stranger, '"b"\n');

    expect(before).toEqual(['a']);
    expect(() => open()).toThrow(`${stranger} is of another version: move it and its like away to start without them`);
  });
});

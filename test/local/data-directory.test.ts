import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type DataDirectory, openDataDirectory } from '../../local/data-directory';

/** To the superuser every folder is writable: a test of permissions is somebody else's. */
async function asSomebody(check: () => Promise<void>): Promise<void> {
  const isSuperuser = process.geteuid?.() === 0;
  if (isSuperuser) process.seteuid?.(65_534);
  try {
    await check();
  } finally {
    if (isSuperuser) process.seteuid?.(0);
  }
}

describe('DATA_DIR', () => {
  let parent: string;
  const opened: DataDirectory[] = [];

  beforeEach(() => {
    parent = mkdtempSync(path.join(os.tmpdir(), 'data-dir-'));
  });

  afterEach(async () => {
    for (const directory of opened.splice(0)) await directory.close();
    rmSync(parent, { recursive: true });
  });

  const open = async (folder: string): Promise<DataDirectory> => {
    const directory = await openDataDirectory(folder);
    opened.push(directory);
    return directory;
  };
  /** The problem, which has to be one line. */
  const refused = (folder: string): Promise<string> =>
    open(folder).then(
      () => 'opened',
      (error: Error) => (error.message.includes('\n') ? 'several lines' : error.message),
    );

  it('is made where it is missing, and opened again after it was closed', async () => {
    const folder = path.join(parent, 'new', 'data');
    await (await openDataDirectory(folder)).close();

    const again = await open(folder);

    expect(again.folder).toBe(folder);
  });

  it('is one runtime’s at a time', async () => {
    const folder = path.join(parent, 'data');
    const first = await open(folder);

    const second = await refused(folder);
    await first.close();
    const third = await refused(folder);

    expect(second).toBe(`DATA_DIR "${folder}" is in use by another runtime: stop that one, or name another folder`);
    expect(third).toBe('opened');
  });

  it('may not be a file, nor lie below one', async () => {
    const file = path.join(parent, 'file');
    writeFileSync(file, '');

    expect(await refused(file)).toBe(`DATA_DIR "${file}" is not a folder: name one`);
    expect(await refused(path.join(file, 'data'))).toBe(
      `DATA_DIR "${path.join(file, 'data')}" is not a folder: name one`,
    );
  });

  it('may not be where nothing can be written', async () => {
    // Not even the superuser makes folders here.
    expect(await refused('/sys/data')).toMatch(/^DATA_DIR "\/sys\/data" can't be written: E/);
  });

  it('may not be read-only, be it new or kept', async () => {
    const kept = path.join(parent, 'kept');
    await (await openDataDirectory(kept)).close();
    const empty = path.join(parent, 'empty');
    mkdirSync(empty);
    for (const folder of [kept, empty]) chmodSync(folder, 0o555);
    chmodSync(parent, 0o755);

    await asSomebody(async () => {
      expect(await refused(empty)).toMatch(/^DATA_DIR ".*" can't be written: EACCES: .*$/);
      expect(await refused(path.join(empty, 'data'))).toMatch(/^DATA_DIR ".*" can't be written: EACCES: .*$/);
      expect(await refused(kept)).toMatch(/^DATA_DIR ".*" can't be written: .*Permission denied.*$/);
    });
  });

  it('may not hold what isn’t the runtime’s', async () => {
    writeFileSync(path.join(parent, 'thesis.txt'), 'years of work');

    expect(await refused(parent)).toBe(
      `DATA_DIR "${parent}" holds "thesis.txt", which isn't of this runtime: name an empty or a new folder`,
    );
  });

  it.each(['{"format":2}\n', 'null', 'hello'])('may not be of another version: %j', async (marker) => {
    const folder = path.join(parent, 'data');
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'atomic-counter.json'), marker);

    expect(await refused(folder)).toContain(
      `is of another version (atomic-counter.json says ${marker.trim()}, this one knows format 1): name another folder`,
    );
  });
});

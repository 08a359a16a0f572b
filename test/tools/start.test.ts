import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { freePort } from '../../tools/free-port';
import { openDataDirectory } from '../../local/data-directory';
import { URL_SETTINGS } from '../../local/store-address';
import { projectRoot } from '../../lib/project-root';

interface Start {
  readonly port: number;
  readonly code: unknown;
  readonly output: string;
  readonly errors: string[];
}

/** The stores are the embedded ones, whatever servers the other tests run on. */
const EMBEDDED = Object.fromEntries(Object.values(URL_SETTINGS).map((setting) => [setting, '']));

/** Runs `npm start` until it ends by itself, or by a signal that is sent when it has printed a text. */
async function start(settings: Readonly<Record<string, string>>, interruptAt?: string): Promise<Start> {
  const port = await freePort();
  const child = spawn(process.execPath, [path.join(projectRoot(), 'dist', 'bin', 'start.js')], {
    env: { ...process.env, ...EMBEDDED, PORT: String(port), ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.on('data', (chunk: Buffer) => {
    if (interruptAt !== undefined && chunk.includes(interruptAt)) child.kill('SIGINT');
  });
  const ended = once(child, 'close') as Promise<[number | null]>;
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { port, code, output, errors: errors.trim().split('\n') };
}

const assemblyOf = (port: number): string => path.join(projectRoot(), `cdk.out.local-${port}`);

describe('npm start that can’t work', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'start-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it.each<[string, Record<string, string>, string[]]>([
    ['a setting', { STORES: 'mysql' }, ['STORES must be a comma-separated list of .*, got "mysql"']],
    ['a port', { PORT: '0' }, ['PORT must be a whole number from 1 to 65535, got "0"']],
    [
      'URLs',
      { REDIS_URL: 'redis://127.0.0.1/3', TIDB_URL: 'mysql' },
      ['REDIS_URL: path "/3" can\'t be used: .*', 'TIDB_URL must be a URL such as .*, got "mysql"'],
    ],
    [
      'all that is wrong with settings, URLs, port, key and folder at once',
      {
        STORES: 'mars',
        API_TIMEOUT_SECONDS: '8',
        PORT: '70000',
        API_KEY: 'a b',
        REDIS_URL: 'http://x:abc/',
        TIDB_URL: 'mysql://127.0.0.1:0/a/b?x=1',
        DATA_DIR: '/proc/x',
      },
      [
        'STORES must be .*, got "mars"',
        'EXECUTION_TIMEOUT_SECONDS must be below API_TIMEOUT_SECONDS \\(8\\), got "10"',
        'PORT must be a whole number from 1 to 65535, got "70000"',
        'API_KEY must be 1 to 128 visible ASCII characters, .*',
        'REDIS_URL must be a URL such as redis://127.0.0.1:6379, got "http://x:abc/"',
        'TIDB_URL: port must be from 1 to 65535, got "0"',
        'TIDB_URL: path "/a/b" must name one database, such as /atomic_counter',
        "TIDB_URL: parameter x can't be used: leave it out",
        'DATA_DIR "/proc/x" can\'t be written: .*',
      ],
    ],
    ['a folder below /proc', { DATA_DIR: '/proc/x' }, ['DATA_DIR "/proc/x" can\'t be written: .*']],
    ['a file for a folder', { DATA_DIR: 'package.json' }, ['DATA_DIR ".*" is not a folder: name one']],
    ['a foreign folder', { DATA_DIR: 'docs' }, ['DATA_DIR ".*" holds ".*", which isn\'t of this runtime: .*']],
  ])('says so before the work, and ends: %s', async (_, settings, lines) => {
    const { code, output, errors } = await start(settings);

    expect(errors).toEqual(lines.map((line) => expect.stringMatching(new RegExp(`^${line}$`)) as string));
    expect([code, output]).toEqual([1, '']);
  });

  it('says so before the work, and ends: a port or a folder that another has', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const data = await openDataDirectory(folder);

    const byPort = await start({ PORT: String(port) });
    const byFolder = await start({ DATA_DIR: folder });
    taken.close();
    await data.close();

    expect(byPort).toMatchObject({ code: 1, output: '' });
    expect(byPort.errors).toEqual([`Port ${port} is taken. Choose another: PORT=${port + 1} npm start`]);
    expect(byFolder).toMatchObject({ code: 1, output: '' });
    expect(byFolder.errors).toEqual([expect.stringContaining('is in use by another runtime')]);
  });

  it('says so before the work, and ends: servers that don’t answer, and leaves no folder behind', async () => {
    const url = `127.0.0.1:${await freePort()}`;
    const data = path.join(folder, 'data', 'deep');

    const { code, output, errors } = await start({
      REDIS_URL: `redis://${url}`,
      TIDB_URL: `mysql://${url}`,
      DATA_DIR: data,
    });

    expect([code, output]).toEqual([1, '']);
    expect(errors).toEqual(['REDIS_URL', 'TIDB_URL'].map((setting) => `${setting}: nothing answers at ${url}`));
    expect(existsSync(path.join(folder, 'data'))).toBe(false);
  });

  it('ends with a line for each store that can’t start, and leaves nothing behind', async () => {
    writeFileSync(path.join(folder, 'atomic-counter.json'), '{"format":1}\n');
    for (const store of ['redis', 'docdb']) writeFileSync(path.join(folder, `${store}.journal`), 'damaged\n');
    mkdirSync(path.join(folder, 'dynamo'));
    writeFileSync(path.join(folder, 'dynamo', 'CURRENT'), 'damaged\n');

    const { port, code, errors } = await start({ DATA_DIR: folder });

    expect(code).toBe(1);
    expect(errors).toEqual([
      expect.stringMatching(/dynamo can't be opened: /),
      expect.stringMatching(/redis\.journal is damaged in line 1: move it away to start without it$/),
      expect.stringMatching(/docdb\.journal is damaged in line 1: move it away to start without it$/),
    ]);
    expect(existsSync(assemblyOf(port))).toBe(false);
  }, 120_000);

  it.each(['Synthesizing', 'Starting the stores'])(
    'leaves nothing behind where Ctrl-C comes while it starts: %s',
    async (step) => {
      const { port, code, output, errors } = await start({ STORES: 'dynamo' }, step);

      expect([code, errors]).toEqual([0, ['']]);
      expect(output).not.toContain('Ready');
      expect(existsSync(assemblyOf(port))).toBe(false);
    },
    120_000,
  );
});

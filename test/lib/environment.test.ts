import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { SETTINGS } from '../../lib/configuration';
import { LAPTOP_SETTINGS, readEnvFile, readEnvironment } from '../../lib/environment';
import { projectRoot } from '../../lib/project-root';
import { URL_SETTINGS } from '../../local/store-address';

const problems = (text: string): string[] => {
  try {
    readEnvFile(text);
    return [];
  } catch (error) {
    return (error as Error).message.split('\n');
  }
};

describe('.env', () => {
  it('sets every setting there is, of the deployment and of the laptop', () => {
    const names = [...Object.values(SETTINGS).map(({ name }) => name), ...LAPTOP_SETTINGS];

    expect(readEnvFile(names.map((name) => `${name}=x`).join('\n'))).toEqual(
      Object.fromEntries(names.map((name) => [name, 'x'])),
    );
    expect(LAPTOP_SETTINGS).toEqual(expect.arrayContaining(Object.values(URL_SETTINGS)));
  });

  it('is read as it is written by hand, and by editors that begin it with a mark', () => {
    const text =
      '\uFEFFSTORES=dynamo\r\n\r\n  # a comment\r\nexport PORT = 3001 # another\r\nAPI_KEY="a#b"\r\nDATA_DIR=\r\n';

    expect(readEnvFile(text)).toEqual({ STORES: 'dynamo', PORT: '3001', API_KEY: 'a#b', DATA_DIR: '' });
  });

  it('may be the example', () => {
    expect(problems(readFileSync(path.join(projectRoot(), '.env.example'), 'utf8'))).toEqual([]);
  });

  it.each([
    ['USE_CONDITIONAL_WRITE', 'did you mean USE_CONDITIONAL_WRITES?'],
    ['MAX_COUNTER_VALEU', 'did you mean MAX_COUNTER_VALUE?'],
    ['stores', 'did you mean STORES?'],
    ['DYNAMO_SHARD', 'did you mean DYNAMO_SHARDS?'],
    ['SOMETHING_ELSE_ALTOGETHER', 'see docs/settings.md'],
  ])('is refused where it sets %s, which would have no effect', (name, hint) => {
    expect(problems(`STORES=dynamo\n${name}=true\n`)).toEqual([`.env: ${name} isn't a setting: ${hint}`]);
  });

  it('is refused with all that is wrong with it, a line each', () => {
    expect(problems('USE_CONDITIONAL_WRITES true\nPORT=1\n=5\nMAX=5\n')).toEqual([
      '.env, line 1: must be NAME=value, got "USE_CONDITIONAL_WRITES true"',
      '.env, line 3: must be NAME=value, got "=5"',
      ".env: MAX isn't a setting: see docs/settings.md",
    ]);
  });
});

describe('the environment', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'environment-'));
  });
  afterEach(() => {
    delete process.env['THROTTLE_BURST'];
    rmSync(folder, { recursive: true });
  });

  it('comes before the file, which may be missing', () => {
    process.env['THROTTLE_BURST'] = '7';
    expect(readEnvironment(folder)).toMatchObject({ THROTTLE_BURST: '7' });

    writeFileSync(path.join(folder, '.env'), 'THROTTLE_BURST=8\nTHROTTLE_RATE=9\n');
    expect(readEnvironment(folder)).toMatchObject({ THROTTLE_BURST: '7', THROTTLE_RATE: '9' });
  });
});

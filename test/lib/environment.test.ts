import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { SETTINGS } from '../../lib/configuration';
import { LAPTOP_SETTINGS, misspeltSettings, parseEnvFile, readDeployment } from '../../lib/environment';
import { projectRoot } from '../../lib/project-root';
import { URL_SETTINGS } from '../../local/store-address';

const problems = (text: string): string[] => {
  const lines: string[] = [];
  parseEnvFile(text, lines);
  return lines;
};

describe('.env', () => {
  it('sets every setting there is, of the deployment and of the laptop', () => {
    const names = [...Object.values(SETTINGS).map(({ name }) => name), ...LAPTOP_SETTINGS];

    expect(parseEnvFile(names.map((name) => `${name}=x`).join('\n'), [])).toEqual(
      Object.fromEntries(names.map((name) => [name, 'x'])),
    );
    expect(LAPTOP_SETTINGS).toEqual(expect.arrayContaining(Object.values(URL_SETTINGS)));
  });

  it('is read as it is written by hand, and by editors that begin it with a mark', () => {
    const text =
      '\uFEFFSTORES=dynamo\r\n\r\n  # a comment\r\nexport PORT = 3001 # another\r\nAPI_KEY="a#b"\r\nDATA_DIR=\r\n';

    expect(parseEnvFile(text, [])).toEqual({ STORES: 'dynamo', PORT: '3001', API_KEY: 'a#b', DATA_DIR: '' });
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
      '.env, line 1: must be NAME=value, got "USE_CONDITIONAL_WRITES …"',
      '.env, line 3: must be NAME=value',
      ".env: MAX isn't a setting: see docs/settings.md",
    ]);
  });

  it.each(['API_KEY hunter2', 'export API_KEY hunter2', 'hunter2', 'API_KEY="a\nhunter2"'])(
    'is refused without what may be secret in it: %j',
    (text) => {
      expect(problems(text)).not.toEqual([]);
      expect(problems(text).join()).not.toContain('hunter2');
    },
  );
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
    expect(readDeployment(folder).environment).toMatchObject({ THROTTLE_BURST: '7' });

    writeFileSync(path.join(folder, '.env'), 'THROTTLE_BURST=8\nTHROTTLE_RATE=9\n');
    expect(readDeployment(folder).environment).toMatchObject({ THROTTLE_BURST: '7', THROTTLE_RATE: '9' });
  });

  it('is refused with all that is wrong: a file that is none', () => {
    mkdirSync(path.join(folder, '.env'));

    expect(() => readDeployment(folder)).toThrow(/^\.env can't be read: EISDIR/);
  });

  it('is refused with all that is wrong, in the names and in the values', () => {
    writeFileSync(path.join(folder, '.env'), 'MAX_COUNTER_VALEU=5\nSTORES=mars\nDYNAMO_SHARDS=0\n');

    expect(() => readDeployment(folder)).toThrow(
      new RegExp(
        [
          "^.env: MAX_COUNTER_VALEU isn't a setting: did you mean MAX_COUNTER_VALUE\\?",
          'STORES must be .*, got "mars"',
          'DYNAMO_SHARDS must be .*, got "0"$',
        ].join('\n'),
      ),
    );
  });

  it.each([
    ['USE_CONDITIONAL_WRITE', 'USE_CONDITIONAL_WRITES'],
    ['MAX_COUNTER_VALEU', 'MAX_COUNTER_VALUE'],
    ['REDIS_URI', 'REDIS_URL'],
  ])('has a line for a name that is a setting but for a letter or two: %s', (name, known) => {
    expect(misspeltSettings({ [name]: 'x' })).toEqual([`${name} isn't a setting: did you mean ${known}?`]);
    expect(misspeltSettings({ [name]: 'x', [known]: 'y' })).toEqual([]);
  });

  it('has none for the variables of other programs', () => {
    const others = ['PATH', 'PORTS', 'STORE', 'HOME', 'API_TOKEN', 'AWS_REGION', 'REDIS_TLS_URL', 'npm_config_cache'];

    expect(misspeltSettings(Object.fromEntries(others.map((name) => [name, 'x'])))).toEqual([]);
  });
});

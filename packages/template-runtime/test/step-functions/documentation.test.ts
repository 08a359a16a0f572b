import { execFile, execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { serveApi } from './api-server';
import type { ApiServer } from './api-server';
import { start } from './machines';

const ROOT = path.resolve(__dirname, '../../../..');
const PAGE = readFileSync(path.join(ROOT, 'docs/step-functions.md'), 'utf8');
const SUPPORTED = readFileSync(path.join(ROOT, 'docs/local-runtime.md'), 'utf8');
/** Where the names of tests in docs/local-runtime.md are seen from. */
const TESTS = ['packages/template-runtime/test', 'packages/stand-ins/test', 'test/local'];
const execute = promisify(execFile);

/** A code block of the page, and what the page says that it prints. */
function example(language: string): { code: string; prints: string } {
  const [, code = '', prints = ''] =
    new RegExp(`\`\`\`${language}\n(.*?)\`\`\`\n\nprints\n\n\`\`\`text\n(.*?)\`\`\``, 's').exec(PAGE) ?? [];
  return { code, prints };
}

/** Whether the AWS CLI is there; `AWS_CLI` may name it. */
const cli = process.env.AWS_CLI ?? 'aws';
const hasCli = ((): boolean => {
  try {
    execFileSync(cli, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false; // not installed: its example isn't run
  }
})();

describe('docs/step-functions.md', () => {
  let server: ApiServer;

  beforeAll(async () => {
    server = await serveApi(
      start([], { integrations: { 'arn:aws:states:::aws-sdk:dynamodb:': () => Promise.resolve({}) } }),
    );
  });

  afterAll(() => server.close());

  const onFreePort = (code: string): string => code.replaceAll('http://127.0.0.1:3000', server.url);

  it('has an SDK example that prints what it says', async () => {
    const { code, prints } = example('js');

    const { stdout } = await execute(process.execPath, ['--input-type=module', '-e', onFreePort(code)], { cwd: ROOT });

    expect(prints).toMatch(/SUCCEEDED/);
    expect(stdout).toBe(prints);
  });

  // Where the project is tested for a change, the example has to be run.
  (hasCli || process.env.REAL_SERVERS === 'required' ? it : it.skip)(
    'has a CLI example that prints what it says',
    async () => {
      const { code, prints } = example('sh');
      const script = onFreePort(code).replaceAll('aws stepfunctions', `"$CLI" stepfunctions`);

      const { stdout } = await execute('sh', ['-euc', script], { env: { ...process.env, CLI: cli } });

      expect(prints).toMatch(/SUCCEEDED/);
      expect(stdout).toBe(prints);
    },
    60_000,
  );
});

/** The names in backquotes after `label` in each item of the list between `<!-- list -->` and `<!-- /list -->`. */
function namesIn(list: string, label: string): string[][] {
  const [, text = ''] = new RegExp(`<!-- ${list} -->([^]*)<!-- /${list} -->`).exec(SUPPORTED) ?? [];
  const items = text
    .trim()
    .split(/^- /m)
    .slice(1)
    .map((item) => item.replace(/\s+/g, ' '));
  return items.map((item) => {
    const [, names = ''] = item.split(label);
    return [...names.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
  });
}

describe('docs/local-runtime.md', () => {
  it('names every case file in one item of what Step Functions supports, and no missing file', () => {
    const files = readdirSync(path.join(__dirname, 'cases')).map((file) => path.basename(file, '.json'));

    const items = namesIn('supported', '. Cases: ');
    const matched = items.map((names) =>
      names.map((name) =>
        files.filter((file) => (name.endsWith('*') ? file.startsWith(name.slice(0, -1)) : file === name)),
      ),
    );

    expect(items.length).toBeGreaterThan(20);
    expect(matched.flat().every((found) => found.length > 0)).toBe(true);
    expect(matched.flat(2).sort()).toEqual(files.sort());
  });

  it.each(['services', 'stores', 'kept'])('names only existing tests in its list of %s', (list) => {
    const items = namesIn(list, ' Proved by ');

    const missing = items.flat().filter((name) => !TESTS.some((folder) => existsSync(path.join(ROOT, folder, name))));

    expect(items.length).toBeGreaterThan(2);
    expect(items.flat().length).toBeGreaterThan(2);
    expect(missing).toEqual([]);
  });
});

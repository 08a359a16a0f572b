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

/** The names in backquotes in the last cell of each row of a table, from the table's head on. */
function lastCells(head: string): string[][] {
  const lines = SUPPORTED.slice(SUPPORTED.search(head)).split('\n\n', 1)[0]?.split('\n').slice(2) ?? [];
  return lines.map((line) => {
    const cell = line.split(/(?<!\\)\|/).at(-2) ?? '';
    return [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
  });
}

describe('docs/local-runtime.md', () => {
  it('names every case file in one row of what Step Functions supports, and no file that is not there', () => {
    const files = readdirSync(path.join(__dirname, 'cases')).map((file) => path.basename(file, '.json'));

    const rows = lastCells('\\| supported +\\| case files');
    const matched = rows.map((names) =>
      names.map((name) =>
        files.filter((file) => (name.endsWith('*') ? file.startsWith(name.slice(0, -1)) : file === name)),
      ),
    );

    expect(rows.length).toBeGreaterThan(20);
    expect(matched.flat().every((found) => found.length > 0)).toBe(true);
    expect(matched.flat(2).sort()).toEqual(files.sort());
  });

  it.each(['service', 'store', 'what'])('names tests that are there in its table by %s', (head) => {
    const rows = lastCells(`\\| ${head} +\\|.*proved by`);

    const missing = rows.flat().filter((name) => !TESTS.some((folder) => existsSync(path.join(ROOT, folder, name))));

    expect(rows.length).toBeGreaterThan(2);
    expect(rows.flat().length).toBeGreaterThan(2);
    expect(missing).toEqual([]);
  });
});

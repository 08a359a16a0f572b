import { execFile, execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { serveApi } from './api-server';
import type { ApiServer } from './api-server';
import { start } from './machines';

const ROOT = path.resolve(__dirname, '../../..');
const PAGE = readFileSync(path.join(ROOT, 'docs/step-functions.md'), 'utf8');
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

  (hasCli ? it : it.skip)(
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

  it('has a table that names every case file, and no other', () => {
    const rows = [...PAGE.matchAll(/^\| (?<supported>.+?) +\| (?<files>`.+`) +\|$/gm)];
    const named = rows.flatMap(({ groups }) =>
      [...(groups?.files ?? '').matchAll(/`([^`]+)`/g)].map(([, file]) => file),
    );
    const files = readdirSync(path.join(__dirname, 'cases')).map((file) => path.basename(file, '.json'));

    expect(rows.length).toBeGreaterThan(20);
    expect(named.sort()).toEqual(files.sort());
  });
});

import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import {
  FORBIDDEN,
  incremented,
  incrementedBelow,
  LIMIT_REACHED,
  replayed,
  TARGET,
  TWO_REMAIN,
  UNAVAILABLE,
} from './answers';
import { clientBundle } from './page-server';
import { type ScriptedApi, startScriptedApi, type Step } from './scripted-api';

const run = promisify(execFile);
const root = path.join(__dirname, '..', '..');
const client = path.join(root, 'client');

let api: ScriptedApi;
/** A project of a user, outside of this one, with the packed client installed. */
let project: string;

beforeAll(async () => {
  api = await startScriptedApi();
  project = realpathSync(mkdtempSync(path.join(tmpdir(), 'counter-client-')));
  await run('npm', ['pack', client, '--pack-destination', project], { cwd: root });
  writeFileSync(path.join(project, 'package.json'), '{"name":"consumer","private":true,"type":"module"}');
  const [packed = ''] = readdirSync(project).filter((file) => file.endsWith('.tgz'));
  await run('npm', ['install', '--offline', `./${packed}`, '--no-audit', '--no-fund'], { cwd: project });
}, 120_000);
afterAll(() => {
  api.close();
  rmSync(project, { recursive: true, force: true });
});

/** Runs a module in the project, and gives what it prints. */
async function node(file: string): Promise<string> {
  const env = { ...process.env, COUNTER_API_URL: api.url, COUNTER_API_KEY: 'key-1' };
  return (await run(process.execPath, [file], { cwd: project, env })).stdout.trim();
}

describe('the package', () => {
  it('has compiled modules, their types and a licence, and nothing else', () => {
    const installed = path.join(project, 'node_modules', 'atomic-counter-client');
    const modules = readdirSync(path.join(client, 'src')).map((file) => file.replace(/\.ts$/, ''));

    expect(readdirSync(installed).sort()).toEqual(['LICENSE', 'README.md', 'dist', 'package.json']);
    expect(readdirSync(path.join(installed, 'dist')).sort()).toEqual(
      modules.flatMap((name) => [`${name}.d.ts`, `${name}.js`]).sort(),
    );
  });

  it('has no dependencies, and the project’s version, licence and Node', () => {
    const read = (folder: string) =>
      JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Record<string, unknown>;
    const { version, license, engines } = read(root);

    expect(read(client)).toMatchObject({ version, license, engines });
    expect(Object.keys(read(client)).filter((name) => /dependencies/i.test(name))).toEqual([]);
    expect(readFileSync(path.join(client, 'LICENSE'), 'utf8')).toBe(readFileSync(path.join(root, 'LICENSE'), 'utf8'));
  });

  it('is as small as its README says', async () => {
    const bundle = Buffer.from(await clientBundle());
    const kilobytes = (bytes: Buffer): string => (bytes.length / 1000).toFixed(1);

    expect(readFileSync(path.join(client, 'README.md'), 'utf8')).toContain(
      `${kilobytes(bundle)} kB minified, ${kilobytes(gzipSync(bundle, { level: 9 }))} kB gzipped`,
    );
  });
});

describe('the types', () => {
  const CONSUMER = `
    import { counterClient, type IncrementResult } from 'atomic-counter-client';
    const counters = counterClient({ url: new URL('http://127.0.0.1:3000/prod'), apiKey: 'k', deadlineMs: 5_000 });
    export async function count(signal: AbortSignal): Promise<number | string> {
      const result: IncrementResult = await counters.increment('dynamo', 'votes', { signal, idempotencyKey: 'a', by: 4, max: 500 });
      switch (result.outcome) {
        case 'incremented': case 'replayed': return result.counter - result.by + (result.remaining ?? 0);
        case 'limit-reached': return result.remaining ?? result.max ?? result.error;
        case 'invalid': return result.status ?? result.error;
        case 'not-applied': case 'unknown': return result.error;
      }
    }
    export async function value(): Promise<number | undefined> {
      const result = await counters.read('dynamo', 'votes', { max: 500 });
      // @ts-expect-error a value is there after a read alone
      if (result.outcome !== 'read') return result.counter;
      return result.remaining ?? result.counter;
    }
    // @ts-expect-error a step is a number
    void counters.increment('dynamo', 'votes', { by: '4' });
    // @ts-expect-error neither a key nor false
    void counters.increment('dynamo', 'votes', { idempotencyKey: true });`;

  it.each([
    ['bundler', 'esnext', { lib: ['ES2022', 'DOM'], types: [] }],
    ['node16', 'node16', { lib: ['ES2022', 'DOM'], types: [] }],
    ['bundler', 'esnext', { lib: ['ES2022'], types: ['node'] }],
    ['node16', 'node16', { lib: ['ES2022'], types: ['node'] }],
  ])(
    'are strict for moduleResolution %s, module %s, %j',
    async (moduleResolution, module, types) => {
      const compilerOptions = { ...types, module, moduleResolution, strict: true, exactOptionalPropertyTypes: true };
      const typeRoots = [path.join(root, 'node_modules', '@types')];
      writeFileSync(path.join(project, 'consumer.ts'), CONSUMER);
      writeFileSync(
        path.join(project, 'tsconfig.json'),
        JSON.stringify({ compilerOptions: { ...compilerOptions, typeRoots, noEmit: true }, files: ['consumer.ts'] }),
      );

      const compiled = run(process.execPath, [path.join(root, 'node_modules', 'typescript', 'bin', 'tsc')], {
        cwd: project,
      }).catch((error: { stdout: string }) => error);

      expect((await compiled).stdout).toBe('');
    },
    60_000,
  );
});

describe('the examples', () => {
  beforeAll(() => {
    for (const file of ['node.mjs', 'lambda.mjs', 'seats.mjs']) {
      copyFileSync(path.join(client, 'examples', file), path.join(project, file));
    }
  });

  it.each<[Step, string]>([
    [incremented(7), 'Counted: 7'],
    [replayed(7), 'Counted: 7'],
    [LIMIT_REACHED, 'Not counted: Counter has reached its maximum value of: 10'],
    [FORBIDDEN, 'Not counted: Forbidden'],
    [{ status: 404, body: '<html>' }, "Perhaps counted: Status 404 with a body that isn't the API's"],
  ])('for Node prints what an answer means: %j', async (answer, printed) => {
    api.script(answer);

    expect(await node('node.mjs')).toBe(printed);
  });

  it('for a sale takes as many seats as are left, and names them', async () => {
    api.script(TWO_REMAIN, incrementedBelow({ max: 500, remaining: 0 }, 500));

    expect(await node('seats.mjs')).toBe('Seats 499 to 500');
    expect(api.received.map(({ path }) => path)).toEqual(['/dynamo/votes?max=500&by=4', '/dynamo/votes?max=500&by=2']);
  });

  it('for a sale says that it is over', async () => {
    api.script(LIMIT_REACHED);

    expect(await node('seats.mjs')).toBe('Counter has reached its maximum value of: 10');
    expect(api.received).toHaveLength(1);
  });

  it('for Lambda counts an event by its id, and fails where the event is to be delivered again', async () => {
    writeFileSync(
      path.join(project, 'invoke.mjs'),
      `import { handler } from './lambda.mjs';
       const invoke = (remaining) => handler({ id: 'event-1' }, { getRemainingTimeInMillis: () => remaining });
       console.log(JSON.stringify([await invoke(40_000), await invoke(1_500).catch(({ message }) => message)]));`,
    );
    const orders = { status: 200, body: { ...TARGET, id: 'orders', counter: 3, useConditionalWrites: true } };
    api.script(orders, UNAVAILABLE);

    const [counted, failed] = JSON.parse(await node('invoke.mjs')) as unknown[];

    expect(counted).toMatchObject({ outcome: 'incremented', counter: 3 });
    expect(failed).toBe('Store dynamo is unavailable: the counter was not incremented');
    expect(api.received.map(({ idempotencyKey }) => idempotencyKey)).toEqual(['event-1', 'event-1']);
  });
});

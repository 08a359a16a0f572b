import { renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Local, startLocal } from '../../local/main';
import { apiClient } from './api-client';
import { assembly, type EditedAssembly, editedAssembly, resourcesOf } from './assembly';

/**
 * What a function does instead of answering, by the id of the counter, once the store has counted. Every second call in an
 * environment meets it, so that a call that succeeds after it was served by another environment.
 */
const FAULTS = {
  timeout: 'await new Promise(() => {})',
  'endless-loop': 'for (;;);',
  exit: 'process.exit(3)',
  'uncaught-throw': 'setImmediate(() => { throw new TypeError("late"); }); await new Promise(() => {})',
  'unhandled-rejection': 'void Promise.reject(new Error("late")); await new Promise(() => {})',
  'out-of-memory': 'for (const kept = []; ; ) kept.push(new Array(100_000).fill(0.5))',
};

/** The deployed bundle with the faults around its handler. */
const FAULTY = `const { handler } = require('./counters.js');
const calls = {};
exports.handler = async (event, context) => {
  const result = await handler(event, context);
  calls[event.id] = (calls[event.id] ?? 0) + 1;
  if (calls[event.id] < 2) return result;
  switch (event.id) {
${Object.entries(FAULTS)
  .map(([id, code]) => `    case '${id}': { ${code}; break; }`)
  .join('\n')}
  }
  return result;
};
`;

describe("POST /redis/{id} while Redis' function breaks after it has counted", () => {
  let edited: EditedAssembly;
  let local: Local;
  let api: ReturnType<typeof apiClient>;

  beforeAll(async () => {
    let asset = '';
    edited = editedAssembly(await assembly('unconditional'), (template) => {
      const redis = resourcesOf(template, 'AWS::Lambda::Function').find(([id]) => id.startsWith('RedisIncrement'));
      if (!redis) throw new Error('the template has no function of Redis');
      const { Properties: properties } = redis[1];
      asset = String(properties['Code']?.['S3Key']).replace('.zip', '');
      Object.assign(properties, { Timeout: 3, MemorySize: 128 });
    });
    const bundle = path.join(edited.folder, `asset.${asset}`);
    renameSync(path.join(bundle, 'index.js'), path.join(bundle, 'counters.js'));
    writeFileSync(path.join(bundle, 'index.js'), FAULTY);
    local = await startLocal({ assembly: edited.folder });
    api = apiClient(local);
  }, 120_000);

  afterAll(async () => {
    api.close();
    await local.close();
    edited.remove();
  });

  it.each([
    ['timeout', 'Task timed out after 3.00 seconds'],
    ['endless-loop', 'Task timed out after 3.00 seconds'],
    ['exit', 'Runtime exited with error: exit status 3'],
    ['uncaught-throw', 'TypeError'],
    ['unhandled-rejection', 'Runtime.UnhandledPromiseRejection'],
    ['out-of-memory', 'Runtime.OutOfMemory'],
  ] satisfies [keyof typeof FAULTS, string][])(
    'by %s: answers 504 with an unknown outcome, repeats nothing, and goes on in a new environment',
    async (id, logged) => {
      const logOf = async (): Promise<string> => (await api.call('/_local/logs?limit=100000', { method: 'GET' })).text;
      const before = (await logOf()).split(logged).length;

      const first = await api.post(`redis/${id}`);
      const broken = await api.post(`redis/${id}`);
      const next = await api.post(`redis/${id}`);
      const another = await api.post(`dynamo/${id}`);
      const after = (await logOf()).split(logged).length;

      expect(first.body).toMatchObject({ counter: 1 });
      expect(broken.status).toBe(504);
      expect(broken.body).toMatchObject({ outcome: 'unknown' });
      expect(broken.headers['x-execution-arn']).toMatch(/^arn:aws:states:/);
      expect(after).toBeGreaterThan(before);
      expect([next.status, next.body?.['counter']]).toEqual([200, 3]);
      expect([another.status, another.body?.['counter']]).toEqual([200, 1]);
    },
    30_000,
  );
});

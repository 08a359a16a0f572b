import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeWorkingCopy, type WorkingCopy } from '../../tools/mutants/working-copy';

/** Each kind of thing that a template is made of: its file, and an edit of that. */
const EDITS: readonly (readonly [kind: string, file: string, find: string, replace: string])[] = [
  ['the stack', 'lib/atomic-counter-stack.ts', 'Atomic counters on several', 'EDITED several'],
  [
    'a mapping template',
    'lib/counter-api/limit.vtl',
    '#set($conditional =',
    '#set($editedTemplate = 1)\n#set($conditional =',
  ],
  [
    'a state machine',
    'state-machines/increment.asl.json',
    '"Adds one, or a step',
    '"Edited machine: adds one, or a step',
  ],
  ['a function', 'functions/redis/handler.ts', 'import ', "console.log('edited function');\nimport "],
  [
    'cdk.json',
    'cdk.json',
    'logGroupDestinationArnWithoutWildcard": true',
    'logGroupDestinationArnWithoutWildcard": false',
  ],
];

/** As `npm start` does. The assembly is gone when its process has ended, so it is copied. */
const SYNTHESIZE = `
  const { cpSync, rmSync } = require('node:fs');
  rmSync('cdk.out.kept', { recursive: true, force: true });
  require('./dist/local/synthesize')
    .synthesize({ outputFolder: 'cdk.out.local-3000' })
    .then((assembly) => cpSync(assembly, 'cdk.out.kept', { recursive: true }));
`;

let copy: WorkingCopy;
let before: string;
let after: string;

/** Compiles and synthesizes as `npm start` does. @returns the template and the functions' code */
function start(settings: Readonly<Record<string, string>>): string {
  const inCopy = (args: readonly string[]): string =>
    execFileSync(process.execPath, args, {
      cwd: copy.folder,
      env: { ...process.env, STORES: 'redis', ...settings },
      encoding: 'utf8',
    });
  inCopy(['bin/compile.mjs']);
  inCopy(['-e', SYNTHESIZE]);
  const assembly = path.join(copy.folder, 'cdk.out.kept');
  return readdirSync(assembly, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.template\.json$|index\.js$/.test(file))
    .map((file) => readFileSync(path.join(assembly, file), 'utf8'))
    .join('\n');
}

beforeAll(() => {
  copy = makeWorkingCopy();
  before = start({});
  for (const [, file, find, replace] of EDITS) {
    const source = readFileSync(path.join(copy.folder, file), 'utf8');
    expect(source).toContain(find);
    writeFileSync(
      path.join(copy.folder, file),
      source.replace(find, () => replace),
    );
  }
  writeFileSync(path.join(copy.folder, '.env'), 'USE_CONDITIONAL_WRITES=true\nMAX_COUNTER_VALUE=4711\n');
  after = start({ QUOTA_PER_DAY: '4712' });
}, 120_000);

afterAll(() => copy.remove());

describe('the next start', () => {
  it.each([
    ['the stack', /EDITED several/],
    ['a mapping template', /\$editedTemplate/],
    ['a state machine', /Edited machine/],
    ['a function', /edited function/],
    ['cdk.json', /"DestinationArn": {\s*"Fn::GetAtt"/],
    ['.env', /conditional, below 4711/],
    ['a setting', /"Limit": 4712/],
  ])('runs what was edited: %s', (_, edited) => {
    expect([before, after].map((text) => edited.test(text))).toEqual([false, true]);
  });
});

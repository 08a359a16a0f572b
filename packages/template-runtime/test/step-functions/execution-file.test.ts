import { spawn } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { StepFunctions, StepFunctionsOptions } from '../../step-functions';
import { arnOf, machine, start } from './machines';

const ECHO = machine(
  'echo',
  { Echo: { Type: 'Pass', Output: '{% $states.input %}', End: true } },
  { type: 'STANDARD' },
);
const FAIL = machine('fail', { Fail: { Type: 'Fail', Error: 'Bad', Cause: 'luck' } }, { type: 'STANDARD' });
const WAIT = machine('wait', { Wait: { Type: 'Wait', Seconds: 600, End: true } }, { type: 'STANDARD' });

/** Executes until it is killed, and prints each execution's ARN once it has ended. */
const KILLED = `
const { writeSync } = require('node:fs');
const { startStepFunctions } = require(process.argv[1]);
const stepFunctions = startStepFunctions(JSON.parse(process.argv[2]));
const input = JSON.stringify('x'.repeat(20000));
(async () => {
  for (;;) {
    const { executionArn } = await stepFunctions.startExecution({ stateMachineArn: process.argv[3], input });
    await stepFunctions.waitFor(executionArn);
    writeSync(1, executionArn + '\\n');
  }
})();
`;

describe('executions in a folder', () => {
  let folder: string;
  const running: StepFunctions[] = [];

  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'executions-'));
  });

  afterEach(async () => {
    await Promise.all(running.splice(0).map((stepFunctions) => stepFunctions.close()));
    rmSync(folder, { recursive: true });
  });

  const begin = (options: Partial<StepFunctionsOptions> = {}): StepFunctions => {
    const stepFunctions = start([ECHO, FAIL, WAIT], { dataDirectory: folder, ...options });
    running.push(stepFunctions);
    return stepFunctions;
  };
  const execute = async (stepFunctions: StepFunctions, name: string, input: unknown = {}): Promise<string> => {
    const request = { stateMachineArn: arnOf(name), input: JSON.stringify(input) };
    const { executionArn } = await stepFunctions.startExecution(request);
    await stepFunctions.waitFor(executionArn);
    return executionArn;
  };
  const segments = (): string[] => {
    const files = path.join(folder, 'step-functions');
    return readdirSync(files).map((name) => path.join(files, name));
  };

  it('are as they were after a restart', async () => {
    const before = begin();
    const arns = [await execute(before, 'echo', { é: '\n' }), await execute(before, 'fail')];
    const histories = arns.map((arn) => before.history(arn));
    await before.close();

    const after = begin();

    expect(after.executions().map(({ arn }) => arn)).toEqual([...arns].reverse());
    expect(arns.map((arn) => after.history(arn))).toEqual(histories);
    const [echo, fail] = await Promise.all(arns.map((arn) => after.waitFor(arn)));
    expect(echo).toMatchObject({
      status: 'SUCCEEDED',
      output: { value: { é: '\n' } },
      name: arns[0]?.split(':').at(-1),
    });
    expect(fail).toMatchObject({ status: 'FAILED', error: 'Bad', cause: 'luck', output: undefined });
    const described = await after.handle('DescribeStateMachineForExecution', JSON.stringify({ executionArn: arns[1] }));
    expect(JSON.parse(described.body)).toMatchObject({ name: 'fail', definition: FAIL.definition });
  });

  it('that ran when the runtime was closed are aborted', async () => {
    const before = begin();
    const { executionArn } = await before.startExecution({ stateMachineArn: arnOf('wait') });
    await before.close();

    const execution = await begin().waitFor(executionArn);

    expect(execution).toMatchObject({ status: 'ABORTED', cause: 'The local runtime was closed.' });
  });

  it('lose only the last line, wherever that is torn', async () => {
    const before = begin();
    const first = await execute(before, 'echo', 'first');
    const second = await execute(before, 'echo', 'é'.repeat(50));
    await before.close();
    const [file = ''] = segments();
    const content = readFileSync(file);
    const lastLine = content.lastIndexOf('\n', content.length - 2) + 1;

    // Some places only: rolling-journal.test.ts tears at every byte.
    for (let length = lastLine; length < content.length; length += 41) {
      writeFileSync(file, content);
      truncateSync(file, length);
      const after = begin();

      expect((await after.waitFor(first)).output?.value).toBe('first');
      expect(await after.waitFor(second)).toMatchObject({
        status: 'ABORTED',
        cause: 'The local runtime ended while this execution ran.',
      });
      await after.close();
    }
  });

  it('go on behind a torn line', async () => {
    const before = begin();
    await execute(before, 'echo', 'first');
    await before.close();
    const [file = ''] = segments();
    truncateSync(file, statSync(file).size - 5);
    const between = begin();
    const second = await execute(between, 'fail');
    await between.close();

    const after = begin();

    expect(after.executions().map(({ status }) => status)).toEqual(['FAILED', 'ABORTED']);
    expect((await after.waitFor(second)).error).toBe('Bad');
  });

  it('are refused, by file and line, where something else than the end is damaged', async () => {
    const before = begin();
    await execute(before, 'echo');
    await before.close();
    const [file = ''] = segments();
    writeFileSync(file, `{"torn\n${readFileSync(file, 'utf8')}`);

    expect(() => begin()).toThrow(/executions-00000001\.journal is damaged in line 1/);
  });

  it('are refused, by file, where another version has kept them', () => {
    const file = path.join(folder, 'step-functions', 'executions-00000001.jsonl');
    mkdirSync(path.dirname(file));
    writeFileSync(file, '{"started":{}}\n');

    expect(() => begin()).toThrow(`${file} is of another version: move it and its like away to start without them`);
    expect(readFileSync(file, 'utf8')).toBe('{"started":{}}\n');
  });

  it('stay within their limit, the oldest going first', async () => {
    const bytes = 200_000;
    const before = begin({ keep: { bytes } });
    const arns: string[] = [];
    for (let count = 0; count < 100; count += 1) arns.push(await execute(before, 'echo', 'x'.repeat(2000)));
    await before.close();

    const size = segments().reduce((sum, file) => sum + statSync(file).size, 0);
    const kept = begin({ keep: { bytes } }).executions();

    expect(size).toBeLessThanOrEqual(bytes * 1.1);
    expect(kept.length).toBeGreaterThan(5);
    expect(kept.map(({ arn }) => arn)).toEqual(arns.slice(-kept.length).reverse());
    expect(kept.every(({ status }) => status === 'SUCCEEDED')).toBe(true);
  });

  it('survive kill -9 in the middle of writes: what was told is there', async () => {
    const options = {
      region: 'eu-west-1',
      account: '1',
      integrations: {},
      stateMachines: [ECHO],
      dataDirectory: folder,
    };
    const told: string[] = [];

    for (const executions of [1, 7, 13, 18, 24]) {
      const entry = path.resolve(__dirname, '../../dist/step-functions/index.js');
      const child = spawn(process.execPath, ['-e', KILLED, entry, JSON.stringify(options), arnOf('echo')]);
      let printed = '';
      const ended = new Promise((resolve) => child.once('close', resolve));
      child.stdout.on('data', (chunk: Buffer) => {
        printed += chunk.toString();
        if (printed.split('\n').length > executions) child.kill('SIGKILL');
      });
      await ended;
      told.push(...printed.split('\n').slice(0, -1));
    }

    const after = begin();
    const kept = new Map(after.executions().map((execution) => [execution.arn, execution]));
    expect(told.length).toBeGreaterThanOrEqual(63);
    for (const arn of told) {
      expect(kept.get(arn)).toMatchObject({ status: 'SUCCEEDED' });
      expect(after.history(arn).at(-1)?.type).toBe('ExecutionSucceeded');
    }
    const others = [...kept.values()].filter(({ arn }) => !told.includes(arn));
    expect(others.length).toBeLessThanOrEqual(10);
    expect(others.every(({ status }) => status === 'SUCCEEDED' || status === 'ABORTED')).toBe(true);
  });
});

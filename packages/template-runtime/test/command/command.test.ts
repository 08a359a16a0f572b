import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { EXPRESS, MIXED, PROXY, STANDARD, templateFolder } from './templates';

const BIN = path.join(__dirname, '..', '..', 'bin.mjs');
const files = templateFolder();
const running = new Set<ChildProcess>();

afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
});
afterAll(() => files.remove());

interface Command {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly errors: () => string;
  /** Resolves to its exit code. */
  readonly ended: Promise<number | null>;
}

function run(...words: string[]): Command {
  const child = spawn(process.execPath, [BIN, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  let [output, errors] = ['', ''];
  child.stdout.on('data', (text: Buffer) => (output += text.toString()));
  child.stderr.on('data', (text: Buffer) => (errors += text.toString()));
  const ended = once(child, 'close').then(([code]) => {
    running.delete(child);
    return code as number | null;
  });
  return { child, output: () => output, errors: () => errors, ended };
}

/** Runs a template until the command has said all that it says at the start. */
async function started(template: unknown, ...words: string[]): Promise<Command & { origin: string }> {
  const command = run(files.write('Shop.template.json', template), '--port', '0', ...words);
  for (let origin; ; await Promise.race([once(command.child.stdout as NodeJS.ReadableStream, 'data'), command.ended])) {
    if (command.child.exitCode !== null) throw new Error(command.errors());
    [, origin] = /AWS CLI\n {2}(\S+)\n[^]*Ctrl-C/.exec(command.output()) ?? [];
    if (origin !== undefined) return { ...command, origin };
  }
}

const greet = (origin: string): Promise<Response> =>
  fetch(`${origin}/live/greetings`, {
    method: 'POST',
    body: '{"name":"Ada"}',
    headers: { 'Content-Type': 'application/json' },
  });

describe('template-runtime', () => {
  it('runs an API in front of an Express workflow with a function, and ends cleanly on Ctrl-C', async () => {
    const { origin, child, ended, output, errors } = await started(EXPRESS);

    const answer = await greet(origin);

    expect([answer.status, await answer.json()]).toEqual([200, 'Hello, Ada']);
    expect(output()).toContain(`curl -X POST ${origin}/live/greetings`);
    expect(output()).toContain('EXPRESS  arn:aws:states:us-east-1:000000000000:stateMachine:Shop-Machine');
    expect(output()).toContain(`${origin}/console`);
    expect(output()).not.toContain('Not carried out');
    child.kill('SIGINT');
    await expect(ended).resolves.toBe(0);
    expect(errors()).toBe('');
  });

  it('runs an API in front of a function', async () => {
    const { origin } = await started(PROXY);

    const answer = await greet(origin);

    expect([answer.status, await answer.text()]).toEqual([201, 'Hello, Ada']);
  });

  it("starts a Standard workflow on the stack's completion and on an event of one's own", async () => {
    const { origin } = await started(STANDARD);
    const client = new SFNClient({
      endpoint: origin,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    const entry = { Source: 'shop', DetailType: 'Order', Detail: '{"id":7}' };

    await fetch(origin, {
      method: 'POST',
      headers: { 'X-Amz-Target': 'AWSEvents.PutEvents', 'Content-Type': 'application/x-amz-json-1.1' },
      body: JSON.stringify({ Entries: [entry] }),
    });

    const stateMachineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:Shop-Machine';
    const statuses = async (): Promise<unknown[]> => {
      const { executions = [] } = await client.send(new ListExecutionsCommand({ stateMachineArn }));
      return executions.map(({ status }) => status);
    };
    while ((await statuses()).includes('RUNNING')) await new Promise((resolve) => setTimeout(resolve, 20));
    await expect(statuses()).resolves.toEqual(['SUCCEEDED', 'SUCCEEDED']);
    client.destroy();
  });

  it("lists what it doesn't carry out, by logical id, and runs the rest", async () => {
    const { origin, output } = await started(MIXED);

    const answer = await greet(origin);

    expect(answer.status).toBe(201);
    const [list = ''] = /^Not carried out:\n([^]*?)\n\n/.exec(output()) ?? [];
    expect(list.split('\n').map((line) => line.trim())).toEqual(
      expect.arrayContaining([
        'Bucket (AWS::S3::Bucket) Type: is not emulated (left out)',
        'Layered (AWS::Lambda::Function) Layers: is not emulated',
        'Snake (AWS::Lambda::Function) Runtime: must be a Node.js runtime, got "python3.13" (left out)',
        'Reader (AWS::Lambda::Function) Environment.Variables.BUCKET: refers to Bucket, which is not there (left out)',
        'Policy (AWS::IAM::Policy) PolicyDocument.Statement[0].Resource: refers to Bucket, which is not there',
        'Nightly (AWS::Events::Rule) Targets[0].Arn: refers to PathMachine, which is not there (left out)',
        'BucketName (Output) Value: refers to Bucket, which is not there (left out)',
        expect.stringMatching(/^PathMachine \(AWS::StepFunctions::StateMachine\) DefinitionString: .*\(left out\)$/),
      ]),
    );
  });

  it('leaves nothing out with --strict', async () => {
    const { output, errors, ended } = run(files.write('Mixed.json', MIXED), '--strict', '--port', '0');

    await expect(ended).resolves.toBe(1);
    expect(output()).toContain('Bucket (AWS::S3::Bucket) Type: is not emulated');
    expect(errors()).toMatch(/^.*Mixed\.json asks for what isn't carried out, and --strict leaves nothing out\n$/);
  });

  it('says how it is used', async () => {
    const { output, ended } = run('--help');

    await expect(ended).resolves.toBe(0);
    expect(output()).toContain('Usage: template-runtime <X.template.json | cdk.out>');
  });

  it.each([
    ['no template', [], 'Name a template, such as cdk.out/X.template.json; --help says more'],
    ['an unknown option', ['a.json', '--prot', '1'], "Unknown option '--prot'; --help lists the options"],
    ['a second template', ['a.json', 'b.json'], 'Unknown argument "b.json": one template is run at a time'],
    [
      'a port that is none',
      ['a.json', '--port', '70000'],
      '--port must be a whole number from 0 to 65535, got "70000"',
    ],
    ['a missing file', ['/nowhere/a.json'], '/nowhere/a.json is not there'],
    ['a file that is no JSON', [files.write('a.yaml', 'Resources:')], `${files.folder}/a.yaml is no JSON: `],
    [
      'a file that is no template',
      [files.write('a.json', { Resources: [] })],
      `${files.folder}/a.json is no CloudFormation template: Resources must be objects with a Type`,
    ],
    [
      'a template with nothing to run',
      [files.write('empty.json', { Resources: { Bucket: { Type: 'AWS::S3::Bucket' } } }), '--port', '0'],
      `${files.folder}/empty.json has nothing to run: no route of an API and no state machine`,
    ],
  ])('ends with one line for %s', async (_, words, message) => {
    const { errors, ended } = run(...words);

    await expect(ended).resolves.toBe(1);
    expect(errors()).toContain(message);
    expect(errors().trimEnd()).not.toContain('\n');
  });

  it('ends with one line for a port that is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;

    const { errors, ended } = run(files.write('Proxy.json', PROXY), '--port', String(port));

    await expect(ended).resolves.toBe(1);
    expect(errors()).toBe(`Port ${port} is taken. Choose another: --port ${port + 1}\n`);
    server.close();
  });
});

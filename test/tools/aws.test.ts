import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { type AddressInfo } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '../../lib/project-root';

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a script with nothing set for AWS but what is given. */
async function run(script: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const env = {
    PATH: process.env['PATH'],
    HOME: '/nowhere',
    NODE_NO_WARNINGS: '1',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_MAX_ATTEMPTS: '1',
    ...environment,
  };
  const file = path.join(projectRoot(), 'dist', 'bin', `${script}.js`);
  try {
    const printed = await promisify(execFile)(process.execPath, [file, ...args], { cwd: projectRoot(), env });
    return { code: 0, ...printed };
  } catch (error) {
    const { code, stdout, stderr } = error as Ended;
    return { code, stdout, stderr };
  }
}

const MACHINE = 'arn:aws:states:us-east-1:123456789012:stateMachine:AtomicCounter-increment';
const NO_REGION = 'No AWS region: set AWS_REGION, or AWS_PROFILE to a profile that has one';
const NO_CREDENTIALS = expect.stringMatching(
  /^No AWS credentials: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY \(.+\)$/,
) as string;
const CREDENTIALS = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'any', AWS_SECRET_ACCESS_KEY: 'hunter2' };

describe('every script that calls AWS', () => {
  it.each<[string, string[], string[]]>([
    ['setup', [], []],
    ['dashboard', ['AtomicCounter'], []],
    ['verify-aws', [], []],
    ['secrets', [], ["Nothing to upload: put momento_key_info.json and tidb_info.json into the project's root"]],
  ])('says what to set where there is no region and no credentials: %s', async (script, args, others) => {
    const { code, stdout, stderr } = await run(script, args);

    expect(stderr.trim().split('\n')).toEqual([...others, NO_REGION, NO_CREDENTIALS]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });

  it('says so where the profile is unknown', async () => {
    const { stderr } = await run('setup', [], { AWS_REGION: 'us-east-1', AWS_PROFILE: 'nobody' });

    expect(stderr).toMatch(/^No AWS credentials: AWS_PROFILE is "nobody": set another, or AWS_ACCESS_KEY_ID .*\n$/);
  });

  it('says so before it measures a deployed state machine, whose region is in its name', async () => {
    const { code, stdout, stderr } = await run('compare', ['--state-machine-arn', MACHINE]);

    expect(stderr.trim().split('\n')).toEqual([NO_CREDENTIALS]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });

  it.each([
    [
      'ExpiredToken',
      'The token has expired',
      /^The AWS credentials have expired: sign in again .* \(The token has expired\)$/,
    ],
    ['InvalidClientTokenId', 'The token is invalid', /^AWS doesn't know the credentials: check AWS_PROFILE, .*$/],
    [
      'AccessDenied',
      'no cloudformation:DescribeStacks',
      /^The AWS credentials lack a permission \(no cloudformation:.*\)$/,
    ],
    [
      'ValidationError',
      'Stack with id AtomicCounter does not exist',
      /^No stack AtomicCounter in us-east-1: deploy it \(npx cdk deploy\), or set STACK_NAME or AWS_REGION$/,
    ],
  ])('says in one line what AWS refuses: %s', async (name, message, line) => {
    const aws = createServer((_request, response) => {
      response.writeHead(name === 'AccessDenied' ? 403 : 400, { 'Content-Type': 'text/xml' });
      response.end(
        `<ErrorResponse><Error><Type>Sender</Type><Code>${name}</Code><Message>${message}</Message></Error></ErrorResponse>`,
      );
    }).listen(0, '127.0.0.1');
    await once(aws, 'listening');
    const endpoint = `http://127.0.0.1:${(aws.address() as AddressInfo).port}`;

    const results = [
      await run('setup', [], { ...CREDENTIALS, AWS_ENDPOINT_URL: endpoint }),
      await run('dashboard', ['AtomicCounter'], { ...CREDENTIALS, AWS_ENDPOINT_URL: endpoint }),
    ];
    aws.close();

    for (const { code, stdout, stderr } of results) {
      expect(stderr.trim()).toMatch(line);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    }
  });

  it('says so where nothing answers', async () => {
    const { stderr } = await run('setup', [], { ...CREDENTIALS, AWS_ENDPOINT_URL: 'http://127.0.0.1:1' });

    expect(stderr.trim()).toMatch(/^AWS does not answer: check AWS_REGION and the network \(.*\)$/);
  });
});

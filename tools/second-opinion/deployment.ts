import { APIGatewayClient, GetApiKeyCommand } from '@aws-sdk/client-api-gateway';
import {
  CloudFormationClient,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  type StackEvent,
} from '@aws-sdk/client-cloudformation';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { projectRoot } from '../../lib/project-root';
import { stackName } from '../deployed-stack';

const REGION = 'us-east-1';
/** The emulators accept any. */
const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' };

/** The SDK clients' configuration for the emulator. */
export function clientOptions(endpoint: string): {
  endpoint: string;
  region: string;
  credentials: typeof CREDENTIALS;
  maxAttempts: number;
} {
  return { endpoint, region: REGION, credentials: CREDENTIALS, maxAttempts: 1 };
}

export interface Resource {
  readonly logicalId: string;
  readonly type: string;
  readonly status: string;
  /** The emulator's message about it. */
  readonly reason: string;
}

export interface Deployment {
  /** The stack's status, or the reason why the CloudFormation template was rejected before there was a stack. */
  readonly status: string;
  /** In the order of their last events. */
  readonly resources: readonly Resource[];
}

/**
 * Deploys a cloud assembly as in the README, with `cdk bootstrap` and `cdk deploy`, to the emulator instead of AWS.
 * Nothing is rolled back, so that every resource's last status can be read.
 */
export async function deploy(
  endpoint: string,
  assembly: string,
  { account, ...options }: { account: string; progress: (line: string) => void; signal: AbortSignal },
): Promise<Deployment> {
  const bootstrap = await cdk(['bootstrap', `aws://${account}/${REGION}`], {
    endpoint,
    assembly,
    account,
    ...options,
  });
  if (bootstrap.code !== 0) return { status: `cdk bootstrap: ${bootstrap.reason}`, resources: [] };
  const deployment = await cdk(['deploy', '--require-approval', 'never', '--no-rollback'], {
    endpoint,
    assembly,
    account,
    ...options,
  });
  const client = new CloudFormationClient(clientOptions(endpoint));
  try {
    const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName: stackName() }));
    if (stack?.StackStatus === undefined || stack.StackStatus === 'REVIEW_IN_PROGRESS') {
      return { status: deployment.reason, resources: [] };
    }
    return { status: stack.StackStatus, resources: resourcesOf(await stackEvents(client)) };
  } catch (error) {
    return {
      status: deployment.reason || (error instanceof Error ? error.message : String(error)),
      resources: [],
    };
  } finally {
    client.destroy();
  }
}

/** The deployed API as the emulator serves it: `http://…/<stage>`, and a key. */
export async function deployedApi(
  endpoint: string,
  outputs: Readonly<Record<string, string>>,
): Promise<{ url: string; apiKey: string }> {
  const [, apiId, stage] = /^https:\/\/([^.]+)\.[^/]+\/([^/]+)/.exec(outputs['ApiUrl'] ?? '') ?? [];
  const [, keyId] = /--api-key (\S+)/.exec(outputs['ApiKeyCommand'] ?? '') ?? [];
  if (apiId === undefined || stage === undefined || keyId === undefined) {
    throw new Error(`the stack has no usable outputs ApiUrl and ApiKeyCommand: ${JSON.stringify(outputs)}`);
  }
  const client = new APIGatewayClient(clientOptions(endpoint));
  try {
    const { value: apiKey = '' } = await client.send(new GetApiKeyCommand({ apiKey: keyId, includeValue: true }));
    return { url: `${endpoint}/_aws/execute-api/${apiId}/${stage}`, apiKey };
  } finally {
    client.destroy();
  }
}

async function stackEvents(client: CloudFormationClient): Promise<StackEvent[]> {
  const events: StackEvent[] = [];
  let next: string | undefined;
  do {
    const { StackEvents: page = [], NextToken } = await client.send(
      new DescribeStackEventsCommand({ StackName: stackName(), NextToken: next }),
    );
    events.push(...page);
    next = NextToken;
  } while (next !== undefined);
  return events.reverse(); // CloudFormation lists the newest first
}

function resourcesOf(events: readonly StackEvent[]): Resource[] {
  const resources = new Map<string, Resource>();
  for (const event of events) {
    const logicalId = event.LogicalResourceId ?? '';
    if (event.ResourceType === 'AWS::CloudFormation::Stack') continue;
    resources.delete(logicalId);
    resources.set(logicalId, {
      logicalId,
      type: event.ResourceType ?? '',
      status: event.ResourceStatus ?? '',
      reason: event.ResourceStatusReason ?? '',
    });
  }
  return [...resources.values()];
}

/** Runs the CDK CLI against the emulator; if it fails, the error is one line. */
function cdk(
  args: readonly string[],
  options: {
    endpoint: string;
    assembly: string;
    account: string;
    progress: (line: string) => void;
    signal: AbortSignal;
  },
): Promise<{ code: number | null; reason: string }> {
  const environment = { ...process.env };
  delete environment['AWS_PROFILE'];
  const deployed = stackName();
  const command = path.join(projectRoot(), 'node_modules', 'aws-cdk', 'bin', 'cdk');
  const child = spawn(
    process.execPath,
    [command, ...args, '--app', options.assembly, '--progress', 'events', '--ci', '--no-color'],
    {
      cwd: projectRoot(),
      env: {
        ...environment,
        AWS_ENDPOINT_URL: options.endpoint,
        // The CLI remembers which account a key belongs to, beyond this run.
        AWS_ACCESS_KEY_ID: `${CREDENTIALS.accessKeyId}-${options.account}`,
        AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
        AWS_REGION: REGION,
        AWS_EC2_METADATA_DISABLED: 'true',
        CDK_DISABLE_CLI_TELEMETRY: 'true',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      signal: options.signal,
    },
  );
  let printed = '';
  const print = (text: string): void => {
    printed += text;
    for (const line of text.split('\n')) {
      const [stack, count, , status, type] = line.split('|').map((cell) => cell.trim());
      if (stack === deployed && /_(COMPLETE|FAILED)$/.test(status ?? ''))
        options.progress(`${count} ${type} ${status}`);
    }
  };
  child.stdout.setEncoding('utf8').on('data', print);
  child.stderr.setEncoding('utf8').on('data', print);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, reason: code === 0 ? '' : failure(printed) }));
  });
}

/** The CLI's last line is the cause, apart from notices and stack traces. */
function failure(printed: string): string {
  const lines = printed.split('\n').map((line) => line.replace(/[^\x20-\x7e]/g, '').trim());
  const said = lines.filter((line) => /error|fail|Unrecognized|unsupported/i.test(line) && !line.startsWith('at '));
  return said.at(-1) ?? lines.filter((line) => line !== '').at(-1) ?? 'the CDK CLI printed nothing';
}

import type { CloudFormationClient, Stack } from '@aws-sdk/client-cloudformation';
import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { SFNClient } from '@aws-sdk/client-sfn';
import { DescribeExecutionCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { readDeployment } from '../lib/environment';
import { projectRoot } from '../lib/project-root';

/** The name of the stack that the settings deploy. */
export const stackName = (): string => readDeployment(projectRoot()).configuration.stackName;

/**
 * The outputs of the deployed stack, by key.
 *
 * @throws Error when the stack isn't deployed in the account and region that the environment points at
 */
export async function stackOutputs(client: CloudFormationClient): Promise<Readonly<Record<string, string>>> {
  const { Outputs: outputs = [] } = await describe(client, stackName());
  return Object.fromEntries(outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]));
}

/**
 * The ARN of a deployed stack.
 *
 * @throws Error when there is no such stack in the account and region that the environment points at
 */
export async function stackId(client: CloudFormationClient, name: string): Promise<string> {
  return (await describe(client, name)).StackId ?? '';
}

/** CloudFormation calls an unknown stack a ValidationError, as it does a malformed name. */
async function describe(client: CloudFormationClient, name: string): Promise<Partial<Stack>> {
  try {
    const { Stacks: [stack = {}] = [] } = await client.send(new DescribeStacksCommand({ StackName: name }));
    return stack;
  } catch (error) {
    if (!(error instanceof Error) || !/does not exist/.test(error.message)) throw error;
    const region = await client.config.region();
    throw new Error(`No stack ${name} in ${region}: deploy it (npx cdk deploy), or set STACK_NAME or AWS_REGION`, {
      cause: error,
    });
  }
}

/**
 * Runs the setup state machine to its end.
 *
 * @returns the execution's output, JSON
 * @throws Error with the execution's error and cause when it doesn't succeed
 */
export async function runSetup(client: SFNClient, stateMachineArn: string): Promise<string> {
  const { executionArn } = await client.send(new StartExecutionCommand({ stateMachineArn }));
  console.log(`Setup started: ${executionArn}`);
  for (;;) {
    const { status, output, error, cause } = await client.send(new DescribeExecutionCommand({ executionArn }));
    if (status === 'SUCCEEDED') return output ?? '{}';
    if (status !== 'RUNNING') throw new Error(`Setup ended as ${status}: ${error ?? ''} ${cause ?? ''}`.trim());
    process.stdout.write('.');
    await new Promise((resolve) => setTimeout(resolve, 2000));
  }
}

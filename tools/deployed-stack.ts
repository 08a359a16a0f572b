import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
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
  const { Stacks: stacks } = await client.send(new DescribeStacksCommand({ StackName: stackName() }));
  const outputs = stacks?.[0]?.Outputs ?? [];
  return Object.fromEntries(outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]));
}

/**
 * The ARN of a deployed stack.
 *
 * @throws Error when there is no such stack in the account and region that the environment points at
 */
export async function stackId(client: CloudFormationClient, name: string): Promise<string> {
  const { Stacks: stacks } = await client.send(new DescribeStacksCommand({ StackName: name }));
  return stacks?.[0]?.StackId ?? '';
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

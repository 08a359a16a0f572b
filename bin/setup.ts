import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { SFNClient } from '@aws-sdk/client-sfn';
import { onAws } from '../tools/aws';
import { runCommand } from '../tools/command-line';
import { runSetup, stackOutputs } from '../tools/deployed-stack';

/** `npm run setup`: prepares the stores of the deployed stack again, and prints the result. */
async function main(): Promise<void> {
  await onAws(async () => {
    const { SetupStateMachineArn: arn } = await stackOutputs(new CloudFormationClient({}));
    if (arn === undefined) {
      throw new Error('The deployed stack has no setup state machine: none of its STORES needs one');
    }
    console.log(await runSetup(new SFNClient({}), arn));
  });
}

runCommand(
  {
    name: 'setup',
    purpose: 'Prepares the stores of the deployed stack again, and prints the result.',
  },
  main,
);

import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';
import { CREDENTIAL_FILES, type CredentialFile } from '../lib/credential-files';
import { onAws } from '../tools/aws';
import { readCredentials } from '../tools/secrets/credentials';
import { projectRoot } from '../lib/project-root';
import { runCommand } from '../tools/command-line';
import { runSetup, stackOutputs } from '../tools/deployed-stack';

/** `npm run secrets`: checks the credential files, uploads them to the deployed stack's secrets and runs the setup. */
async function main(): Promise<void> {
  // Every file is checked before the first is uploaded.
  const known = Object.values(CREDENTIAL_FILES);
  const problems: string[] = [];
  const files = known.flatMap((file) => {
    const credentials = readCredentials(projectRoot(), file, Date.now(), problems);
    return credentials ? [{ ...file, credentials }] : [];
  });
  if (files.length === 0 && problems.length === 0) {
    problems.push(`Nothing to upload: put ${known.map(({ file }) => file).join(' and ')} into the project's root`);
  }
  await onAws(() => upload(files), problems);
}

async function upload(files: readonly (CredentialFile & { readonly credentials: unknown })[]): Promise<void> {
  const outputs = await stackOutputs(new CloudFormationClient({}));
  const secrets = new SecretsManagerClient({});
  for (const { file, store, outputKey, credentials } of files) {
    const secretArn = outputs[outputKey];
    if (secretArn === undefined) {
      console.log(`${file}: left out, ${store} is not among the deployed STORES`);
      continue;
    }
    await secrets.send(new PutSecretValueCommand({ SecretId: secretArn, SecretString: JSON.stringify(credentials) }));
    console.log(`${file}: uploaded to ${secretArn}`);
  }
  const { SetupStateMachineArn: setup } = outputs;
  if (setup !== undefined) console.log(await runSetup(new SFNClient({}), setup));
}

runCommand(
  {
    name: 'secrets',
    purpose: 'Checks the credential files, uploads them to the deployed stack, and runs its setup.',
  },
  main,
);

import { type LocalOptions, startLocal, urlOf } from '../../local/main';

/** What the process answers once the system is ready, or why it isn't. */
export type SystemMessage =
  | {
      readonly url: string;
      readonly apiKey: string;
      /** Base URL of the AWS services. */
      readonly endpoint: string;
      readonly stateMachineArn: string;
      /** Absent where DynamoDB isn't among the stores. */
      readonly dynamoDbUrl?: string;
    }
  | { readonly failure: string };

/** Runs a synthesized app until the parent lets go, which gets the Ctrl-C. */
async function main(options: LocalOptions): Promise<void> {
  process.on('SIGINT', () => undefined);
  const local = await startLocal(options);
  process.on('disconnect', () => void local.close().then(() => process.exit()));
  const { dynamo } = local.stores;
  const message: SystemMessage = {
    url: local.url,
    apiKey: local.apiKey,
    endpoint: new URL(local.url).origin,
    stateMachineArn: local.stepFunctions.stateMachines.find(({ name }) => name.endsWith('-increment'))?.arn ?? '',
    ...(dynamo && { dynamoDbUrl: urlOf(dynamo.address) }),
  };
  process.send?.(message);
}

main(JSON.parse(process.argv[2] ?? '{}') as LocalOptions).catch((error: unknown) => {
  const message: SystemMessage = { failure: error instanceof Error ? error.message : String(error) };
  process.send?.(message, () => process.exit(1));
});

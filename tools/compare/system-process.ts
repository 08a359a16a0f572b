import { type LocalOptions, startLocal } from '../../local/main';
import type { StoreName } from '../../local/store-modules';

/** What the process answers once the system is ready, or why it isn't. */
export type SystemMessage =
  | {
      readonly url: string;
      readonly apiKey: string;
      /** Base URL of the AWS services. */
      readonly endpoint: string;
      readonly stateMachineArn: string;
      readonly stores: Readonly<Partial<Record<StoreName, StoreLocation>>>;
    }
  | { readonly failure: string };

export interface StoreLocation {
  readonly host: string;
  readonly port: number;
  readonly embedded: boolean;
}

/** Runs a synthesized app until the parent lets go, which gets the Ctrl-C. */
async function main(options: LocalOptions): Promise<void> {
  process.on('SIGINT', () => undefined);
  const local = await startLocal(options);
  process.on('disconnect', () => void local.close().then(() => process.exit()));
  const message: SystemMessage = {
    url: local.url,
    apiKey: local.apiKey,
    endpoint: new URL(local.url).origin,
    stateMachineArn: local.stepFunctions.stateMachines.find(({ name }) => name.endsWith('-increment'))?.arn ?? '',
    stores: Object.fromEntries(
      Object.entries(local.stores).map(([name, { address, embedded }]) => [
        name,
        { host: address.host, port: address.port, embedded },
      ]),
    ),
  };
  process.send?.(message);
}

main(JSON.parse(process.argv[2] ?? '{}') as LocalOptions).catch((error: unknown) => {
  const message: SystemMessage = { failure: error instanceof Error ? error.message : String(error) };
  process.send?.(message, () => process.exit(1));
});

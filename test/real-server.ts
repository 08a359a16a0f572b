import { parseStoreUrl, secretValue, type StoreAddress } from '../local/store-address';
import type { StoreName } from '../local/store-modules';
import { type SecretsEndpoint, startSecretsEndpoint } from './functions/secrets-endpoint';

/** The settings by which tests find real servers: two for servers that speak TLS, one for a server that they may empty. */
const REAL_SERVERS = {
  DYNAMODB_URL: 'dynamo',
  REDIS_URL: 'redis',
  REDIS_SCRATCH_URL: 'redis',
  REDIS_TLS_URL: 'redis',
  MOMENTO_URL: 'momento',
  DOCDB_URL: 'docdb',
  TIDB_URL: 'tidb',
  TIDB_TLS_URL: 'tidb',
} as const satisfies Record<string, StoreName>;

export type RealServer = keyof typeof REAL_SERVERS;

/** Servers that .ci/run can't start: with REAL_SERVERS=required all others have to be there. */
const OPTIONAL: readonly RealServer[] = ['MOMENTO_URL'];

/**
 * Describes what has to hold on the real server that a setting names by its URL. Without the setting that is skipped, or
 * with REAL_SERVERS=required a failure.
 */
export function describeOnRealServer(setting: RealServer, body: (address: StoreAddress) => void): void {
  const url = process.env[setting];
  if (url) return body(parseStoreUrl(REAL_SERVERS[setting], url));
  const required = process.env['REAL_SERVERS'] === 'required' && !OPTIONAL.includes(setting);
  (required ? it : it.skip)(`the server of ${setting} is there`, () => {
    throw new Error(`REAL_SERVERS=required, and ${setting} names no server`);
  });
}

let secrets: SecretsEndpoint | undefined;

afterAll(async () => {
  await secrets?.close();
  secrets = undefined;
});

/**
 * The address of a server as a function makes it of its secret.
 *
 * @param read the function's own
 */
export async function readAddress<T>(
  store: Exclude<StoreName, 'dynamo'>,
  address: StoreAddress,
  read: () => Promise<T>,
): Promise<T> {
  // One for all: the functions' client keeps the endpoint that it was made for.
  secrets ??= await startSecretsEndpoint();
  Object.assign(process.env, secrets.environment);
  secrets.setValue(secretValue(store, address));
  return read();
}

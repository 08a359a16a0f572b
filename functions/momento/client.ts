import { CacheClient, Configurations, CredentialProvider, NoopMomentoLoggerFactory, ReadConcern } from '@gomomento/sdk';
import { StoreUnavailableError } from '../counter-store';
import { type SharedClient, sharedClient } from '../shared-client';
import { secretText, storeAddress } from '../store-address';
import { NotConfiguredError, readStoreSecret, type StoreSecret } from '../store-secret';
import { CONNECT_TIMEOUT_MS } from '../timeouts';
import { sendOnce } from './channel';
import { momentoErrors } from './errors';

sendOnce();

/**
 * How long a counter lives after its last increment, in seconds: the longest that Momento keeps an item.
 * Source: https://docs.momentohq.com/cache/limits
 */
export const TTL_SECONDS = 24 * 60 * 60;

/** How long one request to Momento may take, in milliseconds. */
export const REQUEST_TIMEOUT_MS = 1000;

/** Reads the credentials from the store's secret. */
export async function readMomentoCredentials(): Promise<CredentialProvider> {
  return momentoCredentials(await readStoreSecret('momento'));
}

/**
 * The credentials in a secret: `{apiKey, restEndpoint}` as Momento's console gives them, or `{host, port, tls: false}`
 * for a server on this machine.
 *
 * A version 1 key is base64 text that contains its endpoint. A version 2 key is a JSON web token, so it has dots, and
 * its endpoint is the host of `restEndpoint` without the prefix of the HTTP API.
 * Source: https://docs.momentohq.com/cache/develop/authentication/api-keys, and the SDK's CredentialProvider
 *
 * @throws NotConfiguredError when there is no key
 * @throws StoreUnavailableError when a field can't be used
 */
export function momentoCredentials(secret: StoreSecret): CredentialProvider {
  if ('host' in secret) return localCredentials(secret);
  if (secret['apiKey'] === undefined) throw new NotConfiguredError('momento', 'apiKey');
  const apiKey = secretText('momento', secret, 'apiKey');
  try {
    if (!apiKey.includes('.')) return CredentialProvider.fromString({ apiKey });
    return CredentialProvider.fromApiKeyV2({ apiKey, endpoint: cacheEndpoint(secret) });
  } catch (error) {
    if (error instanceof StoreUnavailableError) throw error;
    throw new StoreUnavailableError('momento: apiKey in its secret must be a Momento API key', { cause: error });
  }
}

function localCredentials(secret: StoreSecret): CredentialProvider {
  const { host: hostname, port, tls } = storeAddress('momento', secret);
  if (tls) throw new StoreUnavailableError('momento: tls in its secret must be false where it has a host');
  // A name, since gRPC may go on connecting to an IP address after its channel was closed: its resolver for addresses
  // (grpc-js, resolver-ip.ts) answers on the next tick even if it has been destroyed since.
  return CredentialProvider.forMomentoLocal({ hostname: hostname === '127.0.0.1' ? 'localhost' : hostname, port });
}

function cacheEndpoint(secret: StoreSecret): string {
  const url = secretText('momento', secret, 'restEndpoint');
  const host = /^(?:https:\/\/)?([A-Za-z0-9.-]+)\/?$/.exec(url)?.[1];
  if (host === undefined) throw new StoreUnavailableError('momento: restEndpoint in its secret must be an HTTPS URL');
  return host.replace(/^api\.cache\./, '');
}

/**
 * The Momento client of a Lambda environment. The SDK itself replaces a channel that was idle for 4 minutes.
 *
 * @param readCredentials called before each connection
 */
export function momentoClient(readCredentials: () => Promise<CredentialProvider>): SharedClient<CacheClient> {
  return sharedClient({
    connect: async () => connect(await readCredentials()),
    end: (client) => client.close(),
  });
}

async function connect(credentialProvider: CredentialProvider): Promise<CacheClient> {
  const loggerFactory = new NoopMomentoLoggerFactory(); // the SDK's lines name hosts
  try {
    return await CacheClient.create({
      configuration: Configurations.Lambda.latest(loggerFactory)
        .withClientTimeoutMillis(REQUEST_TIMEOUT_MS)
        .withRetryStrategy({ determineWhenToRetryRequest: () => null }) // a repeated increment counts twice
        .withReadConcern(ReadConcern.CONSISTENT), // a stale value would only fail the comparison
      credentialProvider,
      defaultTtlSeconds: TTL_SECONDS,
      eagerConnectTimeout: CONNECT_TIMEOUT_MS / 1000,
    });
  } catch (error) {
    throw momentoErrors.unreachable(error);
  }
}

import {
  CacheClient,
  Configurations,
  CredentialProvider,
  type MomentoErrorCode,
  NoopMomentoLoggerFactory,
} from '@gomomento/sdk';
import { type MomentoOptions, startMomento } from '../../momento';
import type { EmbeddedStore } from 'template-runtime/worker';

export const CACHE = 'counters';

/** An embedded Momento with the unmodified SDK connected to it, and a clock that only the test moves. */
export interface ConnectedMomento {
  readonly store: EmbeddedStore;
  readonly client: CacheClient;
  readonly clock: { ms: number };
  close(): Promise<void>;
}

export async function connectMomento(options: MomentoOptions = {}): Promise<ConnectedMomento> {
  const clock = { ms: 1_000_000 };
  const store = await startMomento({ cacheNames: [CACHE], now: () => clock.ms, ...options });
  const client = await clientOf(store);
  return {
    store,
    client,
    clock,
    close: async () => {
      client.close();
      await store.close();
    },
  };
}

export function clientOf(store: Pick<EmbeddedStore, 'port'>): Promise<CacheClient> {
  return CacheClient.create({
    configuration: Configurations.Laptop.v1(new NoopMomentoLoggerFactory()),
    credentialProvider: CredentialProvider.forMomentoLocal({ hostname: '127.0.0.1', port: store.port }),
    defaultTtlSeconds: 60,
  });
}

/** The error of a response that must be one. */
export function errorOf(response: object): { code: MomentoErrorCode; message: string } {
  if ('errorCode' in response && typeof response.errorCode === 'function') {
    const error = response as { errorCode(): MomentoErrorCode; message(): string };
    return { code: error.errorCode(), message: error.message() };
  }
  throw new Error(`expected an error, got ${response.constructor.name}`);
}

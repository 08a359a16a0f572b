import { Server, ServerCredentials } from '@grpc/grpc-js';
import { startLoopbackListener } from 'template-runtime/http';
import { type EmbeddedStore, type EmbeddedStoreOptions, fileIn } from 'template-runtime/worker';
import { openJournal } from 'template-runtime/journal';
import { addCacheService, type RefuseCall } from './cache-service';
import { type CacheRecord, Caches, KEPT_STATE } from './caches';
import { addControlService } from './control-service';

export type { ExceededLimit } from './cache-service';

export interface MomentoOptions extends EmbeddedStoreOptions {
  /**
   * Caches that are there from the start: on Momento they are made in its console.
   *
   * @default - `atomic-counter`
   */
  readonly cacheNames?: readonly string[];
  /**
   * The clock by which items expire, in milliseconds.
   *
   * @default - the wall clock
   */
  readonly now?: () => number;
  /**
   * Refuses calls as Momento does when an account's limit is exceeded.
   *
   * @default - none is refused
   */
  readonly refuse?: RefuseCall;
}

/** Momento's largest item is 5 MB (docs.momentohq.com, "Momento Cache limits"); the rest is the message around it. */
const MAX_MESSAGE_BYTES = 5 * 1024 * 1024 + 4096;

/**
 * The embedded Momento: the cache and control services over gRPC, for the SDK's `CredentialProvider.forMomentoLocal`.
 * It takes any authorization, as there is no account.
 *
 * @throws the listener's error, such as EADDRINUSE, and the journal's
 */
export async function startMomento(options: MomentoOptions = {}): Promise<EmbeddedStore> {
  const { port = 0, cacheNames = ['atomic-counter'], now = Date.now, refuse, dataDirectory } = options;
  const caches = new Caches(now);
  const journal = openJournal<CacheRecord>({
    file: fileIn(dataDirectory, 'momento.journal'),
    replay: (record) => caches.replay(record),
    state: KEPT_STATE,
  });
  if (dataDirectory !== undefined) caches.journal = journal;
  for (const name of cacheNames) caches.create(name);
  const server = new Server({ 'grpc.max_receive_message_length': MAX_MESSAGE_BYTES, 'grpc.enable_channelz': 0 });
  addCacheService(server, caches, refuse);
  addControlService(server, caches);
  // The listener is ours, so that a stop cuts connections and keeps the port, which gRPC's own server can't.
  const connections = server.createConnectionInjector(ServerCredentials.createInsecure());
  const listener = await startLoopbackListener({
    port,
    onConnection: (socket) => connections.injectConnection(socket),
  });
  return {
    port: listener.port,
    stop: () => listener.stop(),
    start: () => listener.start(),
    close: async () => {
      await listener.stop();
      connections.destroy();
      server.forceShutdown();
      await journal.close();
    },
  };
}

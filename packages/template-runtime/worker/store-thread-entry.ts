import { createRequire } from 'node:module';
import type { EmbeddedStore } from './embedded-store';
import { serveThread } from './serve-thread';
import type { StoreProtocol } from './store-thread';

// The entry of a store's thread: it starts the store and carries out what `store-thread.ts` asks for.

void serveThread<StoreProtocol>(async ({ module, start, options, frozen }, owner) => {
  const exported = createRequire(__filename)(module) as Record<string, (options: unknown) => Promise<EmbeddedStore>>;
  const startStore = exported[start];
  if (typeof startStore !== 'function') throw new Error(`${module} exports no function ${start}`);
  const store = await startStore(options ?? {});
  const isFrozen = new Int32Array(frozen);
  return {
    ready: store.port,
    async handle(command, answer) {
      if (command === 'freeze') {
        answer();
        // The whole thread is blocked until it is thawed, as SIGSTOP does to a server: the kernel goes on accepting
        // connections and bytes, and nobody reads them. What was asked meanwhile is then done before anything that the
        // kernel took, so that a store which is stopped while frozen never carries out what was sent to it then.
        Atomics.wait(isFrozen, 0, 1);
        owner.takeWaiting();
      } else {
        await store[command]();
        answer();
      }
    },
  };
});

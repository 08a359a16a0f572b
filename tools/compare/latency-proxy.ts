import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A TCP proxy that hands on bytes later, as a network between a function and its store does. */
export interface LatencyProxy {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Starts one on a free loopback port.
 *
 * @param delayMs how much later, in each direction
 */
export async function startLatencyProxy(
  target: { readonly host: string; readonly port: number },
  delayMs: number,
): Promise<LatencyProxy> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (client) => {
    const store = connect({ ...target, noDelay: true, allowHalfOpen: true });
    for (const [from, to] of [
      [client, store],
      [store, client],
    ] as const) {
      sockets.add(from);
      from.on('data', (bytes) => void setTimeout(() => to.writable && to.write(bytes), delayMs));
      from.on('end', () => void setTimeout(() => to.end(), delayMs));
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        setTimeout(() => to.destroySoon(), delayMs);
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

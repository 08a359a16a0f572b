import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/**
 * What a proxy does with the bytes between a client and a store.
 *
 * - `pass` forwards them
 * - `cut-requests` cuts a connection when its client sends something, before the store sees it
 * - `cut-answers` cuts a connection when the store answers: what was asked has been done
 * - `freeze` forwards nothing and closes nothing
 */
export type Fault = 'pass' | 'cut-requests' | 'cut-answers' | 'freeze';

/** A TCP proxy in front of a store that can fail in a chosen way. */
export interface FaultProxy {
  readonly port: number;
  /** How many connections clients have made in all. */
  readonly accepted: number;
  /** How many connections are open. */
  readonly open: number;
  set(fault: Fault): void;
  /** Cuts every connection and refuses new ones. */
  refuse(): Promise<void>;
  /** Listens again, passing. */
  accept(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a proxy on a free loopback port in front of `targetPort`. */
export async function startFaultProxy(targetPort: number): Promise<FaultProxy> {
  let fault: Fault = 'pass';
  let accepted = 0;
  const sockets = new Set<Socket>();

  const server = createServer((client) => {
    accepted += 1;
    const store = connect(targetPort, '127.0.0.1');
    const cut = (): void => {
      client.destroy();
      store.destroy();
    };
    sockets.add(client);
    client.on('data', (bytes) => {
      if (fault === 'cut-requests') cut();
      else if (fault !== 'freeze') store.write(bytes);
    });
    store.on('data', (bytes) => {
      if (fault === 'cut-answers') cut();
      else if (fault !== 'freeze') client.write(bytes);
    });
    for (const socket of [client, store]) {
      socket.setNoDelay(true);
      socket.on('error', cut);
      socket.on('close', cut);
    }
    client.on('close', () => sockets.delete(client));
  });

  const listen = async (port: number): Promise<void> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  const stop = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };

  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    port,
    get accepted() {
      return accepted;
    },
    get open() {
      return sockets.size;
    },
    set(next) {
      fault = next;
    },
    refuse: stop,
    async accept() {
      fault = 'pass';
      if (!server.listening) await listen(port);
    },
    close: stop,
  };
}

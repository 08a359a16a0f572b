import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { EmbeddedStore, EmbeddedStoreOptions } from '../embedded-store';
import { Catalog } from './storage/catalog';
import { Connection } from './wire/connection';

/**
 * Starts an embedded stand-in for TiDB: it speaks MySQL's protocol on 127.0.0.1 and interprets the SQL that it is sent,
 * in memory. What it doesn't carry out it refuses with error 1235 naming it.
 *
 * @param options the port, on loopback
 * @throws Error `EADDRINUSE` when the port is taken
 */
export async function startTidb(options: EmbeddedStoreOptions = {}): Promise<EmbeddedStore> {
  const listener = new Listener(new Catalog());
  const port = await listener.listen(options.port ?? 0);
  return {
    port,
    stop: () => listener.stop(),
    start: async () => {
      await listener.listen(port);
    },
    close: () => listener.stop(),
  };
}

/** Accepts connections while it listens; the data outlives it. */
class Listener {
  private server: Server | undefined;
  private readonly sockets = new Set<Socket>();
  private nextConnectionId = 1;

  constructor(private readonly catalog: Catalog) {}

  /** @returns the port on which it listens */
  async listen(port: number): Promise<number> {
    if (this.server !== undefined) return port;
    const server = createServer((socket) => this.accept(socket));
    server.listen(port, '127.0.0.1');
    await once(server, 'listening'); // rejects on 'error'
    this.server = server;
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : port;
  }

  private accept(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket));
    new Connection(socket, this.catalog, this.nextConnectionId++);
  }

  async stop(): Promise<void> {
    const { server } = this;
    if (server === undefined) return;
    this.server = undefined;
    server.close();
    for (const socket of this.sockets) socket.destroy();
    await once(server, 'close');
  }
}

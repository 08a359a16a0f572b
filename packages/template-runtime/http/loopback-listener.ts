import { createServer, type AddressInfo, type Socket } from 'node:net';

/** A TCP listener on 127.0.0.1 that can go away and come back, as a server does that is restarted. */
export interface LoopbackListener {
  /** The port, the same over stop and start. */
  readonly port: number;
  /** Cuts every connection and refuses new ones. */
  stop(): Promise<void>;
  /** Listens again on the same port. Does nothing while it listens. */
  start(): Promise<void>;
}

/**
 * Listens on loopback.
 *
 * @param options.port the port, 0 for a free one
 * @param options.onConnection takes each accepted socket; whoever takes it reads from it and ends it
 * @throws the listener's error, such as EADDRINUSE
 */
export async function startLoopbackListener(options: {
  readonly port: number;
  readonly onConnection: (socket: Socket) => void;
}): Promise<LoopbackListener> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // A client that resets its connection only ends that connection.
    socket.on('error', () => socket.destroy());
    options.onConnection(socket);
  });
  const listen = (port: number): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => {
        server.off('error', reject);
        resolve();
      });
    });
  const unlisten = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });

  await listen(options.port);
  const { port } = server.address() as AddressInfo;
  // Calls take turns: a start that overtakes a stop would find the server half closed.
  let turn = Promise.resolve();
  const inTurn = (step: () => Promise<void>): Promise<void> => {
    const ended = turn.then(step);
    turn = ended.catch(() => undefined);
    return ended;
  };
  return {
    port,
    stop: () => inTurn(() => (server.listening ? unlisten() : Promise.resolve())),
    start: () => inTurn(() => (server.listening ? Promise.resolve() : listen(port))),
  };
}

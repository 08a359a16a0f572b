import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers a request, or gives undefined where the request is not its own. */
export type Route = (request: IncomingMessage, response: ServerResponse) => Promise<void> | undefined;

export interface HttpServer {
  readonly port: number;
  /** Stops listening and ends open connections. */
  close(): Promise<void>;
}

export interface HttpServerOptions {
  readonly port: number;
  /** Asked in order; the first that takes the request answers it. */
  readonly routes: readonly Route[];
}

/** The port is in use. The message says how to take another. */
export class PortTakenError extends Error {
  override readonly name = 'PortTakenError';

  constructor(port: number) {
    super(`Port ${port} is taken. Choose another: PORT=${port + 1} npm start`);
  }
}

/**
 * Listens on 127.0.0.1 only. A request whose Host is another name is refused, so that no web page can reach the laptop's
 * services through a name of its own (DNS rebinding).
 *
 * @throws PortTakenError
 */
export async function startHttpServer({ port, routes }: HttpServerOptions): Promise<HttpServer> {
  const server = createServer((request, response) => {
    const answer = isLoopback(request.headers.host) ? routes.map((route) => () => route(request, response)) : [];
    void answerWith(answer, response);
  });
  server.keepAliveTimeout = 65_000; // longer than the usual client's, so that no request meets a closing connection
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new PortTakenError(port) : error),
    );
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answerWith(attempts: (() => Promise<void> | undefined)[], response: ServerResponse): Promise<void> {
  try {
    for (const attempt of attempts) {
      const answered = attempt();
      if (answered) return await answered;
    }
    sendJson(response, 403, { message: 'Forbidden' });
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    if (!response.headersSent) sendJson(response, 500, { message: 'The local runtime failed; its log says why' });
    else response.destroy();
  }
}

function isLoopback(host: string | undefined): boolean {
  return host !== undefined && /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i.test(host);
}

/** Ends a response with a JSON document and a newline. */
export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(`${JSON.stringify(body)}\n`);
}

/** Reads a request's whole body as text. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

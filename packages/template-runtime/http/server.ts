import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { isLoopbackHost } from './loopback-host';

/** Answers a request, or gives undefined where the request is not its own. */
export type Route = (request: IncomingMessage, response: ServerResponse) => Promise<void> | undefined;

export interface HttpServer {
  readonly port: number;
  /** Stops listening and ends open connections. */
  close(): Promise<void>;
}

export interface HttpServerOptions {
  readonly port: number;
  /** Tried in order; the first that accepts the request answers it. */
  readonly routes: readonly Route[];
}

/** The port is in use. The message says how to take another. */
export class PortTakenError extends Error {
  override readonly name = 'PortTakenError';

  constructor(readonly port: number) {
    super(`Port ${port} is taken. Choose another: PORT=${port < 65_535 ? port + 1 : 3000} npm start`);
  }
}

/** The largest body that a service reads into memory, in bytes: that of the largest request of AWS's APIs here. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;

/** A request's body is larger than any service here takes. */
export class BodyTooLargeError extends Error {
  override readonly name = 'BodyTooLargeError';
}

/**
 * Listens on 127.0.0.1 only. A request with another name as its Host is refused, so that no web page can reach the
 * laptop's services through a name of its own (DNS rebinding). Every refusal gives its reason.
 *
 * @throws PortTakenError
 */
export async function startHttpServer({ port, routes }: HttpServerOptions): Promise<HttpServer> {
  const server = createServer((request, response) => {
    if (!isThisMachine(request.headers.host)) return refuseHost(request, response);
    void answerWith(request, response, routes);
  });
  server.on('clientError', refuseUnreadable);
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

/** Tries the routes in order; the first that accepts the request answers it. */
export function firstAnswer(routes: readonly Route[], ...exchange: Parameters<Route>): ReturnType<Route> {
  for (const route of routes) {
    const answered = route(...exchange);
    if (answered) return answered;
  }
  return undefined;
}

async function answerWith(request: IncomingMessage, response: ServerResponse, routes: readonly Route[]): Promise<void> {
  try {
    const answered = firstAnswer(routes, request, response);
    if (answered) return await answered;
    sendJson(response, 404, { message: `Nothing here answers ${request.method} ${request.url}` });
  } catch (error) {
    if (request.destroyed && !request.complete) return; // the client disconnected in the middle of its request
    if (error instanceof BodyTooLargeError) {
      request.resume();
      return sendJson(response, 413, { message: error.message });
    }
    console.error(error instanceof Error ? error.message : error);
    if (!response.headersSent) sendJson(response, 500, { message: 'The local runtime failed; its log says why' });
    else response.destroy();
  }
}

/**
 * Names that no DNS server can give to another machine: those of loopback, with the `sync-` that AWS SDKs put before the
 * host of some calls of Step Functions, and those below `localhost`.
 *
 * Source: https://www.rfc-editor.org/rfc/rfc6761#section-6.3, hostPrefix of StartSyncExecution in the SDK's model
 */
function isThisMachine(host = ''): boolean {
  if (isLoopbackHost(host.replace(/:\d+$/, ''))) return true; // nearly every request: the rest takes several times as long
  const [, name = ''] = /^(.*?)(?::\d+)?$/.exec(host.toLowerCase()) ?? [];
  const plain = name
    .replace(/\.$/, '')
    .replace(/^sync-/, '')
    .replace(/^\[(.*)\]$/, '$1');
  return isLoopbackHost(plain.replace(/^([a-z0-9-]+\.)*(?=localhost$)/, ''));
}

/** In AWS's JSON protocol too, so that an SDK shows the reason. */
function refuseHost({ headers, socket }: IncomingMessage, response: ServerResponse): void {
  const got = headers.host === undefined ? 'nothing' : JSON.stringify(headers.host);
  const message = `Host must be this machine, such as 127.0.0.1:${socket.localPort}, got ${got}: so no web page reaches the runtime by a name of its own`;
  const isAws = headers['x-amz-target'] !== undefined;
  sendJson(response, 403, { ...(isAws && { __type: 'AccessDeniedException' }), message });
}

const UNREADABLE: Readonly<Record<string, { status: string; message: string }>> = {
  HPE_HEADER_OVERFLOW: { status: '431 Request Header Fields Too Large', message: 'The headers are too large' },
  ERR_HTTP_REQUEST_TIMEOUT: { status: '408 Request Timeout', message: 'The request did not arrive in time' },
};

/** What can't be read as HTTP, or doesn't arrive. */
function refuseUnreadable(error: NodeJS.ErrnoException & { readonly reason?: string }, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
  const { status, message } = UNREADABLE[error.code ?? ''] ?? {
    status: '400 Bad Request',
    message: `This port speaks plain HTTP/1.1, and that wasn't it: ${error.reason ?? error.message}`,
  };
  const body = `${JSON.stringify({ message })}\n`;
  socket.end(
    `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

/** Ends a response with a JSON document and a newline. */
export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(`${JSON.stringify(body)}\n`);
}

/**
 * Reads a request's whole body as text.
 *
 * @throws BodyTooLargeError
 */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // The socket stays open where this throws: the refusal has to reach the client.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    chunks.push(chunk as Buffer);
    bytes += (chunk as Buffer).length;
    if (bytes > MAX_BODY_BYTES) throw new BodyTooLargeError(`A body may have ${MAX_BODY_BYTES} bytes at most`);
  }
  return Buffer.concat(chunks).toString('utf8');
}

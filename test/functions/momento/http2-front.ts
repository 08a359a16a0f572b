import { once } from 'node:events';
import {
  type ClientHttp2Session,
  connect,
  constants,
  createServer,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { GRPC_STATUSES, HTTP2_CODES, HTTP_STATUSES } from './http2-codes';

/** What the store has answered, after it has applied what it was asked. */
interface Reply {
  readonly headers: OutgoingHttpHeaders;
  /** The gRPC message with its five bytes of prefix; empty where there is none. */
  readonly body: Buffer;
  readonly trailers: OutgoingHttpHeaders;
}

/** Answers a client in place of the store. `socket` is the connection itself, for bytes that HTTP/2's API won't send. */
type Answer = (stream: ServerHttp2Stream, reply: Reply, socket: Socket) => void;

const GRPC: OutgoingHttpHeaders = { ':status': 200, 'content-type': 'application/grpc+proto' };

/** The store's answer, unchanged. */
const pass: Answer = (stream, { headers, body, trailers }) => {
  if (body.length === 0 && 'grpc-status' in headers) return stream.respond(headers, { endStream: true });
  respond(stream, body, trailers);
};

function respond(stream: ServerHttp2Stream, body: Buffer, trailers: OutgoingHttpHeaders): void {
  stream.respond(GRPC, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers(trailers));
  stream.end(body);
}

const reset =
  (code: number): Answer =>
  (stream) =>
    stream.close(code);

/** @param isProcessed whether the last stream that was processed, as the frame tells, is this one or the one before it */
const goAway =
  (code: number, isProcessed: boolean): Answer =>
  (stream, _reply, socket) => {
    const { session, id } = stream;
    session?.goaway(code, isProcessed ? id : (id ?? 0) - 2);
    // A client that waits for this stream would do so until its deadline.
    setImmediate(() => socket.end());
  };

const plainHttp =
  (status: number): Answer =>
  (stream) => {
    stream.respond({ ':status': status, 'content-type': 'text/html' });
    stream.end('<html>a proxy speaks</html>');
  };

const plainHttpWithoutBody =
  (status: number): Answer =>
  (stream) =>
    stream.respond({ ':status': status, 'content-type': 'text/html' }, { endStream: true });

const trailers =
  (status: number, more: OutgoingHttpHeaders = {}): Answer =>
  (stream) =>
    respond(stream, Buffer.alloc(0), { 'grpc-status': String(status), 'grpc-message': 'a proxy speaks', ...more });

const trailersOnly =
  (status: number): Answer =>
  (stream) =>
    stream.respond({ ...GRPC, 'grpc-status': String(status), 'grpc-message': 'a proxy speaks' }, { endStream: true });

const message = (bytes: Buffer, { isCompressed = false, length = bytes.length } = {}): Buffer => {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt8(isCompressed ? 1 : 0);
  prefix.writeUInt32BE(length, 1);
  return Buffer.concat([prefix, bytes]);
};

const OK = { 'grpc-status': '0' };

/** What comes instead of the answer to a write that the store has applied, by name. */
export const HTTP2_FAULTS = {
  ...named(HTTP2_CODES, (name) => `reset with ${name}`, reset),
  ...named(
    HTTP2_CODES,
    (name) => `GOAWAY ${name} at the stream`,
    (code) => goAway(code, true),
  ),
  ...named(
    HTTP2_CODES,
    (name) => `GOAWAY ${name} below the stream`,
    (code) => goAway(code, false),
  ),
  ...named(HTTP_STATUSES, (name) => `HTTP ${name} and a page`, plainHttp),
  ...named(HTTP_STATUSES, (name) => `HTTP ${name} alone`, plainHttpWithoutBody),
  ...named(
    GRPC_STATUSES,
    (name) => `${name} without err`,
    (status) => trailers(status),
  ),
  ...named(GRPC_STATUSES, (name) => `${name} without err in trailers only`, trailersOnly),
  'UNAVAILABLE in the words of a client that has not sent': trailers(14, {
    'grpc-message': 'No connection established',
  }),
  'INTERNAL in the words of a client that has not sent': trailers(13, {
    'grpc-message': 'Failed to start HTTP/2 stream with error',
  }),
  'UNAVAILABLE with err server_is_busy': trailers(14, { err: 'server_is_busy' }),
  'RESOURCE_EXHAUSTED with err server_is_busy': trailers(8, { err: 'server_is_busy' }),
  'INTERNAL with err': trailers(13, { err: 'momento_general_err' }),
  'OK without a message': (stream) => respond(stream, Buffer.alloc(0), OK),
  'OK without a message, with err': (stream) => respond(stream, Buffer.alloc(0), { ...OK, err: 'momento_general_err' }),
  'OK in trailers only': (stream) => stream.respond({ ...GRPC, ...OK }, { endStream: true }),
  'a message that says that it is 2 GiB long': (stream) =>
    respond(stream, message(Buffer.alloc(8), { length: 2 ** 31 }), OK),
  'a message that says that it is compressed': (stream) =>
    respond(stream, message(Buffer.from([8, 1]), { isCompressed: true }), OK),
  'a message that is none': (stream) => respond(stream, message(Buffer.from([0xff, 0xff, 0xff])), OK),
  'half a message': (stream, { body }) => respond(stream, body.subarray(0, body.length - 1), OK),
  'a message without trailers': (stream, { body }) => {
    stream.respond(GRPC);
    stream.end(body);
  },
  'half a message, then a reset': (stream, { body }) => {
    stream.respond(GRPC);
    stream.write(body.subarray(0, body.length - 1), () => stream.close(constants.NGHTTP2_ENHANCE_YOUR_CALM));
  },
  'a message, then a reset': (stream, { body }) => {
    stream.respond(GRPC);
    stream.write(body, () => stream.close(constants.NGHTTP2_ENHANCE_YOUR_CALM));
  },
  'a frame of 1 MiB': (_stream, _reply, socket) => {
    const head = Buffer.from([0x10, 0, 0, 0, 0, 0, 0, 0, 1]);
    socket.write(Buffer.concat([head, Buffer.alloc(1024)]));
  },
  'a cut connection': (_stream, _reply, socket) => socket.destroy(),
} satisfies Readonly<Record<string, Answer>>;

export type Http2Fault = keyof typeof HTTP2_FAULTS;

/** What the store would say to a write that it refuses, by name: the write does not reach it. */
export const HTTP2_REFUSALS = {
  'refused unforwarded': reset(constants.NGHTTP2_REFUSED_STREAM),
  'refusal RESOURCE_EXHAUSTED with err operations_rate_limit_exceeded': trailers(8, {
    err: 'operations_rate_limit_exceeded',
  }),
  'refusal UNAVAILABLE with err server_is_busy, retryable': trailers(14, {
    err: 'server_is_busy',
    retry_disposition: 'retryable',
  }),
  'refusal UNAUTHENTICATED with err': trailers(16, { err: 'momento_general_err' }),
  'refusal PERMISSION_DENIED with err': trailers(7, { err: 'momento_general_err' }),
  'refusal NOT_FOUND with err': trailers(5, { err: 'momento_general_err' }),
  'refusal INVALID_ARGUMENT with err': trailers(3, { err: 'momento_general_err' }),
  'refusal FAILED_PRECONDITION with err': trailers(9, { err: 'momento_general_err' }),
  "refusal FAILED_PRECONDITION in Momento's words": trailers(9, { 'grpc-message': 'failed to parse value into long' }),
} satisfies Readonly<Record<string, Answer>>;

export type Http2Answer = Http2Fault | keyof typeof HTTP2_REFUSALS | 'pass';

/** An HTTP/2 server in front of a gRPC server that can fail in a chosen way after the latter has applied a write. */
export interface Http2Front {
  readonly port: number;
  /** How many connections clients have made in all. */
  readonly connections: number;
  /** How many writes clients have sent in all. */
  readonly writes: number;
  /** How many writes the store was given. */
  readonly forwarded: number;
  /** Writes are answered so from now on; reads pass. */
  set(answer: Http2Answer): void;
  close(): Promise<void>;
}

export interface Http2FrontOptions {
  /** Whether a call writes, by its path. @default - Momento's conditional writes and increments */
  readonly isWrite?: (path: string) => boolean;
}

/** Starts a front on a free loopback port, for a gRPC server without TLS. */
export async function startHttp2Front(
  { host, port }: { readonly host: string; readonly port: number },
  { isWrite = (path) => /\/(?:Increment|SetIf\w*)$/.test(path) }: Http2FrontOptions = {},
): Promise<Http2Front> {
  let current: Http2Answer = 'pass';
  let connections = 0;
  let writes = 0;
  let forwarded = 0;
  const sockets = new Set<Socket>();
  const socketOf = new WeakMap<object, Socket>();
  const store = storeSession(`http://${host}:${port}`);

  const server = createServer();
  let accepted: Socket | undefined;
  server.prependListener('connection', (socket: Socket) => {
    accepted = socket;
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined); // the client's end of a fault
  });
  server.on('session', (session) => {
    if (accepted) socketOf.set(session, accepted);
    session.on('error', () => undefined);
  });
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined);
    const isFaulty = isWrite(String(headers[':path']));
    if (isFaulty) writes += 1;
    const { fault, refusal } = isFaulty ? answersOf(current) : {};
    const body: Buffer[] = [];
    stream.on('data', (bytes: Buffer) => body.push(bytes));
    stream.on('end', () => {
      const socket = stream.session && socketOf.get(stream.session);
      if (!socket) return;
      if (refusal) return refusal(stream, NOTHING, socket);
      if (isFaulty) forwarded += 1;
      void forward(store(), headers, Buffer.concat(body)).then((reply) => {
        if (!stream.destroyed) (fault ?? pass)(stream, reply, socket);
      });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connections;
    },
    get writes() {
      return writes;
    },
    get forwarded() {
      return forwarded;
    },
    set: (answer) => (current = answer),
    close: async () => {
      store().destroy();
      for (const socket of sockets) socket.destroy();
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}

const NOTHING: Reply = { headers: {}, body: Buffer.alloc(0), trailers: {} };

function answersOf(answer: Http2Answer): { readonly fault?: Answer; readonly refusal?: Answer } {
  if (answer === 'pass') return {};
  if (answer in HTTP2_REFUSALS) return { refusal: HTTP2_REFUSALS[answer as keyof typeof HTTP2_REFUSALS] };
  return { fault: HTTP2_FAULTS[answer as Http2Fault] };
}

/** The session with the store, which is made anew when it has ended. */
function storeSession(url: string): () => ClientHttp2Session {
  let session: ClientHttp2Session | undefined;
  return () => {
    if (!session || session.closed || session.destroyed) {
      session = connect(url);
      session.on('error', () => undefined); // its requests are told
    }
    return session;
  };
}

/** Gives a request to the store, and waits for the end of its answer. */
function forward(store: ClientHttp2Session, headers: IncomingHttpHeaders, body: Buffer): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const request = store.request({ ...headers, ':authority': undefined, ':scheme': 'http' });
    const chunks: Buffer[] = [];
    let head: OutgoingHttpHeaders = {};
    let trailers: OutgoingHttpHeaders = {};
    request.on('response', (received) => (head = outgoing(received)));
    request.on('trailers', (received: IncomingHttpHeaders) => (trailers = outgoing(received)));
    request.on('data', (bytes: Buffer) => chunks.push(bytes));
    request.on('error', reject);
    request.on('end', () => resolve({ headers: head, body: Buffer.concat(chunks), trailers }));
    request.end(body);
  });
}

/** Headers that may be sent on: the others belong to the connection that they came by. */
function outgoing(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'date'));
}

function named<Name extends string, Key extends string>(
  numbers: Readonly<Record<Name, number>>,
  name: (of: Name) => Key,
  fault: (number: number) => Answer,
): Record<Key, Answer> {
  const faults: Partial<Record<Key, Answer>> = {};
  for (const [of, number] of Object.entries(numbers) as [Name, number][]) faults[name(of)] = fault(number);
  return faults as Record<Key, Answer>;
}

import { once } from 'node:events';
import {
  connect,
  constants,
  createServer,
  type Http2Session,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { Target } from './fault-proxy';

/**
 * What a front does with what the server behind it has answered, and so carried out.
 *
 * - `pass` hands it on
 * - `reset-streams` resets the call's stream instead, every second one after the answer's message and before its status
 * - `go-away` tells the client to go away and cuts the connection
 */
export type Http2Fault = 'pass' | 'reset-streams' | 'go-away';

/** Stands in front of a server that speaks HTTP/2, such as gRPC's, as a load balancer does. */
export interface Http2Front {
  readonly port: number;
  set(fault: Http2Fault): void;
  close(): Promise<void>;
}

/**
 * With what a stream is reset, in turn. REFUSED_STREAM isn't among them: it promises that nothing was carried out.
 * Source: https://www.rfc-editor.org/rfc/rfc9113.html#section-7
 */
const RESET_CODES = [
  constants.NGHTTP2_ENHANCE_YOUR_CALM,
  constants.NGHTTP2_INTERNAL_ERROR,
  constants.NGHTTP2_INADEQUATE_SECURITY,
  constants.NGHTTP2_CANCEL,
  constants.NGHTTP2_PROTOCOL_ERROR,
  constants.NGHTTP2_NO_ERROR,
];

/** A whole answer of gRPC: a refusal may be its headers alone. */
interface Answer {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly trailers: IncomingHttpHeaders | undefined;
}

/** Starts a front on a free loopback port. A client's connection and the one behind it live and end together. */
export async function startHttp2Front({ host, port: targetPort }: Target): Promise<Http2Front> {
  let fault: Http2Fault = 'pass';
  let failed = 0;
  const behind = new Map<Http2Session, Http2Session>();
  const server = createServer();

  const answer = (stream: ServerHttp2Stream, whole: Answer): void => {
    if (stream.destroyed) return;
    if (fault === 'pass') return respond(stream, whole);
    failed += 1;
    if (fault === 'go-away') return sendAway(stream);
    const code = RESET_CODES[failed % RESET_CODES.length];
    if (failed % 2 === 0) return stream.close(code);
    stream.respond(whole.headers, { waitForTrailers: true });
    stream.write(whole.body, () => stream.close(code));
  };

  server.on('session', (session: ServerHttp2Session) => {
    const upstream = connect(`http://${host}:${targetPort}`);
    behind.set(session, upstream);
    for (const [one, other] of [
      [session, upstream],
      [upstream, session],
    ] as const) {
      one.on('error', () => one.destroy());
      one.on('close', () => {
        behind.delete(session);
        other.destroy();
      });
    }
  });
  server.on('stream', (stream, headers) => {
    const upstream = stream.session && behind.get(stream.session);
    stream.on('error', () => undefined); // the session's end is the stream's
    if (upstream === undefined || upstream.destroyed) return;
    const request = (upstream as ReturnType<typeof connect>).request(headers);
    request.on('error', () => undefined);
    stream.pipe(request);
    void wholeAnswer(request).then(
      (whole) => answer(stream, whole),
      () => undefined,
    );
  });

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    set: (next) => {
      fault = next;
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const session of behind.keys()) session.destroy();
      await closed;
    },
  };
}

async function wholeAnswer(request: ReturnType<ReturnType<typeof connect>['request']>): Promise<Answer> {
  let trailers: IncomingHttpHeaders | undefined;
  request.on('trailers', (received: IncomingHttpHeaders) => (trailers = received));
  const [headers] = (await once(request, 'response')) as [IncomingHttpHeaders];
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return { headers, body: Buffer.concat(chunks), trailers };
}

function respond(stream: ServerHttp2Stream, { headers, body, trailers }: Answer): void {
  if (trailers === undefined) return stream.respond(headers, { endStream: true });
  stream.respond(headers, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers(trailers));
  stream.end(body);
}

/** Names the stream as the last that may have been carried out: one beyond it would surely not have been. */
function sendAway({ session, id }: ServerHttp2Stream): void {
  session?.goaway(constants.NGHTTP2_ENHANCE_YOUR_CALM, id);
  setImmediate(() => session?.destroy());
}

import { createServer, type IncomingMessage, request as send, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * What happens to a request on its way to the API and back.
 *
 * - `pass` brings the answer
 * - `cut-request` resets the connection before the API sees the request
 * - `lose-answer` resets it once the API has answered: what was asked has been done
 * - `cut-answer` lets half of the answer's body through, and resets it
 * - `send-twice` sends the request on twice at once, and brings the second answer, unless only one of the two is a 503: that
 *   one was not carried out, which says nothing of the request
 */
export type Fate = 'pass' | 'cut-request' | 'lose-answer' | 'cut-answer' | 'send-twice';

export interface LossyProxyOptions {
  /** Asked for every request. */
  readonly fateOf: () => Fate;
  /** Told each status that the API answers, whatever becomes of the answer. */
  readonly onAnswer?: (status: number) => void;
}

export interface LossyProxy {
  readonly url: string;
  close(): void;
}

/** A proxy before the API on a loopback port, for requests without a body. */
export async function startLossyProxy(
  port: number,
  { fateOf, onAnswer = () => undefined }: LossyProxyOptions,
): Promise<LossyProxy> {
  const forward = ({ method, url, headers }: IncomingMessage, onAnswered: (answer: Answer) => unknown): void => {
    const forwarded = send({ host: '127.0.0.1', port, path: url, method, headers, agent: false }, (answer) => {
      const chunks: Buffer[] = [];
      onAnswer(answer.statusCode ?? 0);
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => onAnswered({ head: answer, body: Buffer.concat(chunks) }));
    });
    forwarded.on('error', () => undefined); // the API is closing: its callers have gone
    forwarded.end();
  };
  const server = createServer((request, response) => {
    const reset = (): void => void response.socket?.resetAndDestroy();
    const fate = fateOf();
    if (fate === 'cut-request') return reset();
    const other = fate === 'send-twice' ? new Promise<Answer>((resolve) => forward(request, resolve)) : undefined;
    forward(request, async (answer) => {
      if (other && isUnavailable(await other) !== isUnavailable(answer)) return reset();
      if (fate === 'lose-answer') reset();
      else if (fate === 'cut-answer') bringHalf(answer, response, reset);
      else response.writeHead(answer.head.statusCode ?? 502, answer.head.headers).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/prod`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

interface Answer {
  readonly head: IncomingMessage;
  readonly body: Buffer;
}

const isUnavailable = ({ head }: Answer): boolean => head.statusCode === 503;

function bringHalf({ head, body }: Answer, response: ServerResponse, reset: () => void): void {
  response.writeHead(head.statusCode ?? 502, { ...head.headers, 'content-length': body.length });
  response.write(body.subarray(0, body.length / 2), reset);
}

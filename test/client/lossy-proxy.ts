import { EventEmitter, once } from 'node:events';
import { createServer, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface LossyProxy {
  readonly url: string;
  /** Loses the next so many answers, after the API has given them. */
  lose(number: number): void;
  /** The status of the next answer, as soon as the API has given it. */
  nextStatus(): Promise<number>;
  close(): void;
}

/** A proxy before the API, that passes every request on, and may lose its answer. */
export async function startLossyProxy(port: number): Promise<LossyProxy> {
  let toLose = 0;
  const answers = new EventEmitter<{ answer: [number] }>();
  const server = createServer(({ method, url, headers }, response) => {
    const forwarded = send({ host: '127.0.0.1', port, path: url, method, headers, agent: false }, (answer) => {
      answers.emit('answer', answer.statusCode ?? 0);
      if (toLose > 0) {
        toLose -= 1;
        answer.resume().on('end', () => response.socket?.resetAndDestroy());
        return;
      }
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    forwarded.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/prod`,
    lose: (number) => (toLose = number),
    nextStatus: async () => ((await once(answers, 'answer')) as [number])[0],
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

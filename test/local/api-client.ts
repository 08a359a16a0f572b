import { Agent, request } from 'node:http';
import type { Local } from '../../local/main';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** The body as JSON; undefined where it is none. */
  readonly body: Readonly<Record<string, unknown>> | undefined;
}

export interface CallOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** Calls a running API by plain HTTP: paths are sent as they are, without a URL library's clean-up. */
export function apiClient(local: Pick<Local, 'port' | 'apiKey'>): {
  call(path: string, options?: CallOptions): Promise<Answer>;
  get(path: string): Promise<Answer>;
  /** @param key sent as the idempotency key. @default - none is */
  post(path: string, key?: string): Promise<Answer>;
  close(): void;
} {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const call = (path: string, { method = 'POST', headers = {}, body }: CallOptions = {}): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const sent = request({ agent, host: '127.0.0.1', port: local.port, path, method, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, body: parse(text) });
        });
      });
      sent.on('error', reject);
      sent.end(body);
    });
  const headers = { 'x-api-key': local.apiKey };
  return {
    call,
    get: (path) => call(`/prod/${path}`, { method: 'GET', headers }),
    post: (path, key) =>
      call(`/prod/${path}`, { headers: key === undefined ? headers : { ...headers, 'idempotency-key': key } }),
    close: () => agent.destroy(),
  };
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined; // not every answer is JSON
  }
}

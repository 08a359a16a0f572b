import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the server does with one request. */
export type Step =
  | { readonly status: number; readonly body: string | object; readonly headers?: Readonly<Record<string, string>> }
  /** Closes the connection: before the answer, or in the middle of its body. */
  | { readonly cut: 'before' | 'within' }
  /** Never answers, and says that it won't. */
  | { readonly hang: () => void };

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly apiKey: string | undefined;
  readonly idempotencyKey: string | undefined;
}

export interface ScriptedApi {
  /** With a stage, as the API's. */
  readonly url: string;
  /** The requests since the last script, preflights left out. */
  readonly received: readonly Received[];
  /** Answers the next requests so; the last step answers all that follow. */
  script(...steps: (Step | ((request: Received) => Step))[]): void;
  close(): void;
}

const CORS = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': 'X-Execution-Arn,Retry-After,Idempotent-Replay',
};
const PREFLIGHT = {
  ...CORS,
  'Access-Control-Allow-Methods': 'GET,POST',
  'Access-Control-Allow-Headers': 'Content-Type,X-Api-Key,Idempotency-Key',
};

/** An HTTP server that answers, or doesn't, as a test says; with the API's CORS headers. */
export async function startScriptedApi(): Promise<ScriptedApi> {
  let steps: (Step | ((request: Received) => Step))[] = [];
  let received: Received[] = [];
  const server = createServer((request, response) => {
    if (request.method === 'OPTIONS') return void response.writeHead(204, PREFLIGHT).end();
    const arrived = receivedOf(request);
    received.push(arrived);
    const step = (steps.length > 1 ? steps.shift() : steps[0]) ?? { status: 500, body: 'no script' };
    carryOut(typeof step === 'function' ? step(arrived) : step, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/prod`,
    get received() {
      return received;
    },
    script(...next) {
      [steps, received] = [next, []];
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function receivedOf({ method = '', url = '', headers }: IncomingMessage): Received {
  const [apiKey, idempotencyKey] = ['x-api-key', 'idempotency-key'].map((name) => headers[name]?.toString());
  return { method, path: url.replace('/prod', ''), apiKey, idempotencyKey };
}

function carryOut(step: Step, response: ServerResponse): void {
  if ('hang' in step) return step.hang();
  if ('cut' in step && step.cut === 'before') return void response.socket?.resetAndDestroy();
  if ('cut' in step) {
    response.writeHead(200, { ...CORS, 'Content-Type': 'application/json', 'Content-Length': '80' });
    return void response.write('{"store":"dynamo","id":"votes","counter":', () => response.socket?.destroy());
  }
  const body = typeof step.body === 'string' ? step.body : JSON.stringify(step.body);
  response.writeHead(step.status, { ...CORS, 'Content-Type': 'application/json', ...step.headers }).end(body);
}

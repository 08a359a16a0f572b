import type { IncomingMessage } from 'node:http';
import { readBody, type Route } from './http-server';

/** What a service of AWS's JSON protocol answers. */
export interface ServiceAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Carries out one action; `body` is the JSON document that was sent. */
export type ServiceHandler = (action: string, body: string) => Promise<ServiceAnswer>;

/**
 * The endpoint that AWS SDKs and the AWS CLI talk to: requests of AWS's JSON protocols, told apart by `X-Amz-Target`.
 * Credentials and signatures are not checked.
 *
 * Source: https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html
 *
 * @param services by the part of the target before the dot, such as `AWSStepFunctions`
 */
export function awsEndpoint(services: Readonly<Record<string, ServiceHandler>>): Route {
  return (request, response) => {
    const [service = '', action = ''] = target(request).split('.');
    const handle = services[service];
    if (request.method !== 'POST' || !handle) return undefined;
    return (async () => {
      const { status, headers, body } = await handle(action, await readBody(request));
      response.writeHead(status, headers).end(body);
    })();
  };
}

function target(request: IncomingMessage): string {
  const header = request.headers['x-amz-target'];
  return typeof header === 'string' ? header : '';
}

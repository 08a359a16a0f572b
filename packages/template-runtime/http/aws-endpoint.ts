import type { IncomingMessage } from 'node:http';
import { foreignPage } from './foreign-page';
import { readBody, type Route, sendJson } from './server';

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
    if (request.method !== 'POST' || request.url !== '/' || service === '') return undefined;
    const handle = Object.hasOwn(services, service) ? services[service] : undefined;
    const refusal = foreignPage(request);
    if (refusal !== undefined) {
      sendJson(response, 403, { __type: 'AccessDeniedException', message: refusal });
      return Promise.resolve();
    }
    return (async () => {
      const answer = handle ? await handle(action, await readBody(request)) : unknownService(service, services);
      response.writeHead(answer.status, answer.headers).end(answer.body);
    })();
  };
}

/** As AWS names it, with a reason: the SDK of another service was pointed here. */
function unknownService(service: string, services: Readonly<Record<string, ServiceHandler>>): ServiceAnswer {
  const message = `${JSON.stringify(service)} is not served here, only ${Object.keys(services).join(' and ')}`;
  return {
    status: 400,
    headers: { 'Content-Type': 'application/x-amz-json-1.0' },
    body: JSON.stringify({ __type: 'UnknownOperationException', message }),
  };
}

function target(request: IncomingMessage): string {
  const header = request.headers['x-amz-target'];
  return typeof header === 'string' ? header : '';
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import { type TemplateResource, UnsupportedTemplateError } from '../cloudformation/resource';
import { Scope } from '../scope';
import { type Clock, systemClock } from '../clock';
import type { WriteAccessLog } from './access-log';
import { Answer } from './answer';
import { addToContext, Exchange } from './exchange';
import { GatewayError } from './gateway-error';
import type { CallService } from './integration';
import type { InvokeFunction } from './proxy-integration';
import { readPayload } from './payload';
import { readRestApi, type Route, type Stage, type StageRoute } from './rest-api';
import { readUsagePlans } from './usage-plan';

export { GATEWAY_RESPONSES, type GatewayResponseType } from './gateway-error';
export type { CallService } from './integration';
export type { InvokeFunction } from './proxy-integration';
export type { StageRoute } from './rest-api';

export interface ApiGatewayOptions {
  /** The synthesized template's; those of other services are ignored. */
  readonly resources: readonly TemplateResource[];
  readonly region: string;
  readonly account: string;
  readonly callService: CallService;
  /** @default - no function can be invoked: requests for one are answered 502 */
  readonly invokeFunction?: InvokeFunction;
  /** Value of an API key resource that has none in the template (CloudFormation would generate it). */
  readonly apiKeyValue: string;
  /** @default - access logs are dropped */
  readonly writeAccessLog?: WriteAccessLog;
  /**
   * Called with the cause of a server error, which the client doesn't see: a failed mapping template, a service that
   * can't be called.
   */
  readonly reportError?: (cause: unknown) => void;
  /** Of throttle, quota, timeouts and `$context`. @default - the machine's */
  readonly clock?: Clock;
}

/** The REST APIs of a template. */
export interface ApiGateway {
  /** Answers one request under `/<stage>/…`. It never rejects. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  readonly stages: readonly { name: string; routes: readonly StageRoute[] }[];
  /** Ends the calls of services and waits until every request is answered. */
  close(): Promise<void>;
}

/** Types that are read, and `Account`, which only names the role that writes logs. */
const EMULATED = new Set(
  [
    'Account',
    'ApiKey',
    'Deployment',
    'GatewayResponse',
    'Method',
    'Model',
    'RequestValidator',
    'Resource',
    'RestApi',
    'Stage',
    'UsagePlan',
    'UsagePlanKey',
  ].map((type) => `AWS::ApiGateway::${type}`),
);

/**
 * Starts the REST APIs of a template: everything is read and compiled here, once.
 *
 * @throws UnsupportedTemplateError for what isn't emulated, naming logical id and field
 */
export function startApiGateway(options: ApiGatewayOptions): ApiGateway {
  const resources = options.resources.filter(({ type }) => type.startsWith('AWS::ApiGateway::'));
  for (const resource of resources)
    if (!EMULATED.has(resource.type)) throw new UnsupportedTemplateError(resource, 'Type', 'is not emulated');
  const closing = new Scope();
  const stages = readStages(resources, options, closing);
  const answering = new Set<Promise<void>>();
  return {
    handle: (request, response) => {
      const answered = answer(stages, options, request, response).finally(() => answering.delete(answered));
      answering.add(answered);
      return answered;
    },
    stages: [...stages.values()].map(({ context, list }) => ({ name: context.stage, routes: list })),
    close: async () => {
      closing.end(new Error('the API was closed'));
      await Promise.all(answering);
    },
  };
}

function readStages(
  resources: readonly TemplateResource[],
  { account, callService, invokeFunction, apiKeyValue, writeAccessLog, clock = systemClock }: ApiGatewayOptions,
  closing: Scope,
): Map<string, Stage> {
  const stages = new Map<string, Stage>();
  const plans = readUsagePlans(resources, apiKeyValue);
  const apis = resources.filter(({ type }) => type === 'AWS::ApiGateway::RestApi');
  for (const resource of resources) {
    const id = resource.properties['RestApiId'];
    if (id !== undefined && !apis.some(({ physicalId }) => physicalId === id))
      throw new UnsupportedTemplateError(resource, 'RestApiId', 'names no AWS::ApiGateway::RestApi of the template');
  }
  for (const api of apis) {
    const options = {
      account,
      plans,
      callService,
      invokeFunction: invokeFunction ?? ((arn) => Promise.reject(new Error(`${arn} can't be invoked`))),
      closing,
      writeAccessLog: writeAccessLog ?? ((): void => undefined),
      clock,
    };
    for (const stage of readRestApi(api, resources, options)) {
      if (stages.has(stage.context.stage))
        throw new UnsupportedTemplateError(
          api,
          'Stage',
          `a second stage ${stage.context.stage}: stages share one port here`,
        );
      stages.set(stage.context.stage, stage);
    }
  }
  return stages;
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html */
const MAX_HEADER_BYTES = 10_240;

async function answer(
  stages: ReadonlyMap<string, Stage>,
  { reportError, clock = systemClock }: ApiGatewayOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const startedAt = performance.now();
  const { stageName, path, query } = splitUrl(request.url ?? '/');
  const stage = stages.get(stageName);
  if (stage === undefined) {
    // There is no API whose gateway responses would apply.
    refusal(403, 'ForbiddenException', 'Forbidden').write(response);
    return;
  }
  if (headerBytes(request) > MAX_HEADER_BYTES) {
    refusal(431, 'RequestTooLargeException', `HTTP header is larger than ${MAX_HEADER_BYTES} bytes.`).write(response);
    return;
  }
  const exchange = new Exchange(request, stage.context, request.method ?? 'GET', path, query, clock.now());
  const reply = await answerInStage(stage, exchange, path).catch((error: unknown) => {
    const gatewayError =
      error instanceof GatewayError ? error : new GatewayError('DEFAULT_5XX', undefined, '', { cause: error });
    if (gatewayError.cause !== undefined) reportError?.(gatewayError.cause);
    return stage.gatewayResponses.render(gatewayError, exchange);
  });
  reply.set('x-amzn-RequestId', exchange.requestId);
  reply.set('x-amz-apigw-id', exchange.extendedRequestId);
  reply.write(response);
  if (stage.log === undefined) return;
  addToContext(exchange, {
    status: reply.status,
    responseLength: reply.bodyBytes,
    responseLatency: Math.round(performance.now() - startedAt),
  });
  stage.log(exchange);
}

/** @throws GatewayError for an answer of API Gateway's own */
async function answerInStage(stage: Stage, exchange: Exchange, path: string): Promise<Answer> {
  const { check, integration } = admit(stage, exchange, path).method;
  exchange.body = await readPayload(exchange.request);
  check(exchange);
  return integration.answer(exchange);
}

/** The checks that need no body, in API Gateway's order: route, key, usage plan, stage. */
function admit(stage: Stage, exchange: Exchange, path: string): Route {
  const match = stage.routes.match(exchange.method, path);
  if (match === undefined) throw new GatewayError('MISSING_AUTHENTICATION_TOKEN');
  const { target: route, pathParameters } = match;
  exchange.pathParameters = pathParameters;
  addToContext(exchange, { resourceId: route.method.resourceId, resourcePath: route.method.resourcePath });
  if (route.method.needsKey) {
    const { id, value } = stage.usagePlans.admit(exchange.headerValues('x-api-key')?.at(-1), route.name);
    Object.assign(exchange.context['identity'] ?? {}, { apiKey: value, apiKeyId: id });
  }
  if (route.throttle?.take() === false) throw new GatewayError('THROTTLED');
  return route;
}

function refusal(status: number, errorType: string, message: string): Answer {
  const reply = new Answer(status, JSON.stringify({ message }));
  reply.set('Content-Type', 'application/json');
  reply.set('x-amzn-ErrorType', errorType);
  return reply;
}

/** Splits `/stage/path?query`. A proxy may send the whole URL. */
function splitUrl(url: string): { stageName: string; path: string; query: string } {
  const target = url.startsWith('/') ? url : url.replace(/^\w+:\/\/[^/?]*/, '');
  const mark = target.indexOf('?');
  const full = mark < 0 ? target : target.slice(0, mark);
  const slash = full.indexOf('/', 1);
  return {
    stageName: full.slice(1, slash < 0 ? undefined : slash),
    path: slash < 0 ? '' : full.slice(slash),
    query: mark < 0 ? '' : target.slice(mark + 1),
  };
}

/** The request line and all header values count. */
function headerBytes({ url = '', rawHeaders }: IncomingMessage): number {
  let bytes = url.length;
  for (const text of rawHeaders) bytes += text.length;
  return bytes;
}

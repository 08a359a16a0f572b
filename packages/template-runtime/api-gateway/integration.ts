import type { Clock } from '../clock';
import type { Scope } from '../scope';
import type { Answer } from './answer';
import { type Exchange, recordResult } from './exchange';
import { GatewayError } from './gateway-error';
import { readIntegrationResponses, type MethodResponses } from './integration-response';
import { callWithin } from './limited-call';
import { type MappingTemplate, readMappingTemplates } from './mapping-template';
import { mediaType } from './media-type';
import {
  compileRequestSource,
  type IntegrationResult,
  type ParameterMapping,
  parameterText,
  type RequestSource,
} from './parameter-mapping';
import { JsonPayload, MalformedJsonError } from './payload';
import type { Properties } from './properties';
import { type InvokeFunction, proxyIntegration } from './proxy-integration';

/** An AWS service API as an `AWS` integration calls it (`arn:aws:apigateway:<region>:states:action/StartSyncExecution`). */
export type CallService = (call: {
  /** Such as `states`. */
  readonly service: string;
  /** Such as `StartSyncExecution`. */
  readonly action: string;
  readonly body: string;
  readonly headers: Record<string, string>;
  /** Ends when the answer is no longer needed: at the integration's timeout or when the API ends. */
  readonly scope: Scope;
}) => Promise<IntegrationResult>;

export interface IntegrationOptions {
  readonly callService: CallService;
  readonly invokeFunction: InvokeFunction;
  /** Ends when the API does. */
  readonly closing: Scope;
  readonly clock: Clock;
}

/** The integration behind a method. */
export interface Integration {
  /** @throws GatewayError */
  answer(exchange: Exchange): Promise<Answer>;
}

/** API Gateway's own default for regional and edge-optimized APIs. */
const DEFAULT_TIMEOUT_MS = 29_000;

/**
 * Reads the `Integration` of a method: `AWS` (a service's action), `AWS_PROXY` (a function) or `MOCK`.
 *
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-integration-settings.html
 *
 * @param declared request parameters of the method: only these can be mapped
 * @throws UnsupportedTemplateError
 */
export function readIntegration(
  properties: Properties,
  declared: ReadonlySet<string>,
  methodResponses: MethodResponses,
  options: IntegrationOptions,
): Integration {
  const type = properties.choice('Type', ['AWS', 'AWS_PROXY', 'MOCK'], 'MOCK');
  // Credentials: the caller of the service acts for the role; a cache's namespace matters only with a cache.
  properties.ignore('Credentials', 'CacheNamespace');
  const timeoutMs = properties.optionalNumber('TimeoutInMillis') ?? DEFAULT_TIMEOUT_MS;
  const { invokeFunction, closing, clock } = options;
  const answer =
    type === 'AWS_PROXY'
      ? proxyIntegration(properties, invokeFunction, { timeoutMs, closing, clock })
      : mappedIntegration(properties, declared, methodResponses, (mapped) =>
          type === 'AWS' ? awsIntegration(mapped, timeoutMs, options) : mock,
        );
  if (type === 'MOCK') properties.ignore('IntegrationHttpMethod', 'Uri');
  properties.refuseOthers();
  return { answer };
}

/** An integration behind mapping templates. */
function mappedIntegration(
  properties: Properties,
  declared: ReadonlySet<string>,
  methodResponses: MethodResponses,
  read: (properties: Properties) => (request: IntegrationRequest) => Promise<IntegrationResult>,
): Integration['answer'] {
  const request = readRequest(properties, declared);
  const answer = readIntegrationResponses(properties.objects('IntegrationResponses'), methodResponses, properties);
  const invoke = read(properties);
  return async (exchange) => {
    const startedAt = performance.now();
    const result = await invoke(request(exchange));
    recordResult(exchange, result.status, startedAt);
    return answer(exchange, result);
  };
}

interface IntegrationRequest {
  readonly body: string;
  readonly headers: Record<string, string>;
}

function readRequest(
  properties: Properties,
  declared: ReadonlySet<string>,
): (exchange: Exchange) => IntegrationRequest {
  const selectTemplate = readRequestTemplates(properties);
  const mappings = readRequestParameters(properties, declared);
  return (exchange) => {
    const template = selectTemplate(exchange); // first: an unsupported content type is refused, whatever the body
    const payload = new JsonPayload(exchange);
    const headers = mapHeaders(mappings, exchange, payload);
    const body = template === undefined ? exchange.body : template.render(exchange, payload);
    for (const [name, value] of Object.entries(exchange.overrides.requestHeader)) {
      const text = parameterText(value);
      if (text !== undefined) headers[name] = text;
    }
    return { body, headers };
  };
}

function mapHeaders(
  mappings: readonly ParameterMapping<RequestSource>[],
  exchange: Exchange,
  payload: JsonPayload,
): Record<string, string> {
  const headers: Record<string, string> = {};
  try {
    for (const { name, value } of mappings) {
      const text = value({ exchange, payload });
      if (text !== undefined) headers[name] = text;
    }
  } catch (error) {
    if (error instanceof MalformedJsonError) throw new GatewayError('DEFAULT_4XX', 'Invalid JSON in request body');
    throw error;
  }
  return headers;
}

/**
 * Selects the template of the request's content type and, without one, decides whether the body may pass as it is.
 *
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/integration-passthrough-behaviors.html
 */
function readRequestTemplates(properties: Properties): (exchange: Exchange) => MappingTemplate | undefined {
  const templates = readMappingTemplates(properties, 'RequestTemplates');
  const passthrough = properties.choice(
    'PassthroughBehavior',
    ['WHEN_NO_MATCH', 'WHEN_NO_TEMPLATES', 'NEVER'],
    'WHEN_NO_MATCH',
  );
  const refuses = passthrough === 'NEVER' || (passthrough === 'WHEN_NO_TEMPLATES' && templates.size > 0);
  return (exchange) => {
    const contentType = exchange.headerValues('content-type')?.at(-1);
    const template =
      (contentType === undefined ? undefined : templates.get(contentType)) ??
      templates.get(mediaType(contentType)) ??
      templates.get('$default');
    if (template === undefined && refuses) throw new GatewayError('UNSUPPORTED_MEDIA_TYPE');
    return template;
  };
}

/** Headers that no mapping may set (localstack/localstack, integration_request.py, recorded on AWS as a server error). */
const RESERVED_HEADERS = new Set([
  'authorization',
  'connection',
  'content-length',
  'expect',
  'proxy-authenticate',
  'te',
  'transfer-encoding',
  'x-amzn-apigateway-api-id',
  'x-amzn-trace-id',
]);

function readRequestParameters(
  properties: Properties,
  declared: ReadonlySet<string>,
): ParameterMapping<RequestSource>[] {
  return properties.texts('RequestParameters').map(([target, source]) => {
    const field = `RequestParameters.${target}`;
    const [, name] = /^integration\.request\.header\.(.+)$/.exec(target) ?? [];
    if (name === undefined) throw properties.refuse(field, 'only integration.request.header.* is emulated');
    if (RESERVED_HEADERS.has(name.toLowerCase())) throw properties.refuse(field, 'this header is API Gateway’s own');
    const plain = source.replace(/^method\.request\.multivalue/, 'method.request.');
    if (/^method\.request\.(?:path|querystring|header)\./.test(plain) && !declared.has(plain))
      throw properties.refuse(field, `${source} is not in RequestParameters of the method`);
    const value = compileRequestSource(source, properties, field);
    return { name, value: (from) => parameterText(value(from)) };
  });
}

function awsIntegration(
  properties: Properties,
  timeoutMs: number,
  { callService, closing, clock }: IntegrationOptions,
): (request: IntegrationRequest) => Promise<IntegrationResult> {
  const uri = properties.text('Uri');
  const [, service, action] = /^arn:[\w-]+:apigateway:[\w-]+:([\w-]+):action\/(\w+)$/.exec(uri) ?? [];
  if (service === undefined || action === undefined)
    throw properties.refuse(
      'Uri',
      `${uri} is not emulated, only arn:aws:apigateway:<region>:<service>:action/<action>`,
    );
  properties.choice('IntegrationHttpMethod', ['POST'], 'POST');
  return ({ body, headers }) =>
    callWithin({ timeoutMs, closing, clock }, (scope) => callService({ service, action, body, headers, scope }));
}

/**
 * A mock answers with the `statusCode` that its request template names, and no body. The template's output needn't be strict
 * JSON: CDK's own CORS preflight writes `{ statusCode: 200 }`
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-mock-integration.html).
 */
function mock({ body }: IntegrationRequest): Promise<IntegrationResult> {
  const [, status] = /^\s*\{[^]*?["']?\bstatusCode["']?\s*:\s*(\d{3})\b/.exec(body) ?? [];
  if (status === undefined) throw new GatewayError('DEFAULT_5XX');
  return Promise.resolve({ status: Number(status), headers: {}, body: '' });
}

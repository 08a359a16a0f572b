import { Answer } from './answer';
import type { Exchange } from './exchange';
import { GatewayError } from './gateway-error';
import { type MappingTemplate, readMappingTemplates } from './mapping-template';
import {
  compileResponseSource,
  type IntegrationResult,
  type ParameterMapping,
  parameterText,
  type ResponseSource,
} from './parameter-mapping';
import { JsonPayload, MalformedJsonError } from './payload';
import type { Properties } from './properties';
import { javaFullMatch } from './velocity/regex';
import type { Value } from './velocity/values';

/** Which headers each status of a method declares, `method.response.header.<name>`. */
export type MethodResponses = ReadonlyMap<string, ReadonlySet<string>>;

interface IntegrationResponse {
  /** Undefined: the default, for what no pattern matches. */
  readonly pattern: RegExp | undefined;
  readonly status: number;
  readonly headers: readonly ParameterMapping<ResponseSource>[];
  readonly templates: ReadonlyMap<string, MappingTemplate>;
}

/**
 * Reads how an integration's result becomes an answer: the first response whose pattern matches the whole status code, else
 * the one without a pattern.
 *
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-integration-settings-integration-response.html
 *
 * @throws UnsupportedTemplateError, also for what CloudFormation refuses: a status or header that the method doesn't declare
 */
export function readIntegrationResponses(
  list: readonly Properties[],
  methodResponses: MethodResponses,
  integration: Properties,
): (exchange: Exchange, result: IntegrationResult) => Answer {
  const responses = list.map((properties) => readResponse(properties, methodResponses));
  if (responses.filter(({ pattern }) => pattern === undefined).length > 1)
    throw integration.refuse('IntegrationResponses', 'has two defaults: one must have a SelectionPattern');
  const fallback = responses.find(({ pattern }) => pattern === undefined);
  return (exchange, result) => {
    const status = String(result.status);
    const response = responses.find(({ pattern }) => pattern?.test(status)) ?? fallback;
    if (response === undefined) throw new GatewayError('API_CONFIGURATION_ERROR');
    return toAnswer(response, exchange, result);
  };
}

function readResponse(properties: Properties, methodResponses: MethodResponses): IntegrationResponse {
  const statusCode = properties.text('StatusCode');
  const declared = methodResponses.get(statusCode);
  if (declared === undefined) throw properties.refuse('StatusCode', `${statusCode} is not in MethodResponses`);
  const headers = properties.texts('ResponseParameters').map(([target, source]) => {
    const field = `ResponseParameters.${target}`;
    const [, name] = /^method\.response\.header\.(.+)$/.exec(target) ?? [];
    if (name === undefined) throw properties.refuse(field, 'must be method.response.header.<name>');
    if (!declared.has(target))
      throw properties.refuse(field, `is not in ResponseParameters of method response ${statusCode}`);
    const value = compileResponseSource(source, properties, field);
    return { name: remapped(name), value: (from: ResponseSource) => parameterText(value(from)) };
  });
  const response = {
    pattern: readPattern(properties),
    status: Number(statusCode),
    headers,
    templates: readMappingTemplates(properties, 'ResponseTemplates'),
  };
  properties.refuseOthers();
  return response;
}

function readPattern(properties: Properties): RegExp | undefined {
  const pattern = properties.optionalText('SelectionPattern') ?? '';
  if (pattern === '') return undefined;
  try {
    return javaFullMatch(pattern);
  } catch (error) {
    throw properties.refuse('SelectionPattern', error instanceof Error ? error.message : String(error));
  }
}

/** Headers that API Gateway answers under another name (recorded on AWS: localstack/localstack, test_apigateway_integrations.py). */
const REMAPPED_HEADERS = new Set([
  'authorization',
  'connection',
  'content-length',
  'content-md5',
  'date',
  'expect',
  'host',
  'max-forwards',
  'proxy-authenticate',
  'server',
  'trailer',
  'upgrade',
  'user-agent',
  'www-authenticate',
]);

const remapped = (name: string): string =>
  REMAPPED_HEADERS.has(name.toLowerCase()) ? `x-amzn-Remapped-${name}` : name;

function toAnswer(response: IntegrationResponse, exchange: Exchange, result: IntegrationResult): Answer {
  const source = { exchange, result, payload: new JsonPayload(result) };
  const template = selectTemplate(response.templates, exchange);
  try {
    const headers = response.headers.map(({ name, value }) => [name, value(source)] as const);
    const body = template === undefined ? result.body : template.render(exchange, source.payload);
    const answer = new Answer(overriddenStatus(exchange) ?? response.status, body);
    answer.set('Content-Type', template?.contentType ?? 'application/json');
    for (const [name, value] of headers) if (value !== undefined) answer.set(name, value);
    for (const [name, value] of Object.entries(exchange.overrides.responseHeader)) setOverride(answer, name, value);
    return answer;
  } catch (error) {
    if (error instanceof MalformedJsonError || error instanceof TypeError)
      throw new GatewayError('DEFAULT_5XX', undefined, '', { cause: error });
    throw error;
  }
}

function setOverride(answer: Answer, name: string, value: Value): void {
  const values = (Array.isArray(value) ? value : [value]).map(parameterText).filter((text) => text !== undefined);
  const [only] = values;
  if (only !== undefined) answer.set(name, values.length === 1 ? only : values);
}

/** The template of the type that the client accepts, else that of JSON, else the first. */
function selectTemplate(
  templates: ReadonlyMap<string, MappingTemplate>,
  exchange: Exchange,
): MappingTemplate | undefined {
  if (templates.size === 0) return undefined;
  const accepted = exchange.headerValues('accept')?.at(-1);
  return (
    (accepted === undefined ? undefined : templates.get(accepted)) ??
    templates.get('application/json') ??
    templates.values().next().value
  );
}

/** `$context.responseOverride.status`; ignored where it is no whole number from 100 to 599, as recorded on AWS. */
function overriddenStatus(exchange: Exchange): number | undefined {
  const { status } = exchange.overrides.response;
  if (typeof status !== 'number' || !Number.isInteger(status) || status < 100 || status > 599) return undefined;
  if (status < 200) throw new GatewayError('DEFAULT_5XX'); // 1xx is not a final HTTP status: the client would wait for ever
  return status;
}

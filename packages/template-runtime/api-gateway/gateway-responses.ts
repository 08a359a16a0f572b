import type { TemplateResource } from '../cloudformation/resource';
import type { Exchange } from './exchange';
import { addToContext } from './exchange';
import { GATEWAY_RESPONSES, type GatewayError, type GatewayResponseType, isGatewayResponseType } from './gateway-error';
import { compileRequestSource, parameterText, requestParameter } from './parameter-mapping';
import { JsonPayload } from './payload';
import { Properties } from './properties';
import { Answer, isHeaderValue } from './answer';
import { compileSubstitution, type ReadValue, valueAt } from './substitution';
import { print } from './velocity/values';

interface GatewayResponse {
  readonly status: number | undefined;
  readonly headers: readonly { name: string; value: (exchange: Exchange) => string | undefined }[];
  readonly bodies: ReadonlyMap<string, (exchange: Exchange) => string>;
}

const JSON_TYPE = 'application/json';
const NO_PAYLOAD = new JsonPayload({ body: '' });
const DEFAULT_BODY = compileSubstitution('{"message":$context.error.messageString}', referenceTo, print);

/**
 * API Gateway's own answers, as the template customizes them. A type without a resource takes that of DEFAULT_4XX or
 * DEFAULT_5XX, status included.
 *
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gatewayResponse-definition.html
 */
export class GatewayResponses {
  private readonly custom = new Map<GatewayResponseType, GatewayResponse>();

  /**
   * @param resources those of type `AWS::ApiGateway::GatewayResponse` that belong to the API
   * @throws UnsupportedTemplateError
   */
  constructor(resources: readonly TemplateResource[]) {
    for (const resource of resources) {
      const properties = new Properties(resource).ignore('RestApiId');
      const type = properties.text('ResponseType');
      if (!isGatewayResponseType(type)) throw properties.refuse('ResponseType', `${type} is no gateway response`);
      this.custom.set(type, read(properties));
      properties.refuseOthers();
    }
  }

  /** Answers a request that ended in an error. */
  render(error: GatewayError, exchange: Exchange): Answer {
    const [, errorType] = GATEWAY_RESPONSES[error.type];
    const family = error.status < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX';
    const response = this.custom.get(error.type) ?? this.custom.get(family);
    addToContext(exchange, {
      error: {
        message: error.message,
        messageString: JSON.stringify(error.message),
        responseType: error.type,
        validationErrorString: error.validationErrors,
      },
    });
    const [contentType, body] = selectBody(response, exchange);
    const answer = new Answer(response?.status ?? error.status, body(exchange));
    answer.set('Content-Type', contentType);
    answer.set('x-amzn-ErrorType', errorType);
    for (const { name, value } of response?.headers ?? []) {
      const text = value(exchange);
      if (text !== undefined && isHeaderValue(text)) answer.set(name, text);
    }
    return answer;
  }
}

function selectBody(
  response: GatewayResponse | undefined,
  exchange: Exchange,
): [string, (exchange: Exchange) => string] {
  const bodies = response?.bodies;
  if (bodies === undefined || bodies.size === 0) return [JSON_TYPE, DEFAULT_BODY];
  const accepted = exchange.headerValues('accept')?.at(-1);
  for (const type of [accepted, JSON_TYPE, ...bodies.keys()]) {
    const body = type === undefined ? undefined : bodies.get(type);
    if (type !== undefined && body !== undefined) return [type, body];
  }
  return [JSON_TYPE, DEFAULT_BODY];
}

function read(properties: Properties): GatewayResponse {
  const status = properties.optionalNumber('StatusCode');
  if (status !== undefined && !(Number.isInteger(status) && status >= 400 && status <= 599))
    throw properties.refuse('StatusCode', `must be from 400 to 599, got ${status}`);
  return {
    status,
    headers: properties.texts('ResponseParameters').map(([target, source]) => {
      const [, name] = /^gatewayresponse\.header\.(.+)$/.exec(target) ?? [];
      const field = `ResponseParameters.${target}`;
      if (name === undefined) throw properties.refuse(field, 'only gatewayresponse.header.* is emulated');
      if (source.startsWith('method.request.body')) throw properties.refuse(field, "can't be set from the body");
      const value = compileRequestSource(source, properties, field);
      return { name, value: (exchange) => parameterText(value({ exchange, payload: NO_PAYLOAD })) };
    }),
    bodies: new Map(
      properties
        .texts('ResponseTemplates')
        .map(([type, template]) => [type, compileSubstitution(template, referenceTo, print)]),
    ),
  };
}

/** What a response's text can refer to. */
function referenceTo(root: string, path: readonly string[]): ReadValue {
  if (root === 'context') return ({ context }) => valueAt(context, path);
  if (root === 'stageVariables') return ({ stage }) => valueAt(stage.stageVariables, path);
  const [, kind, ...parameter] = path; // method.request.<kind>.<parameter>
  if (kind !== 'path' && kind !== 'querystring' && kind !== 'header') return () => null;
  const name = parameter.join('.');
  return (exchange) => requestParameter(exchange, kind, name) ?? null;
}

import Ajv, { type ValidateFunction } from 'ajv';
import type { TemplateResource } from '../cloudformation/resource';
import type { Exchange } from './exchange';
import { GatewayError } from './gateway-error';
import { mediaType } from './media-type';
import { requestParameter } from './parameter-mapping';
import { JsonPayload, MalformedJsonError } from './payload';
import { Properties } from './properties';

/**
 * Checks the request of one method.
 *
 * @throws GatewayError BAD_REQUEST_PARAMETERS or BAD_REQUEST_BODY
 */
export type RequestCheck = (exchange: Exchange) => void;

/** The models of an API, by name. */
export class Models {
  private readonly ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  private readonly names = new Map<string, { resource: TemplateResource; uri: string }>();

  /**
   * @param resources those of type `AWS::ApiGateway::Model` that belong to the API
   * @throws UnsupportedTemplateError
   */
  constructor(resources: readonly TemplateResource[], apiId: string) {
    for (const resource of resources) {
      const properties = new Properties(resource).ignore('RestApiId', 'Description', 'ContentType');
      const name = properties.optionalText('Name') ?? resource.physicalId;
      const uri = `https://apigateway.amazonaws.com/restapis/${apiId}/models/${name}`;
      const schema = readSchema(properties);
      orRefuse(properties, () => this.ajv.addSchema(schema, uri));
      this.names.set(name, { resource, uri });
      properties.refuseOthers();
    }
  }

  /** @throws UnsupportedTemplateError where the model is missing or its schema isn't emulated */
  validator(name: string, properties: Properties, field: string): ValidateFunction | undefined {
    if (name === 'Empty') return undefined; // API Gateway's built-in model, which allows anything
    const model = this.names.get(name);
    if (model === undefined) throw properties.refuse(field, `there is no model ${name}`);
    return orRefuse(new Properties(model.resource), () => this.ajv.getSchema(model.uri));
  }
}

function orRefuse<Result>(model: Properties, compile: () => Result): Result {
  try {
    return compile();
  } catch (error) {
    throw model.refuse('Schema', `is not emulated: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Models are JSON schemas of draft 4; ajv reads them as draft 7 but for the keywords that changed their meaning. */
function readSchema(properties: Properties): Record<string, unknown> {
  const value = properties.any('Schema') ?? {};
  const schema: unknown = typeof value === 'string' ? orRefuse(properties, () => JSON.parse(value) as unknown) : value;
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema))
    throw properties.refuse('Schema', 'must be an object');
  if ('id' in schema) throw properties.refuse('Schema.id', 'is not emulated');
  return { ...schema, $schema: undefined };
}

/**
 * Reads what a method's request validator checks.
 *
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html:
 * required parameters must be present and not blank; the body must match the model of its content type,
 * `application/json` where it has none; a content type without a model isn't checked. Order and text of the message are
 * recorded on AWS (localstack/localstack, test_apigateway_common.py, test_api_gateway_request_validator).
 *
 * @param method the properties of the method
 * @param validator those of its `AWS::ApiGateway::RequestValidator`
 */
export function compileRequestCheck(
  method: Properties,
  validator: Properties | undefined,
  models: Models,
): RequestCheck {
  const required = readRequired(method);
  const byType = new Map(
    method.texts('RequestModels').map(([type, name]) => {
      return [type, models.validator(name, method, `RequestModels.${type}`)] as const;
    }),
  );
  const checksParameters = validator?.flag('ValidateRequestParameters') ?? false;
  const checksBody = validator?.flag('ValidateRequestBody') ?? false;
  validator?.ignore('Name', 'RestApiId').refuseOthers();
  return (exchange) => {
    if (checksParameters) checkParameters(required, exchange);
    if (checksBody) checkBody(byType, exchange);
  };
}

type Required = readonly { kind: 'header' | 'path' | 'querystring'; name: string }[];

function readRequired(method: Properties): Required {
  return method
    .texts('RequestParameters')
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .flatMap(([parameter, required]) => {
      const [, kind, name] = /^method\.request\.(header|path|querystring)\.(.+)$/.exec(parameter) ?? [];
      if ((kind !== 'header' && kind !== 'path' && kind !== 'querystring') || name === undefined)
        throw method.refuse(`RequestParameters.${parameter}`, 'must be method.request.header|path|querystring.<name>');
      return required === 'true' ? [{ kind, name }] : [];
    });
}

function checkParameters(required: Required, exchange: Exchange): void {
  const missing = required.filter(({ kind, name }) => (requestParameter(exchange, kind, name) ?? '').trim() === '');
  if (missing.length === 0) return;
  const names = missing.map(({ name }) => name).join(', ');
  throw new GatewayError('BAD_REQUEST_PARAMETERS', `Missing required request parameters: [${names}]`);
}

function checkBody(models: ReadonlyMap<string, ValidateFunction | undefined>, exchange: Exchange): void {
  const type = mediaType(exchange.headerValues('content-type')?.at(-1));
  const validate = models.has(type) ? models.get(type) : models.get('$default');
  if (validate === undefined) return;
  let errors: string;
  try {
    if (validate(new JsonPayload(exchange).document())) return;
    errors = JSON.stringify(
      (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`.trim()),
    );
  } catch (error) {
    if (!(error instanceof MalformedJsonError)) throw error;
    errors = JSON.stringify([error.message]);
  }
  throw new GatewayError('BAD_REQUEST_BODY', undefined, errors);
}

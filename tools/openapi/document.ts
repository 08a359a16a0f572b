import { STATUS_CODES } from 'node:http';
import { GATEWAY_RESPONSES, type GatewayResponseType } from 'template-runtime/api-gateway';
import type { TemplateResource } from 'template-runtime/cloudformation';

type Json = Record<string, unknown>;

/** A model of the API: a named schema of bodies. */
interface Model {
  readonly name: string;
  readonly description: string | undefined;
  readonly schema: Json;
}

const TYPE = 'AWS::ApiGateway::';
const JSON_TYPE = 'application/json';

/** One of API Gateway's own answers. */
interface GatewayAnswer {
  readonly status: string;
  readonly description: string;
  readonly body: Json;
}

/**
 * Describes the REST API of a CloudFormation template in OpenAPI 3.1: its paths, methods, parameters, content types,
 * answers and key. A method `ANY` only refuses the others.
 *
 * Every word comes from the CloudFormation template, except for API Gateway's own answers. A path parameter has the
 * schema of the field of the same name in the successful answer.
 * Source: https://spec.openapis.org/oas/v3.1.1.html
 *
 * @param resources the template's, resolved
 * @param version the document's version
 */
export function openApiDocument(resources: readonly TemplateResource[], version: string): Json {
  const ofType = (type: string): TemplateResource[] => resources.filter((resource) => resource.type === TYPE + type);
  const [api] = ofType('RestApi');
  const stage = ofType('Stage')[0]?.properties['StageName'] as string | undefined;
  if (!api || stage === undefined) throw new Error('the template has no REST API with a stage');
  const models = new Map(ofType('Model').map((resource) => [modelName(resource), readModel(resource)]));
  const gateway = gatewayAnswers(ofType('GatewayResponse'));
  const paths: Record<string, Json> = {};
  for (const method of ofType('Method').filter(({ properties }) => properties['HttpMethod'] !== 'ANY')) {
    const path = pathOf(method.properties['ResourceId'] as string, ofType('Resource'));
    const verb = (method.properties['HttpMethod'] as string).toLowerCase();
    (paths[path] ??= {})[verb] = operation(method, path, models, gateway);
  }
  return {
    openapi: '3.1.1',
    // Not the name of the API: that is the stack's.
    info: { title: 'atomic-counter', description: api.properties['Description'], version },
    servers: [
      {
        url: `http://127.0.0.1:{port}/${stage}`,
        description: 'npm start',
        variables: { port: { default: '3000' } },
      },
      {
        url: `https://{apiId}.execute-api.{region}.amazonaws.com/${stage}`,
        description: 'A deployment: its output ApiUrl',
        variables: { apiId: { default: 'apiId' }, region: { default: 'us-east-1' } },
      },
    ],
    paths,
    components: {
      schemas: {
        ...Object.fromEntries([...models.values()].map(({ name, schema }) => [name, schema])),
        GatewayAnswer: gatewaySchema(
          ofType('Method')
            .flatMap(({ properties }) => gatewayTypes(properties))
            .map(gateway),
        ),
      },
      securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'x-api-key' } },
    },
  };
}

const modelName = ({ properties, physicalId }: TemplateResource): string =>
  (properties['Name'] as string | undefined) ?? physicalId;

function readModel(resource: TemplateResource): Model {
  const { Description: description, Schema } = resource.properties as { Description?: string; Schema: string | Json };
  const schema = typeof Schema === 'string' ? (JSON.parse(Schema) as Json) : Schema;
  return { name: modelName(resource), description, schema: { ...schema, $schema: undefined } };
}

/** What API Gateway itself answers, with the changes of the CloudFormation template. */
function gatewayAnswers(resources: readonly TemplateResource[]): (type: GatewayResponseType) => GatewayAnswer {
  const changed = new Map(resources.map(({ properties }) => [properties['ResponseType'], properties]));
  return (type) => {
    const [status, , message] = GATEWAY_RESPONSES[type];
    const { StatusCode = status, ResponseTemplates: templates } = (changed.get(type) ??
      changed.get(status < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX') ??
      {}) as { StatusCode?: string; ResponseTemplates?: Record<string, string> };
    const template = templates?.[JSON_TYPE] ?? '{"message":$context.error.messageString}';
    const body = JSON.parse(template.replace('$context.error.messageString', JSON.stringify(message))) as Json & {
      error?: string;
    };
    return { status: String(StatusCode), description: body.error ?? message, body };
  };
}

/** The schema of these bodies: what all of them have is required. */
function gatewaySchema(answers: readonly GatewayAnswer[]): Json {
  const bodies = answers.map(({ body }) => body);
  const names = Object.keys(Object.assign({}, ...bodies) as Json);
  const typeOf = (name: string): string => typeof bodies.find((body) => name in body)?.[name];
  return {
    type: 'object',
    properties: Object.fromEntries(names.map((name) => [name, { type: typeOf(name) }])),
    required: names.filter((name) => bodies.every((body) => name in body)),
  };
}

function pathOf(resourceId: string, resources: readonly TemplateResource[]): string {
  const resource = resources.find(({ physicalId }) => physicalId === resourceId);
  if (!resource) return '';
  const { ParentId: parent, PathPart: part } = resource.properties as { ParentId: string; PathPart: string };
  return `${pathOf(parent, resources)}/${part}`;
}

function operation(
  { properties }: TemplateResource,
  path: string,
  models: ReadonlyMap<string, Model>,
  gateway: (type: GatewayResponseType) => GatewayAnswer,
): Json {
  const responses = declaredResponses(properties, models);
  for (const type of gatewayTypes(properties)) addGatewayAnswer(responses, gateway(type));
  const success = Object.entries(responses).find(([status]) => status.startsWith('2'))?.[1].model?.schema;
  const fields = (success?.['properties'] ?? {}) as Record<string, Json>;
  const names = Array.from(path.matchAll(/\{(\w+)\}/g), ([, name = '']) => name);
  const requestTypes = Object.keys(integrationOf(properties).RequestTemplates ?? {});
  const takesBody = properties['HttpMethod'] === 'POST' && requestTypes.length > 0;
  return {
    ...(properties['OperationName'] === undefined ? {} : { operationId: properties['OperationName'] }),
    parameters: [
      ...names.map((name) => ({ name, in: 'path', required: true, schema: fields[name] ?? { type: 'string' } })),
      ...headersOf(properties).map(([name, required]) => ({
        name,
        in: 'header',
        required,
        schema: { type: 'string' },
      })),
    ],
    ...(takesBody
      ? {
          requestBody: {
            description: 'Ignored.',
            content: Object.fromEntries(requestTypes.map((type) => [type, { schema: {} }])),
          },
        }
      : {}),
    ...(needsKey(properties) ? { security: [{ key: [] }] } : {}),
    responses: Object.fromEntries(
      Object.entries(responses)
        .sort(([one], [other]) => Number(one) - Number(other))
        .map(([status, { description, headers, schemas }]) => [
          status,
          { description, ...(headers ? { headers } : {}), ...contentOf(schemas) },
        ]),
    ),
  };
}

/** The headers that a method declares, each with whether it is required. */
function headersOf({ RequestParameters: parameters }: Json): [string, boolean][] {
  return Object.entries((parameters ?? {}) as Record<string, unknown>).flatMap(([place, required]) => {
    const [, name] = /^method\.request\.header\.(.+)$/.exec(place) ?? [];
    return name === undefined ? [] : [[name, String(required) === 'true'] as [string, boolean]];
  });
}

interface Response {
  description: string;
  readonly headers?: Json;
  /** Names of schemas, any of which may describe the body. */
  readonly schemas: string[];
  readonly model?: Model | undefined;
}

function declaredResponses(properties: Json, models: ReadonlyMap<string, Model>): Record<string, Response> {
  const declared = (properties['MethodResponses'] ?? []) as {
    StatusCode: string;
    ResponseModels?: Record<string, string>;
    ResponseParameters?: Json;
  }[];
  return Object.fromEntries(
    declared.map(({ StatusCode: status, ResponseModels = {}, ResponseParameters = {} }) => {
      const model = models.get(ResponseModels[JSON_TYPE] ?? '');
      const headers = Object.keys(ResponseParameters).map((name) => name.replace('method.response.header.', ''));
      return [
        status,
        {
          description: model?.description ?? STATUS_CODES[status] ?? '',
          headers: Object.fromEntries(headers.map((name) => [name, { schema: { type: 'string' } }])),
          schemas: model ? [model.name] : [],
          model,
        },
      ];
    }),
  );
}

/** API Gateway's own answers that a call of a method may get. */
function gatewayTypes(properties: Json): GatewayResponseType[] {
  const { PassthroughBehavior: passthrough } = integrationOf(properties);
  return [
    ...(needsKey(properties) ? (['INVALID_API_KEY', 'THROTTLED', 'QUOTA_EXCEEDED'] as const) : []),
    ...(properties['RequestValidatorId'] === undefined ? [] : (['BAD_REQUEST_PARAMETERS'] as const)),
    ...(passthrough === 'NEVER' ? (['UNSUPPORTED_MEDIA_TYPE', 'REQUEST_TOO_LARGE'] as const) : []),
  ];
}

function addGatewayAnswer(responses: Record<string, Response>, { status, description }: GatewayAnswer): void {
  const response = (responses[status] ??= { description: '', schemas: [] });
  response.description = [response.description, description].filter((text) => text !== '').join(' Or: ');
  if (!response.schemas.includes('GatewayAnswer')) response.schemas.push('GatewayAnswer');
}

function contentOf(schemas: readonly string[]): Json {
  const references = schemas.map((name) => ({ $ref: `#/components/schemas/${name}` }));
  const [only, ...more] = references;
  if (only === undefined) return {};
  return { content: { [JSON_TYPE]: { schema: more.length === 0 ? only : { anyOf: references } } } };
}

const needsKey = (properties: Json): boolean => String(properties['ApiKeyRequired']) === 'true';

const integrationOf = (properties: Json): { PassthroughBehavior?: string; RequestTemplates?: Json } =>
  properties['Integration'] ?? {};

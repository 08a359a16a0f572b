import { Answer } from './answer';
import { type Exchange, recordResult } from './exchange';
import { GatewayError } from './gateway-error';
import { type CallLimits, callWithin } from './limited-call';
import type { Properties } from './properties';
import type { Scope } from '../scope';

/**
 * Invokes a function and waits for its answer.
 *
 * @param functionArn its ARN
 * @param payload the event's JSON
 * @returns the JSON that the function returned, or, with `functionError`, the error's
 */
export type InvokeFunction = (
  functionArn: string,
  payload: string,
  scope: Scope,
) => Promise<{ readonly payload: string; readonly functionError?: string }>;

/**
 * An `AWS_PROXY` integration: a function gets the request as it came and returns the answer. API Gateway ignores the
 * mappings of other integrations here.
 *
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 *
 * @throws UnsupportedTemplateError
 */
export function proxyIntegration(
  properties: Properties,
  invoke: InvokeFunction,
  limits: CallLimits,
): (exchange: Exchange) => Promise<Answer> {
  const uri = properties.text('Uri');
  const [, functionArn] =
    /^arn:[\w-]+:apigateway:[\w-]+:lambda:path\/[\d-]+\/functions\/(.+)\/invocations$/.exec(uri) ?? [];
  if (functionArn === undefined) {
    throw properties.refuse('Uri', `${uri} is not emulated, only …:lambda:path/2015-03-31/functions/<ARN>/invocations`);
  }
  properties.choice('IntegrationHttpMethod', ['POST'], 'POST'); // AWS answers 500 to every request with another one
  properties.choice('ResponseTransferMode', ['BUFFERED'], 'BUFFERED');
  if (properties.texts('RequestParameters').length > 0) {
    throw properties.refuse('RequestParameters', 'are emulated for the type AWS only');
  }
  properties.ignore('PassthroughBehavior', 'RequestTemplates', 'IntegrationResponses', 'ContentHandling');
  return async (exchange) => {
    const startedAt = performance.now();
    const event = JSON.stringify(proxyEvent(exchange));
    const { payload, functionError } = await callWithin(limits, (scope) => invoke(functionArn, event, scope)).catch(
      (error: unknown) => {
        throw error instanceof GatewayError && error.type === 'INTEGRATION_TIMEOUT' ? error : badGateway(error);
      },
    );
    if (functionError !== undefined) throw badGateway(new Error(`${functionArn} failed: ${payload}`));
    const answer = proxyAnswer(payload);
    recordResult(exchange, answer.status, startedAt);
    return answer;
  };
}

/**
 * The event that a function gets for a request, as recorded on AWS, except for the headers that CloudFront adds
 * (localstack/localstack, tests/aws/services/apigateway/test_apigateway_lambda.snapshot.json,
 * test_lambda_aws_proxy_integration).
 */
function proxyEvent(exchange: Exchange): Record<string, unknown> {
  const { context, stage, pathParameters, method, body } = exchange;
  const headers = exchange.headerMap();
  const query = exchange.queryMap();
  const requestContext = Object.fromEntries(Object.entries(context).filter(([name]) => !name.endsWith('Override')));
  return {
    resource: context['resourcePath'],
    path: (context['path'] as string).slice(stage.stage.length + 1) || '/',
    httpMethod: method,
    headers,
    multiValueHeaders: listsOf(headers, (name) => exchange.headerValues(name)),
    queryStringParameters: orNull(query),
    multiValueQueryStringParameters: orNull(listsOf(query, (name) => exchange.queryValues(name))),
    pathParameters: orNull(pathParameters),
    stageVariables: orNull(stage.stageVariables),
    requestContext,
    body: body === '' ? null : body,
    isBase64Encoded: false,
  };
}

const orNull = (map: object): object | null => (Object.keys(map).length === 0 ? null : map);

const listsOf = (map: object, values: (name: string) => readonly string[] | undefined): Record<string, unknown> =>
  Object.fromEntries(Object.keys(map).map((name) => [name, values(name) ?? []]));

const ANSWER_FIELDS = ['statusCode', 'headers', 'multiValueHeaders', 'body', 'isBase64Encoded'];

/**
 * What the function returned, as an answer. All fields are optional, others are not allowed; the body stays text, since
 * `isBase64Encoded` only matters for an API with binary media types.
 *
 * Source: …/developerguide/set-up-lambda-proxy-integrations.html#api-gateway-simple-proxy-for-lambda-output-format, and for
 * other fields localstack/localstack, apigateway/next_gen/execute_api/integrations/aws.py
 *
 * @throws GatewayError of status 502 for an answer of another form
 */
function proxyAnswer(payload: string): Answer {
  const returned: unknown = JSON.parse(payload);
  const malformed = (): GatewayError => badGateway(new Error(`Malformed Lambda proxy response: ${payload}`));
  if (!isRecord(returned) || Object.keys(returned).some((field) => !ANSWER_FIELDS.includes(field))) throw malformed();
  const { statusCode = 200, headers, multiValueHeaders, body } = returned;
  const status = Number(statusCode);
  if (!Number.isInteger(status) || status < 200 || status > 599) throw malformed();
  if (typeof (body ?? '') !== 'string') throw malformed();
  try {
    const answer = new Answer(status, (body ?? '') as string);
    answer.set('Content-Type', 'application/json');
    for (const [name, value] of fieldsOf(headers)) answer.set(name, headerText(value));
    for (const [name, values] of fieldsOf(multiValueHeaders)) {
      answer.set(name, Array.isArray(values) ? values.map(headerText) : headerText(values));
    }
    return answer;
  } catch {
    throw malformed(); // a header that can't be one
  }
}

/** @throws TypeError for what has no fields */
function fieldsOf(headers: unknown): [string, unknown][] {
  if (headers === undefined || headers === null) return [];
  if (!isRecord(headers)) throw new TypeError('must be an object');
  return Object.entries(headers);
}

/** @throws TypeError for what no header can be */
function headerText(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number') return String(value);
  throw new TypeError('must be a text');
}

/** A function's failure, which the client doesn't see. */
const badGateway = (cause: unknown): GatewayError =>
  new GatewayError('DEFAULT_5XX', undefined, '', { status: 502, cause });

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

import { ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import { errorBody, NOT_FOUND_BODY, UNKNOWN_BODY } from './mapping-templates';

interface GatewayAnswer {
  readonly type: ResponseType;
  /** @default - API Gateway's own */
  readonly statusCode?: string;
  /** @default - API Gateway's own message as the error */
  readonly body?: string;
  /** @default - those of every answer */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Gives API Gateway's own answers the form of the API's: an error in words that help, the outcome where one is unknown,
 * and headers for browsers. A type that isn't listed takes DEFAULT_4XX or DEFAULT_5XX.
 *
 * They are no Velocity templates: of references only plain variables are filled in.
 * Sources: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gatewayResponse-definition.html,
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 *
 * @param options.headers of every answer, as `'literals'`
 * @param options.contentTypes of the bodies that the API accepts
 */
export function addGatewayResponses(
  api: RestApi,
  options: { headers: Readonly<Record<string, string>>; contentTypes: readonly string[] },
): void {
  for (const [id, { type, statusCode, body, headers }] of Object.entries(answers(options.contentTypes))) {
    api.addGatewayResponse(id, {
      type,
      ...(statusCode === undefined ? {} : { statusCode }),
      responseHeaders: { ...options.headers, ...headers },
      templates: { 'application/json': body ?? '{"error":$context.error.messageString}\n' },
    });
  }
}

function answers(contentTypes: readonly string[]): Record<string, GatewayAnswer> {
  const unknown = { statusCode: '504', body: UNKNOWN_BODY };
  return {
    ClientError: { type: ResponseType.DEFAULT_4XX },
    InvalidKey: {
      type: ResponseType.INVALID_API_KEY,
      body: errorBody('The header X-Api-Key must have a valid API key'),
    },
    // No method of the API takes a token: what API Gateway means is that it finds none for this path.
    NotFound: { type: ResponseType.MISSING_AUTHENTICATION_TOKEN, statusCode: '404', body: NOT_FOUND_BODY },
    Throttled: {
      type: ResponseType.THROTTLED,
      body: errorBody('Too many requests: this one was not carried out', { retryable: true }),
      headers: { 'Retry-After': "'1'" },
    },
    QuotaExceeded: {
      type: ResponseType.QUOTA_EXCEEDED,
      body: errorBody("The quota of the API key's usage plan is used up: the request was not carried out"),
    },
    UnsupportedMediaType: {
      type: ResponseType.UNSUPPORTED_MEDIA_TYPE,
      body: errorBody(`The content type of a body, which is ignored, must be one of ${contentTypes.join(', ')}`),
    },
    IntegrationTimeout: { type: ResponseType.INTEGRATION_TIMEOUT, ...unknown },
    IntegrationFailure: { type: ResponseType.INTEGRATION_FAILURE, ...unknown },
    ServerError: { type: ResponseType.DEFAULT_5XX, ...unknown },
  };
}

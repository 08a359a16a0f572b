/**
 * API Gateway's own answers: status, `x-amzn-ErrorType`, and the text of `$context.error.message`.
 *
 * Types and statuses: https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html.
 * Error types and messages: recorded on AWS for those that localstack/localstack, tests/aws/services/apigateway covers
 * (missing token, validation, media type, server error); the others by reports of users.
 */
export const GATEWAY_RESPONSES = {
  ACCESS_DENIED: [403, 'AccessDeniedException', 'Forbidden'],
  API_CONFIGURATION_ERROR: [500, 'InternalServerErrorException', 'Internal server error'],
  AUTHORIZER_CONFIGURATION_ERROR: [500, 'AuthorizerConfigurationException', 'Internal server error'],
  AUTHORIZER_FAILURE: [500, 'AuthorizerFailureException', 'Internal server error'],
  BAD_REQUEST_BODY: [400, 'BadRequestException', 'Invalid request body'],
  BAD_REQUEST_PARAMETERS: [400, 'BadRequestException', 'Missing required request parameters'],
  DEFAULT_4XX: [400, 'BadRequestException', 'Bad Request'],
  DEFAULT_5XX: [500, 'InternalServerErrorException', 'Internal server error'],
  EXPIRED_TOKEN: [403, 'ExpiredTokenException', 'The security token included in the request is expired'],
  INTEGRATION_FAILURE: [504, 'InternalServerErrorException', 'Network error communicating with endpoint'],
  INTEGRATION_TIMEOUT: [504, 'InternalServerErrorException', 'Endpoint request timed out'],
  INVALID_API_KEY: [403, 'ForbiddenException', 'Forbidden'],
  INVALID_SIGNATURE: [403, 'InvalidSignatureException', 'The request signature does not match'],
  MISSING_AUTHENTICATION_TOKEN: [403, 'MissingAuthenticationTokenException', 'Missing Authentication Token'],
  QUOTA_EXCEEDED: [429, 'LimitExceededException', 'Limit Exceeded'],
  REQUEST_TOO_LARGE: [413, 'RequestTooLargeException', 'HTTP content length exceeded 10485760 bytes.'],
  RESOURCE_NOT_FOUND: [404, 'ResourceNotFoundException', 'Not Found'],
  THROTTLED: [429, 'TooManyRequestsException', 'Too Many Requests'],
  UNAUTHORIZED: [401, 'UnauthorizedException', 'Unauthorized'],
  UNSUPPORTED_MEDIA_TYPE: [415, 'BadRequestException', 'Unsupported Media Type'],
  WAF_FILTERED: [403, 'ForbiddenException', 'Forbidden'],
} as const satisfies Readonly<Record<string, readonly [status: number, errorType: string, message: string]>>;

export type GatewayResponseType = keyof typeof GATEWAY_RESPONSES;

export const isGatewayResponseType = (name: string): name is GatewayResponseType =>
  Object.hasOwn(GATEWAY_RESPONSES, name);

/** Ends a request with one of API Gateway's own answers. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly status: number;

  /**
   * @param type which answer
   * @param message the value of `$context.error.message`
   * @param validationErrors the value of `$context.error.validationErrorString`
   * @param options.status if it isn't that of the type, such as 502 for a function's invalid answer
   */
  constructor(
    readonly type: GatewayResponseType,
    message: string = GATEWAY_RESPONSES[type][2],
    readonly validationErrors = '',
    options?: ErrorOptions & { readonly status?: number },
  ) {
    super(message, options);
    this.status = options?.status ?? GATEWAY_RESPONSES[type][0];
  }
}

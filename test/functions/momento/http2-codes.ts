/**
 * HTTP/2's error codes.
 * Source: https://www.rfc-editor.org/rfc/rfc9113.html#section-7
 */
export const HTTP2_CODES = {
  NO_ERROR: 0,
  PROTOCOL_ERROR: 1,
  INTERNAL_ERROR: 2,
  FLOW_CONTROL_ERROR: 3,
  SETTINGS_TIMEOUT: 4,
  STREAM_CLOSED: 5,
  FRAME_SIZE_ERROR: 6,
  REFUSED_STREAM: 7,
  CANCEL: 8,
  COMPRESSION_ERROR: 9,
  CONNECT_ERROR: 10,
  ENHANCE_YOUR_CALM: 11,
  INADEQUATE_SECURITY: 12,
  HTTP_1_1_REQUIRED: 13,
} as const;

/** HTTP statuses of proxies and load balancers, which gRPC's clients translate into statuses of its own. */
export const HTTP_STATUSES = {
  400: 400,
  401: 401,
  403: 403,
  404: 404,
  429: 429,
  500: 500,
  502: 502,
  503: 503,
  504: 504,
} as const;

/**
 * gRPC's statuses, without OK.
 * Source: https://grpc.github.io/grpc/core/md_doc_statuscodes.html
 */
export const GRPC_STATUSES = {
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
} as const;

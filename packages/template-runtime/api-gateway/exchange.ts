import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { setOwn } from '../own-property';
import { emptyMap, HeaderMap, UnprintedMap, type Value, type ValueMap } from './velocity/values';

/** The same for every request of a stage. */
export interface StageContext {
  readonly accountId: string;
  readonly apiId: string;
  readonly deploymentId: string;
  readonly stage: string;
  readonly stageVariables: ValueMap;
}

/**
 * Headers of a request that API Gateway removes before anything can read them (localstack/localstack, header_utils.py).
 */
const DROPPED_HEADERS = new Set([
  'connection',
  'content-length',
  'content-md5',
  'expect',
  'max-forwards',
  'proxy-authenticate',
  'server',
  'te',
  'transfer-encoding',
  'trailer',
  'upgrade',
  'www-authenticate',
]);

/** One request on its way through a stage: what mapping templates, parameter mappings and the access log can read. */
export class Exchange {
  readonly requestId = randomUUID();
  /** Sent as `x-amz-apigw-id`. */
  readonly extendedRequestId = makeExtendedRequestId(this.requestId);
  /** `$context`. */
  readonly context: ValueMap;
  readonly overrides = makeOverrides();
  pathParameters: ValueMap = emptyMap();
  body = '';

  private query: Map<string, string[]> | undefined;

  /**
   * @param path as sent, below the stage, without the query string
   * @param rawQuery what follows the question mark
   * @param receivedAtMs milliseconds since 1970
   */
  constructor(
    readonly request: IncomingMessage,
    readonly stage: StageContext,
    readonly method: string,
    path: string,
    private readonly rawQuery: string,
    receivedAtMs: number,
  ) {
    const host = request.headers.host ?? '';
    this.context = Object.assign(emptyMap(), {
      accountId: stage.accountId,
      apiId: stage.apiId,
      deploymentId: stage.deploymentId,
      domainName: host,
      domainPrefix: host.split('.', 1)[0] ?? '',
      extendedRequestId: this.extendedRequestId,
      httpMethod: method,
      identity: identityOf(request),
      path: `/${stage.stage}${path}`,
      protocol: `HTTP/${request.httpVersion}`,
      requestId: this.requestId,
      requestOverride: this.overrides.request,
      requestTime: requestTime(receivedAtMs),
      requestTimeEpoch: receivedAtMs,
      responseOverride: this.overrides.response,
      stage: stage.stage,
    });
  }

  /** All values of a header; the name's case doesn't matter. */
  headerValues(name: string): readonly string[] | undefined {
    const wanted = name.toLowerCase();
    return DROPPED_HEADERS.has(wanted) ? undefined : this.request.headersDistinct[wanted];
  }

  queryValues(name: string): readonly string[] | undefined {
    return this.queryParameters().get(name);
  }

  pathParameter(name: string): string | undefined {
    const value = this.pathParameters[name];
    return typeof value === 'string' ? value : undefined;
  }

  /** The headers by the client's spelling; of a repeated one the last value, as recorded on AWS. */
  headerMap(): HeaderMap {
    const map = new HeaderMap();
    const spellings = new Map<string, string>();
    const { rawHeaders } = this.request;
    for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
      const name = rawHeaders[index] ?? '';
      const lowerCase = name.toLowerCase();
      if (DROPPED_HEADERS.has(lowerCase)) continue;
      const spelling = spellings.get(lowerCase) ?? name;
      spellings.set(lowerCase, spelling);
      setOwn(map, spelling, rawHeaders[index + 1] ?? '');
    }
    return map;
  }

  /** The query parameters; of a repeated one the last value, as recorded on AWS. */
  queryMap(): ValueMap {
    const map = emptyMap();
    for (const [name, values] of this.queryParameters()) map[name] = values.at(-1) ?? null;
    return map;
  }

  private queryParameters(): Map<string, string[]> {
    if (this.query !== undefined) return this.query;
    this.query = new Map();
    for (const [name, value] of new URLSearchParams(this.rawQuery)) {
      const values = this.query.get(name);
      if (values === undefined) this.query.set(name, [value]);
      else values.push(value);
    }
    return this.query;
  }
}

/**
 * `$context.identity` of a caller who didn't sign: twelve keys, in this order, as recorded on AWS; none of the maps in
 * `$context` prints anything as a whole
 * (localstack/localstack, tests/aws/services/apigateway/test_apigateway_sqs.snapshot.json, test_sqs_amz_json_protocol).
 */
function identityOf(request: IncomingMessage): UnprintedMap {
  return Object.assign(new UnprintedMap(), {
    cognitoIdentityPoolId: null,
    accountId: null,
    cognitoIdentityId: null,
    caller: null,
    sourceIp: (request.socket.remoteAddress ?? '').replace(/^::ffff:/, ''),
    principalOrgId: null,
    accessKey: null,
    cognitoAuthenticationType: null,
    cognitoAuthenticationProvider: null,
    userArn: null,
    userAgent: request.headers['user-agent'] ?? null,
    user: null,
  });
}

/** `$context.requestOverride` and `$context.responseOverride`, with the maps in them that take a key only once. */
function makeOverrides() {
  const header = new UnprintedMap();
  const path = new UnprintedMap();
  const querystring = new UnprintedMap();
  const responseHeader = new UnprintedMap();
  const request = Object.assign(new UnprintedMap(), { path, header, querystring });
  const response: ValueMap = Object.assign(new UnprintedMap(), { header: responseHeader });
  return {
    request,
    response,
    requestHeader: header,
    responseHeader,
    final: [header, path, querystring, responseHeader, response],
  };
}

/** The form of `x-amz-apigw-id`: the Base64 of eleven bytes, 16 characters. Of a UUID's digits, some that are random. */
function makeExtendedRequestId(requestId: string): string {
  return `${requestId.slice(0, 8)}${requestId.slice(9, 13)}${requestId.slice(24, 26)}Q=`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
let lastSecond = -1;
let lastRequestTime = '';

/** The common log format, `24/Nov/2026:02:10:02 +0000`; made once a second. */
function requestTime(epochMs: number): string {
  const second = Math.floor(epochMs / 1000);
  if (second !== lastSecond) {
    const date = new Date(epochMs);
    const day = String(date.getUTCDate()).padStart(2, '0');
    lastRequestTime = `${day}/${MONTHS[date.getUTCMonth()]}/${date.getUTCFullYear()}:${date.toISOString().slice(11, 19)} +0000`;
    lastSecond = second;
  }
  return lastRequestTime;
}

/** Sets fields of `$context` that are known later. */
export function addToContext(exchange: Exchange, fields: Readonly<Record<string, Value>>): void {
  Object.assign(exchange.context, fields);
}

/** Sets the fields of `$context` about an integration that has answered. @param startedAt of `performance.now()` */
export function recordResult(exchange: Exchange, status: number, startedAt: number): void {
  addToContext(exchange, {
    integrationLatency: Math.round(performance.now() - startedAt),
    integrationStatus: status,
    integration: { status, integrationStatus: status },
  });
}

import type { IncomingMessage } from 'node:http';
import { GatewayError } from './gateway-error';
import type { Exchange } from './exchange';
import type { IntegrationResult } from './parameter-mapping';
import type { InputVariable, ParameterPart } from './velocity/scope';
import type { Value, ValueMap } from './velocity/values';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html */
const MAX_PAYLOAD_BYTES = 10_485_760;

/**
 * Reads the body of a request as text; bytes that are no UTF-8 become U+FFFD.
 *
 * @throws GatewayError REQUEST_TOO_LARGE above 10 MB
 */
export function readPayload(request: IncomingMessage): Promise<string> {
  const length = request.headers['content-length'];
  if (length === undefined ? request.headers['transfer-encoding'] === undefined : length === '0')
    return Promise.resolve('');
  if (Number(length ?? 0) > MAX_PAYLOAD_BYTES) return Promise.reject(new GatewayError('REQUEST_TOO_LARGE'));
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    // Not an async iterator: leaving one early destroys the socket, and the client would never read the refusal.
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_PAYLOAD_BYTES) chunks.push(chunk);
      else reject(new GatewayError('REQUEST_TOO_LARGE'));
    });
    request.once('end', () => {
      resolve(Buffer.concat(chunks).toString('utf8'));
    });
    request.once('error', reject);
    request.once('close', () => {
      reject(new GatewayError('DEFAULT_4XX')); // after "end" this changes nothing
    });
  });
}

/** A payload that looks like JSON but isn't. */
export class MalformedJsonError extends Error {
  override readonly name = 'MalformedJsonError';
}

/**
 * A payload, parsed as JSON on first access. An empty one is `{}`; one that doesn't begin like JSON is a text, with
 * nothing in it to select (recorded on AWS: localstack/localstack, test_apigateway_common.py,
 * test_input_body_formatting, and parameters_mapping.py, `_json_load`).
 */
export class JsonPayload {
  private parsed: { document: Value } | undefined;

  /** @param source of the body, and of its document where that is known unparsed */
  constructor(private readonly source: Pick<IntegrationResult, 'body' | 'document'>) {}

  get text(): string {
    const { body } = this.source; // once: it may be printed only now
    return body === '' ? '{}' : body;
  }

  /** @throws MalformedJsonError */
  document(): Value {
    this.parsed ??= { document: (this.source.document?.() as Value | undefined) ?? parse(this.text) };
    return this.parsed.document;
  }
}

function parse(text: string): Value {
  try {
    return JSON.parse(text) as Value;
  } catch (error) {
    if (!/^\s*["'{[]/.test(text)) return text;
    throw new MalformedJsonError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** `$input` over a payload: the request's, or what the integration answered. */
export class Input implements InputVariable {
  constructor(
    private readonly payload: JsonPayload,
    private readonly exchange: Exchange,
  ) {}

  get body(): string {
    return this.payload.text;
  }

  path(select: (document: Value) => Value | undefined): Value {
    return select(this.payload.document()) ?? null;
  }

  json(select: (document: Value) => Value | undefined): string {
    const value = select(this.payload.document());
    return value === undefined ? '""' : JSON.stringify(value);
  }

  param(name: string): string {
    const { exchange } = this;
    return (
      exchange.pathParameter(name) ?? exchange.queryValues(name)?.at(-1) ?? exchange.headerValues(name)?.at(-1) ?? ''
    );
  }

  params(part: ParameterPart): ValueMap {
    switch (part) {
      case 'path':
        return this.exchange.pathParameters;
      case 'querystring':
        return this.exchange.queryMap();
      case 'header':
        return this.exchange.headerMap();
    }
  }
}

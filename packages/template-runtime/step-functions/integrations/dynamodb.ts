import { randomUUID } from 'node:crypto';
import { Pool } from 'undici';
import { TaskError } from '../errors';
import type { Scope } from '../../scope';
import type { Integration } from './integration';

/** How one of the two kinds of integrations words an error. */
interface Wording {
  /** Before the error's own name, and for what the service's model doesn't name. */
  readonly prefix: string;
  readonly generic: string;
  readonly cause: (answer: ErrorAnswer) => string;
}

interface ErrorAnswer {
  readonly status: number;
  readonly requestId: string;
  readonly type: string;
  readonly message: string;
}

/** `aws-sdk:dynamodb` speaks through version 2 of the SDK for Java (recorded on AWS). */
const SDK: Wording = {
  prefix: 'DynamoDb',
  generic: 'DynamoDbException',
  cause: ({ message, status, requestId }) =>
    `${message} (Service: DynamoDb, Status Code: ${status}, Request ID: ${requestId})`,
};

/** The optimized integration speaks through version 1 (recorded on AWS). */
const OPTIMIZED: Wording = {
  prefix: 'DynamoDB',
  generic: 'AmazonDynamoDBException',
  cause: ({ message, status, requestId, type }) =>
    `${message} (Service: AmazonDynamoDBv2; Status Code: ${status}; Error Code: ${type}; Request ID: ${requestId}; Proxy: null)`,
};

/**
 * The errors that the service's model knows, for calls on items; every other one goes by the generic name (recorded for a
 * validation error).
 *
 * Source: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations.html
 */
const MODELED: Readonly<Record<string, string>> = {
  ConditionalCheckFailedException: 'ConditionalCheckFailedException',
  DuplicateItemException: 'DuplicateItemException',
  IdempotentParameterMismatchException: 'IdempotentParameterMismatchException',
  InternalServerError: 'InternalServerErrorException',
  InvalidEndpointException: 'InvalidEndpointException',
  ItemCollectionSizeLimitExceededException: 'ItemCollectionSizeLimitExceededException',
  LimitExceededException: 'LimitExceededException',
  ProvisionedThroughputExceededException: 'ProvisionedThroughputExceededException',
  ReplicatedWriteConflictException: 'ReplicatedWriteConflictException',
  RequestLimitExceeded: 'RequestLimitExceededException',
  ResourceInUseException: 'ResourceInUseException',
  ResourceNotFoundException: 'ResourceNotFoundException',
  ThrottlingException: 'ThrottlingException',
  TransactionCanceledException: 'TransactionCanceledException',
  TransactionConflictException: 'TransactionConflictException',
  TransactionInProgressException: 'TransactionInProgressException',
};

const OPTIMIZED_OPERATIONS = ['getItem', 'putItem', 'updateItem', 'deleteItem'];

export interface DynamoDb {
  readonly integrations: Readonly<Record<string, Integration>>;
  /**
   * One call outside any execution, such as `CreateTable`.
   *
   * @throws TaskError (rejects), named as in `aws-sdk:dynamodb`: `DynamoDb.ResourceInUseException`
   */
  call(operation: string, input: unknown): Promise<unknown>;
  /** Closes the connections. */
  close(): void;
}

/**
 * DynamoDB, by `aws-sdk:dynamodb` (any operation) and by the optimized integration (calls on items).
 *
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/connect-ddb.html
 *
 * @param endpoint such as `http://127.0.0.1:8000`
 */
export function dynamoDbIntegrations(endpoint: string): DynamoDb {
  const client = new Client(endpoint);
  const call =
    (wording: Wording): Integration =>
    ({ resource, arguments: input, scope }) =>
      client.call(operationOf(resource), input, wording, scope);
  return {
    integrations: {
      'arn:aws:states:::aws-sdk:dynamodb:': call(SDK),
      ...Object.fromEntries(
        OPTIMIZED_OPERATIONS.map((operation) => [`arn:aws:states:::dynamodb:${operation}`, call(OPTIMIZED)]),
      ),
    },
    call: (operation, input) => client.call(operation, input, SDK),
    close: () => client.close(),
  };
}

/** `…:updateItem` is the operation `UpdateItem`. */
function operationOf(resource: string): string {
  const operation = resource.slice(resource.lastIndexOf(':') + 1);
  return operation.charAt(0).toUpperCase() + operation.slice(1);
}

/** The AWS JSON 1.0 protocol over kept connections; idle ones don't keep the process alive. */
class Client {
  readonly #pool: Pool;

  constructor(endpoint: string) {
    // A state's own timeout bounds a call.
    this.#pool = new Pool(new URL(endpoint).origin, { connections: 256, headersTimeout: 0, bodyTimeout: 0 });
  }

  async call(operation: string, input: unknown, wording: Wording, scope?: Scope): Promise<unknown> {
    const response = await this.#send(operation, JSON.stringify(input), scope).catch((error: unknown) => {
      throw new TaskError(`${wording.prefix}.SdkClientException`, describeClientError(error));
    });
    const answer = parse(response.body);
    if (response.status === 200 && answer !== undefined) return answer;
    throw serviceError(response, answer, wording);
  }

  close(): void {
    void this.#pool.destroy();
  }

  /** By callbacks: `pool.request` makes a stream of each answer, and of each answer only the text is wanted. */
  #send(operation: string, body: string, scope: Scope | undefined): Promise<Response> {
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      let status = 0;
      let requestId: string | undefined;
      const headers = [...HEADERS, 'x-amz-target', `DynamoDB_20120810.${operation}`];
      this.#pool.dispatch(
        { method: 'POST', path: '/', headers, body },
        {
          onRequestStart: (controller) => {
            if (scope?.reason) controller.abort(scope.reason);
            else scope?.onEnd((reason) => controller.abort(reason));
          },
          onResponseStart: (_, statusCode, answered) => {
            status = statusCode;
            requestId = answered['x-amzn-requestid']?.toString();
          },
          onResponseData: (_, chunk) => void chunks.push(chunk),
          onResponseEnd: () =>
            resolve({ status, requestId: requestId ?? randomUUID(), body: Buffer.concat(chunks).toString() }),
          onResponseError: (_, error) => reject(error),
        },
      );
    });
  }
}

interface Response {
  readonly status: number;
  readonly requestId: string;
  readonly body: string;
}

/** Local servers want a signature, and don't check it. */
const HEADERS = [
  'content-type',
  'application/x-amz-json-1.0',
  'x-amz-date',
  '20260101T000000Z',
  'authorization',
  'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host;x-amz-date;x-amz-target, Signature=local',
];

function parse(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function serviceError({ status, requestId }: Response, answer: unknown, wording: Wording): TaskError {
  const fields = (answer ?? {}) as { readonly __type?: string; readonly message?: string; readonly Message?: string };
  const type = (fields.__type ?? 'UnknownError').replace(/^.*#/, '');
  const message = fields.message ?? fields.Message ?? 'null';
  const name = Object.hasOwn(MODELED, type) ? MODELED[type] : undefined;
  return new TaskError(
    `${wording.prefix}.${name ?? wording.generic}`,
    wording.cause({ status, requestId, type, message }),
  );
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Connection refused',
  ECONNRESET: 'Connection reset',
  UND_ERR_SOCKET: 'Connection reset', // closed by the server
};

/**
 * What went wrong below the protocol, in the words of the SDK for Java. Only "Connection refused" proves that the request
 * was never sent.
 *
 * Source: https://github.com/testcontainers/testcontainers-java/issues/7451
 */
function describeClientError(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const reason = REASONS[code ?? ''] ?? code ?? message;
  return `Unable to execute HTTP request: ${reason} (SDK Attempt Count: 1)`;
}

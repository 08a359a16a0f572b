import { EventEmitter } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type EmbeddedStore, type EmbeddedStoreOptions, fileIn } from '../worker/embedded-store';
import { startLoopbackListener } from '../http/loopback-listener';
import { endCutChanges } from './cut-changes';

/** An error of DynamoDB's own, which it answers with status 400. */
export interface DynamoRefusal {
  /** Such as `com.amazonaws.dynamodb.v20120810#ThrottlingException`. */
  readonly type: string;
  readonly message: string;
  /** Beside these two. @default - none */
  readonly fields?: Readonly<Record<string, unknown>>;
}

export interface DynamoOptions extends EmbeddedStoreOptions {
  /**
   * Asked before a request is carried out; what it returns is answered instead. It throws for none.
   *
   * @param operation such as `UpdateItem`
   * @param body JSON
   * @default - all are carried out
   */
  readonly refuse?: (operation: string, body: string) => DynamoRefusal | undefined;
}

/**
 * The embedded DynamoDB: `dynalite`, in memory or in a folder of LevelDB. That hands each write to the operating system
 * before it is answered.
 *
 * The folder is released when the store's thread ends.
 *
 * @throws the listener's error, such as EADDRINUSE, or one naming the folder
 */
export async function startDynamo({ port = 0, dataDirectory, refuse }: DynamoOptions = {}): Promise<EmbeddedStore> {
  const folder = fileIn(dataDirectory, 'dynamo');
  if (folder !== undefined) await endCutChanges(folder);
  const { default: dynalite } = await import('dynalite'); // only here, so that importing this room doesn't load it
  const dynamo = dynalite({
    createTableMs: 0,
    deleteTableMs: 0,
    updateTableMs: 0,
    ...(folder !== undefined && { path: folder }),
  });
  // dynalite drops its data when its own server closes, so that one never listens.
  const server = createServer(
    { keepAliveTimeout: 0 }, // a client that sends while its idle connection is being closed can't tell the outcome
    (request, response) =>
      handRequestOn(request, response, refuse, (handed) => dynamo.emit('request', handed, response)),
  );
  const listener = await startLoopbackListener({ port, onConnection: (socket) => server.emit('connection', socket) });
  return { ...listener, close: () => listener.stop() };
}

/**
 * Hands a request on as an object of its own, with what dynalite reads of it, and takes what that throws: a client that
 * leaves in the middle of a body, or sends one that dynalite can't carry out, would else end the thread with all its data.
 */
function handRequestOn(
  request: IncomingMessage,
  response: ServerResponse,
  refuse: DynamoOptions['refuse'],
  onRequest: (handed: EventEmitter) => void,
): void {
  const { method, url, headers } = request;
  const handed = Object.assign(new EventEmitter(), { method, url, headers });
  const guarded = (step: () => void): void => {
    try {
      step();
    } catch (error) {
      console.error(`The embedded DynamoDB failed: ${error instanceof Error ? error.message : String(error)}`);
      fail(response);
    }
  };
  request.on('error', () => undefined); // the client is gone, and nothing was carried out
  if (refuse) {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      guarded(() => {
        const operation = String(headers['x-amz-target']).replace(/^.*\./, '');
        const refusal = refuse(operation, Buffer.concat(chunks).toString());
        if (refusal) return answerRefusal(response, refusal);
        onRequest(handed);
        for (const chunk of chunks) handed.emit('data', chunk);
        handed.emit('end');
      });
    });
    return;
  }
  guarded(() => onRequest(handed));
  request.on('data', (chunk: Buffer) => guarded(() => handed.emit('data', chunk)));
  request.on('end', () => guarded(() => handed.emit('end')));
}

function answerRefusal(response: ServerResponse, { type, message, fields }: DynamoRefusal): void {
  response.writeHead(400, { 'Content-Type': 'application/x-amz-json-1.0' });
  response.end(JSON.stringify({ __type: type, message, ...fields }));
}

/** As DynamoDB words a failure of its own. */
function fail(response: ServerResponse): void {
  if (response.headersSent) return void response.destroy();
  const type = 'com.amazonaws.dynamodb.v20120810#InternalServerError';
  response.writeHead(500, { 'Content-Type': 'application/x-amz-json-1.0' });
  response.end(JSON.stringify({ __type: type, message: 'The embedded DynamoDB failed; its log says why' }));
}

import { format } from 'node:util';
import { getHeapStatistics } from 'node:v8';
import type { ThreadProtocol } from '../worker/protocol';
import { serveThread, type ThreadOwner } from '../worker/serve-thread';
import type { FunctionConfiguration } from './function-configuration';
import { describeThrown, type FunctionError } from './function-error';
import { type Handler, type LambdaContext, loadHandler } from './handler';

// The entry of an environment's thread: it loads the handler once and runs it for one invocation after the other.

/** What the thread of an environment is asked for, one invocation at a time. */
export interface EnvironmentProtocol extends ThreadProtocol {
  readonly data: {
    readonly configuration: FunctionConfiguration;
    readonly codeDirectory: string;
    readonly logStream: string;
  };
  readonly ready: void;
  readonly request: {
    readonly requestId: string;
    /** The event, as JSON. */
    readonly payload: string;
    /** When the invocation ends at the latest, milliseconds since 1970. */
    readonly deadlineMs: number;
  };
  readonly answer: {
    /** JSON: what the handler returned, or the error that it threw. */
    readonly payload: string;
    readonly hasThrown?: true;
    readonly heapMb: number;
  };
  readonly note:
    | { readonly log: string }
    /** The error by which the thread is about to end itself. */
    | { readonly lastError: FunctionError; readonly heapMb: number };
}

type Owner = ThreadOwner<EnvironmentProtocol['note']>;
type Data = EnvironmentProtocol['data'];
type Invocation = EnvironmentProtocol['request'];
type Answer = EnvironmentProtocol['answer'];

let requestId = '';

/** The heap's size is asked for at most so often: that takes longer than a short invocation. */
const HEAP_EVERY_MS = 100;

let heap = { askedMs: -Infinity, mb: 0 };

function heapMb(): number {
  const nowMs = performance.now();
  if (nowMs - heap.askedMs < HEAP_EVERY_MS) return heap.mb;
  heap = { askedMs: nowMs, mb: Math.ceil(getHeapStatistics().total_heap_size / 2 ** 20) };
  return heap.mb;
}

/** Lines as the Node.js runtime writes them in the text format. */
function patchConsole(owner: Owner): void {
  const methods = { log: 'INFO', info: 'INFO', debug: 'DEBUG', warn: 'WARN', error: 'ERROR', trace: 'TRACE' } as const;
  for (const [method, level] of Object.entries(methods)) {
    console[method as keyof typeof methods] = (...values: unknown[]) =>
      owner.tell({ log: `${new Date().toISOString()}\t${requestId}\t${level}\t${format(...values)}\n` });
  }
}

/** Ends the environment by an error, with an exit code of the Node.js runtime. */
function endBy(owner: Owner, error: unknown, title: string, exitCode: number): never {
  const lastError = describeThrown(error);
  console.error(title, JSON.stringify(lastError));
  owner.tell({ lastError, heapMb: heapMb() });
  process.exit(exitCode);
}

function endOnUncaught(owner: Owner): void {
  process.on('uncaughtException', (error) => endBy(owner, error, 'Uncaught Exception', 129));
  process.on('unhandledRejection', (reason) => {
    const error = new Error(String(reason), { cause: reason });
    error.name = 'Runtime.UnhandledPromiseRejection';
    endBy(owner, error, 'Unhandled Promise Rejection', 128);
  });
}

function createContext({ configuration, logStream }: Data, { requestId, deadlineMs }: Invocation): LambdaContext {
  return {
    awsRequestId: requestId,
    functionName: configuration.name,
    functionVersion: '$LATEST',
    invokedFunctionArn: configuration.arn,
    memoryLimitInMB: String(configuration.memorySizeMb),
    logGroupName: configuration.logGroup,
    logStreamName: logStream,
    getRemainingTimeInMillis: () => deadlineMs - Date.now(),
  };
}

async function invoke(handler: Handler, payload: string, context: LambdaContext): Promise<Answer> {
  try {
    const result = stringify(await handler(JSON.parse(payload), context));
    return { payload: result, heapMb: heapMb() };
  } catch (error) {
    const description = JSON.stringify(describeThrown(error));
    console.error('Invoke Error', description);
    return { payload: description, hasThrown: true, heapMb: heapMb() };
  }
}

function stringify(result: unknown): string {
  try {
    return JSON.stringify(result) ?? 'null';
  } catch (cause) {
    const error = new Error('Unable to stringify response body', { cause });
    error.name = 'Runtime.JSONStringifyError';
    throw error;
  }
}

/**
 * Resolves after all that the thread's connections had received before. A store that has just gone is then seen as gone
 * by the handler's client, which would else write to a connection that nobody reads; on AWS, too, some time passes between
 * an environment's awakening and its handler. Sockets are closed in the loop's last phase, hence twice.
 */
function pendingEvents(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}

void serveThread<EnvironmentProtocol>(async (data, owner) => {
  patchConsole(owner);
  endOnUncaught(owner);
  const handler = await loadHandler(data.codeDirectory, data.configuration.handler).catch((error: unknown) =>
    endBy(owner, error, 'Uncaught Exception', 1),
  );
  return {
    ready: undefined,
    async handle(invocation, answer) {
      await pendingEvents();
      requestId = invocation.requestId;
      answer(await invoke(handler, invocation.payload, createContext(data, invocation)));
    },
  };
});

import { format } from 'node:util';
import { getHeapStatistics } from 'node:v8';
import { parentPort, workerData } from 'node:worker_threads';
import { describeThrown } from './function-error';
import { type Handler, type LambdaContext, loadHandler } from './handler';
import type { EnvironmentData, EnvironmentMessage, InvocationMessage } from './messages';

// The entry of an environment's thread: it loads the handler once and runs it for one invocation after the other.

if (!parentPort) throw new Error('An environment runs in a worker thread');
const port = parentPort;
const data = workerData as EnvironmentData;
let requestId = '';

const post = (message: EnvironmentMessage): void => port.postMessage(message);

const heapMb = (): number => Math.ceil(getHeapStatistics().total_heap_size / 2 ** 20);

/** Lines as the Node.js runtime writes them in the text format. */
function patchConsole(): void {
  const methods = { log: 'INFO', info: 'INFO', debug: 'DEBUG', warn: 'WARN', error: 'ERROR', trace: 'TRACE' } as const;
  for (const [method, level] of Object.entries(methods)) {
    console[method as keyof typeof methods] = (...values: unknown[]) =>
      post({
        type: 'log',
        message: `${new Date().toISOString()}\t${requestId}\t${level}\t${format(...values)}\n`,
      });
  }
}

/** Reports what nobody caught, and ends the environment with the exit code of the Node.js runtime. */
function endOnUncaught(): void {
  const end = (title: string, error: unknown, exitCode: number): void => {
    const payload = JSON.stringify(describeThrown(error));
    console.error(title, payload);
    post({ type: 'threw', payload, heapMb: heapMb(), isFatal: true });
    process.exit(exitCode);
  };
  process.on('uncaughtException', (error) => end('Uncaught Exception', error, 129));
  process.on('unhandledRejection', (reason) => {
    const error = new Error(String(reason), { cause: reason });
    error.name = 'Runtime.UnhandledPromiseRejection';
    end('Unhandled Promise Rejection', error, 128);
  });
}

function createContext({ requestId: awsRequestId, deadlineMs }: InvocationMessage): LambdaContext {
  return {
    awsRequestId,
    functionName: data.functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: data.functionArn,
    memoryLimitInMB: String(data.memorySizeMb),
    logGroupName: data.logGroup,
    logStreamName: data.logStream,
    getRemainingTimeInMillis: () => deadlineMs - Date.now(),
  };
}

async function invoke(handler: Handler, invocation: InvocationMessage): Promise<void> {
  requestId = invocation.requestId;
  try {
    const result = await handler(JSON.parse(invocation.payload), createContext(invocation));
    post({ type: 'returned', payload: stringify(result), heapMb: heapMb() });
  } catch (error) {
    const payload = JSON.stringify(describeThrown(error));
    console.error('Invoke Error', payload);
    post({ type: 'threw', payload, heapMb: heapMb(), isFatal: false });
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
 * Calls back after all that the thread's connections had received before. A store that has just gone is then seen as gone
 * by the handler's client, which would else write to a connection that nobody reads; on AWS, too, some time passes between
 * an environment's awakening and its handler. Sockets are closed in the loop's last phase, hence twice.
 */
function afterPendingEvents(callback: () => void): void {
  setImmediate(() => setImmediate(callback));
}

async function main(): Promise<void> {
  patchConsole();
  endOnUncaught();
  try {
    const handler = await loadHandler(data.codeDirectory, data.handler);
    port.on('message', (invocation: InvocationMessage) => afterPendingEvents(() => void invoke(handler, invocation)));
    post({ type: 'ready' });
  } catch (error) {
    const payload = JSON.stringify(describeThrown(error));
    console.error('Uncaught Exception', payload);
    post({ type: 'init-failed', payload });
    process.exit(1);
  }
}

void main();

import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** What Lambda hands to a handler beside the event. */
export interface LambdaContext {
  readonly awsRequestId: string;
  readonly functionName: string;
  readonly functionVersion: string;
  readonly invokedFunctionArn: string;
  readonly memoryLimitInMB: string;
  readonly logGroupName: string;
  readonly logStreamName: string;
  getRemainingTimeInMillis(): number;
}

export type Handler = (event: unknown, context: LambdaContext) => unknown;

/** The handler can't be used: what is wrong stands in `name`, as the Node.js runtime has it. */
class HandlerError extends Error {
  constructor(
    override readonly name: `Runtime.${string}`,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * Loads a function's handler.
 *
 * Source: https://github.com/aws/aws-lambda-nodejs-runtime-interface-client
 *
 * @param name file without its extension and export, such as `index.handler`
 * @throws HandlerError, or what the module throws while it loads
 */
export async function loadHandler(codeDirectory: string, name: string): Promise<Handler> {
  const dot = name.indexOf('.', name.lastIndexOf('/') + 1);
  const loaded = await loadModule(path.join(codeDirectory, name.slice(0, dot)));
  const exported = name
    .slice(dot + 1)
    .split('.')
    .reduce((value: unknown, key) => (value as Record<string, unknown> | null | undefined)?.[key], loaded);
  if (exported === undefined || exported === null) {
    throw new HandlerError('Runtime.HandlerNotFound', `${name} is undefined or not exported`);
  }
  if (typeof exported !== 'function') throw new HandlerError('Runtime.HandlerNotFound', `${name} is not a function`);
  if (exported.length >= 3) {
    throw new HandlerError(
      'Runtime.CallbackHandlerDeprecated',
      'Handlers with a callback are not supported since Node.js 24: make the handler an async function',
    );
  }
  return exported as Handler;
}

async function loadModule(pathWithoutExtension: string): Promise<unknown> {
  const file = ['.js', '.mjs', '.cjs'].map((extension) => pathWithoutExtension + extension).find(existsSync);
  if (file === undefined) {
    throw new HandlerError(
      'Runtime.ImportModuleError',
      `Error: Cannot find module '${path.basename(pathWithoutExtension)}'`,
    );
  }
  try {
    if (file.endsWith('.mjs')) return await import(pathToFileURL(file).href);
    return createRequire(file)(file) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) {
      throw new HandlerError('Runtime.UserCodeSyntaxError', String(error), { cause: error });
    }
    if (error instanceof Error && (error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') {
      throw new HandlerError('Runtime.ImportModuleError', String(error), { cause: error });
    }
    throw error;
  }
}

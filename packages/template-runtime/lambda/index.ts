import { randomUUID } from 'node:crypto';
import type { TemplateResource } from '../cloudformation/resource';
import type { Scope } from '../scope';
import { type Clock, systemClock } from '../clock';
import type { Logs } from '../cloudwatch/logs';
import type { InvocationResult } from './environment-thread';
import { readFunction } from './function-configuration';
import { FunctionPool } from './function-pool';
import type { Invocation } from './invocation';
import { LambdaServiceError } from './service-error';

export type { InvocationResult } from './environment-thread';
export { loadHandler } from './handler';
export { type InlineCode, inlineCode } from './inline-code';
export type { Invocation } from './invocation';
export { LambdaServiceError } from './service-error';

export interface LambdaOptions {
  /** Those of type `AWS::Lambda::Function` are served. */
  readonly resources: readonly TemplateResource[];
  /** The folder with a function's code. */
  codeDirectory(resource: TemplateResource): string;
  readonly region: string;
  readonly account: string;
  /** Variables of every function beside the template's and Lambda's own, such as `AWS_ENDPOINT_URL_SECRETS_MANAGER`. */
  readonly baseEnvironment: Readonly<Record<string, string>>;
  /** Gets what the functions print, and the runtime's own lines. */
  readonly logs: Pick<Logs, 'put' | 'putLater'>;
  /** Per function. @default 4 */
  readonly maxEnvironments?: number;
  /** How long a function's last idle environment is kept, those beside it for half a minute at most. @default - 2 minutes */
  readonly idleMs?: number;
  /** Of timeouts and idle environments. @default - the machine's */
  readonly clock?: Clock;
}

export interface Lambda {
  /**
   * Invokes a function and waits for its answer (`RequestResponse`).
   *
   * @param functionName name, ARN or partial ARN
   * @param payload the event, as JSON
   * @param scope ends the wait; an invocation that runs goes on, as on AWS
   * @param onAccepted called before the function runs, unless Lambda refuses the call
   * @throws LambdaServiceError `Lambda.ResourceNotFoundException`, `Lambda.TooManyRequestsException`, or the scope's reason
   */
  invoke(
    functionName: string,
    payload: string,
    scope?: Scope,
    onAccepted?: (invocation: Invocation) => void,
  ): Promise<InvocationResult>;
  /** Ends every environment. */
  close(): Promise<void>;
}

/**
 * Lambda: runs the code of the template's functions, each invocation in an environment of its own.
 *
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 *
 * @throws UnsupportedTemplateError
 */
export function startLambda(options: LambdaOptions): Lambda {
  const { resources, region, account, baseEnvironment, logs } = options;
  const { maxEnvironments = 4, idleMs = 2 * 60_000, clock = systemClock } = options;
  const pools = new Map<string, FunctionPool>();
  for (const resource of resources.filter(({ type }) => type === 'AWS::Lambda::Function')) {
    const configuration = readFunction(resource);
    pools.set(
      configuration.name,
      new FunctionPool({
        configuration,
        region,
        codeDirectory: options.codeDirectory(resource),
        baseEnvironment,
        maxEnvironments,
        idleMs,
        clock,
        logs,
      }),
    );
  }
  return {
    async invoke(functionName, payload, scope, onAccepted) {
      const name = shortName(functionName);
      const pool = pools.get(name);
      if (pool) return pool.invoke(payload, scope, onAccepted);
      const arn = `arn:aws:lambda:${region}:${account}:function:${name}`;
      throw new LambdaServiceError('Lambda.ResourceNotFoundException', `Function not found: ${arn}`, 404, randomUUID());
    },
    async close() {
      await Promise.all(Array.from(pools.values(), (pool) => pool.close()));
    },
  };
}

/**
 * The function's name in any of the forms that Lambda takes, without its version where that is `$LATEST`.
 *
 * Source: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html, "FunctionName"
 */
function shortName(functionName: string): string {
  return functionName.replace(/^(?:arn:[^:]+:lambda:[^:]+:)?(?:\d{12}:)?(?:function:)?/, '').replace(/:\$LATEST$/, '');
}

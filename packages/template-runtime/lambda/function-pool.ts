import { randomBytes, randomUUID } from 'node:crypto';
import type { Clock } from '../clock';
import type { Scope } from '../scope';
import { keptUuid } from '../uuid';
import type { Logs } from '../cloudwatch/logs';
import { EnvironmentThread, type InvocationResult } from './environment-thread';
import { environmentVariables } from './environment-variables';
import type { FunctionConfiguration } from './function-configuration';
import type { Invocation } from './invocation';
import { LambdaServiceError } from './service-error';

export interface FunctionPoolOptions {
  readonly configuration: FunctionConfiguration;
  readonly region: string;
  readonly codeDirectory: string;
  readonly baseEnvironment: Readonly<Record<string, string>>;
  readonly maxEnvironments: number;
  /** How long the last idle environment is kept without an invocation. */
  readonly idleMs: number;
  readonly clock: Clock;
  readonly logs: Pick<Logs, 'put' | 'putLater'>;
}

/** How many invocations an account may have under way. Source: …/lambda/latest/dg/gettingstarted-limits.html */
const ACCOUNT_CONCURRENCY = 1_000;

interface Waiting {
  readonly requestId: string;
  readonly payload: string;
  readonly settle: (result: InvocationResult) => void;
}

/** How long an environment is kept beside another that is idle too: a burst that is over shouldn't fill a laptop's memory. */
const SPARE_MS = 30_000;

interface Idle {
  readonly environment: EnvironmentThread;
  cancelEnd: () => void;
}

/**
 * The environments of one function. One that is warm is used again, the one used last first; there are at most
 * `maxEnvironments`, so that a laptop's memory suffices, and further invocations wait in the order of their arrival (AWS
 * would start more).
 */
export class FunctionPool {
  readonly #options: FunctionPoolOptions;
  readonly #environments = new Set<EnvironmentThread>();
  readonly #idle: Idle[] = [];
  readonly #waiting: Waiting[] = [];
  #starting = 0;
  #running = 0;
  #isClosed = false;

  constructor(options: FunctionPoolOptions) {
    this.#options = options;
  }

  /**
   * @param scope ends the wait; an invocation that runs goes on, as on AWS
   * @param onAccepted called before it runs, unless Lambda refuses it
   * @throws LambdaServiceError `Lambda.TooManyRequestsException`, or the scope's reason
   */
  async invoke(
    payload: string,
    scope?: Scope,
    onAccepted?: (invocation: Invocation) => void,
  ): Promise<InvocationResult> {
    if (scope?.reason) throw scope.reason;
    const requestId = keptUuid();
    const { reservedConcurrency = ACCOUNT_CONCURRENCY } = this.#options.configuration;
    if (this.#running + this.#waiting.length >= reservedConcurrency) {
      throw new LambdaServiceError('Lambda.TooManyRequestsException', 'Rate Exceeded.', 429, requestId);
    }
    if (this.#isClosed) {
      throw new LambdaServiceError('Lambda.ServiceException', 'The local runtime was closed', 500, requestId);
    }
    onAccepted?.({ requestId, logGroupName: this.#options.configuration.logGroup });
    return new Promise((resolve, reject) => {
      const leave = scope?.onEnd((reason) => {
        const index = this.#waiting.indexOf(waiting);
        if (index >= 0) this.#waiting.splice(index, 1);
        reject(reason);
      });
      const settle = (result: InvocationResult): void => {
        leave?.();
        resolve(result);
      };
      const waiting: Waiting = { requestId, payload, settle };
      this.#waiting.push(waiting);
      this.#dispatch();
    });
  }

  /** Ends every environment. What runs or waits gets the error of an environment that was ended. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { cancelEnd } of this.#idle.splice(0)) cancelEnd();
    const payload = JSON.stringify({ errorType: 'Runtime.ExitError', errorMessage: 'The local runtime was closed' });
    for (const { settle } of this.#waiting.splice(0)) settle({ payload, functionError: 'Unhandled' });
    await Promise.all(Array.from(this.#environments, (environment) => environment.end()));
  }

  #dispatch(): void {
    while (this.#idle.length > 0 && this.#waiting.length > 0) {
      const idle = this.#idle.pop();
      const next = this.#waiting.shift();
      if (!idle || !next) return;
      idle.cancelEnd();
      void this.#run(idle.environment, next);
    }
    while (this.#starting < this.#waiting.length && this.#environments.size < this.#options.maxEnvironments) {
      void this.#start();
    }
  }

  async #run(environment: EnvironmentThread, { requestId, payload, settle }: Waiting): Promise<void> {
    this.#running += 1;
    const result = await environment.invoke(requestId, payload);
    this.#running -= 1;
    settle(result);
    this.#free(environment);
  }

  async #start(): Promise<void> {
    const { configuration, region, codeDirectory, baseEnvironment, clock, logs } = this.#options;
    const logStream = `${new Date().toISOString().slice(0, 10).replaceAll('-', '/')}/[$LATEST]${randomBytes(16).toString('hex')}`;
    const environment = new EnvironmentThread({
      data: { configuration, codeDirectory, logStream },
      variables: environmentVariables({ configuration, region, codeDirectory, logStream, base: baseEnvironment }),
      requestId: this.#waiting[this.#starting]?.requestId ?? randomUUID(),
      clock,
      writeLog: (message) => logs.put(configuration.logGroup, logStream, message),
      writeLine: (lines, line) => logs.putLater(configuration.logGroup, logStream, lines, line),
      onEnded: () => this.#forget(environment),
    });
    this.#environments.add(environment);
    this.#starting += 1;
    const error = await environment.initialized;
    this.#starting -= 1;
    if (error === undefined) this.#free(environment);
    else this.#waiting.shift()?.settle({ payload: error, functionError: 'Unhandled' });
  }

  #free(environment: EnvironmentThread): void {
    if (this.#isClosed || !this.#environments.has(environment)) return;
    const { idleMs, clock } = this.#options;
    const end = (): void => {
      this.#forget(environment);
      void environment.end();
    };
    const restMs = Math.max(0, idleMs - SPARE_MS);
    const idle: Idle = {
      environment,
      cancelEnd: clock.after(idleMs - restMs, () => {
        if (restMs === 0 || this.#idle.length > 1) end();
        else idle.cancelEnd = clock.after(restMs, end);
      }),
    };
    this.#idle.push(idle);
    this.#dispatch();
  }

  #forget(environment: EnvironmentThread): void {
    this.#environments.delete(environment);
    const index = this.#idle.findIndex((idle) => idle.environment === environment);
    if (index >= 0) this.#idle.splice(index, 1)[0]?.cancelEnd();
    if (!this.#isClosed) this.#dispatch();
  }
}

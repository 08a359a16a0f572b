import { randomUUID } from 'node:crypto';
import { systemClock } from './clock';
import type { Clock } from './clock';
import { compileDefinition } from './definition';
import type { Definition } from './definition';
import { InvalidDefinitionError, ServiceError } from './errors';
import { Execution, executionArn } from './execution';
import type { StateMachine } from './execution';
import { ExecutionStore } from './execution-store';
import type { StoreLimits } from './execution-store';
import { isLogged, logPrinter } from './execution-log';
import type { Logging } from './execution-log';
import { ExpressionThreads } from './expression-threads';
import type { HistoryEvent } from './history';
import type { Integration } from './integrations/integration';
import { nestedExecutions } from './integrations/step-functions';
import { MAX_PAYLOAD_BYTES, Payload } from './payload';
import { Turn } from './turn';

/** A state machine to be served. */
export interface StateMachineDefinition {
  readonly arn: string;
  readonly name: string;
  readonly type: 'EXPRESS' | 'STANDARD';
  /** The definition's JSON text, in the Amazon States Language with JSONata. */
  readonly definition: string;
  readonly roleArn?: string;
  /** @default - no log */
  readonly logging?: Logging;
}

export interface StepFunctionsOptions {
  readonly region: string;
  readonly account: string;
  readonly stateMachines: readonly StateMachineDefinition[];
  /** What Task states may call, by exact `Resource` or by a prefix that ends in a colon; nested executions come by themselves. */
  readonly integrations: Readonly<Record<string, Integration>>;
  /** Gets the log events of executions, as AWS writes them to CloudWatch Logs. */
  readonly writeLog?: (logGroupName: string, message: string) => void;
  /** @default - the system's */
  readonly clock?: Clock;
  /** From 0 up to 1, for jitter. @default - Math.random */
  readonly random?: () => number;
  /** How long the evaluation of one expression may take. @default - 5 seconds */
  readonly expressionTimeMs?: number;
  /** @default - 10,000 executions, 64 MiB */
  readonly keep?: Partial<StoreLimits>;
}

const KEEP: StoreLimits = { executions: 10_000, bytes: 64 * 2 ** 20 };

/** A state machine as it is served. */
export interface ServedStateMachine extends StateMachine {
  readonly source: StateMachineDefinition;
  readonly createdMs: number;
}

export interface StartRequest {
  readonly stateMachineArn: string;
  /** JSON text. @default - an empty object */
  readonly input?: string | undefined;
  /** @default - a random one */
  readonly name?: string | undefined;
}

/** The state machines and their executions, behind the API. */
export class StepFunctionsService {
  readonly #options: StepFunctionsOptions;
  readonly #machines = new Map<string, ServedStateMachine>();
  readonly #threads: ExpressionThreads;
  readonly #store: ExecutionStore;
  readonly #integrations: Readonly<Record<string, Integration>>;
  readonly #context;
  readonly clock: Clock;

  /** @throws InvalidDefinitionError where a definition can't be executed here */
  constructor(options: StepFunctionsOptions) {
    this.#options = options;
    this.clock = options.clock ?? systemClock;
    this.#threads = new ExpressionThreads(options.expressionTimeMs);
    this.#store = new ExecutionStore({ ...KEEP, ...options.keep });
    this.#integrations = { ...nestedExecutions(this), ...options.integrations };
    this.#context = {
      turn: new Turn(),
      random: options.random ?? Math.random,
      region: options.region,
    };
    for (const source of options.stateMachines) this.#machines.set(source.arn, this.#serve(source));
  }

  /** In the order in which they were given. */
  get stateMachines(): readonly ServedStateMachine[] {
    return Array.from(this.#machines.values());
  }

  /** All executions that can be inspected, the latest first. */
  executions(): Execution[] {
    return this.#store.all();
  }

  execution(arn: string): Execution | undefined {
    return this.#store.get(arn);
  }

  /** @throws ServiceError StateMachineDoesNotExist */
  stateMachine(arn: string): ServedStateMachine {
    const machine = this.#machines.get(arn);
    if (!machine) throw new ServiceError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
    return machine;
  }

  /**
   * Starts an execution. A Standard execution of the same name and input that still runs is given back instead.
   *
   * Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
   *
   * @param isSync whether the caller waits for the end: Express machines only
   * @throws ServiceError
   */
  start({ stateMachineArn, input = '{}', name = randomUUID() }: StartRequest, isSync: boolean): Execution {
    const machine = this.stateMachine(stateMachineArn);
    if (isSync && machine.type !== 'EXPRESS') {
      throw new ServiceError(
        'StateMachineTypeNotSupported',
        'This operation is not supported by this type of state machine',
      );
    }
    const payload = parseInput(input);
    checkName(name);
    const arn = executionArn(machine, name);
    const sameName = this.#store.get(arn);
    if (sameName) {
      if (sameName.status === 'RUNNING' && sameName.input.text === input) return sameName;
      throw new ServiceError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
    }
    const execution = new Execution({
      machine,
      arn,
      name,
      input: payload,
      isSync,
      clock: this.clock,
      context: this.#context,
      onEvent: this.#logger(machine, arn),
    });
    this.#store.add(execution);
    return execution;
  }

  logGroupArn(name: string): string {
    const { region, account } = this.#options;
    return `arn:aws:logs:${region}:${account}:log-group:${name}`;
  }

  /** Stops what runs, and waits until it has ended. */
  async close(): Promise<void> {
    const running = this.#store.all().filter(({ status }) => status === 'RUNNING');
    for (const execution of running) execution.stop(undefined, 'The local runtime was closed.');
    await Promise.all(running.map(({ ended }) => ended));
    await this.#threads.close();
  }

  #serve(source: StateMachineDefinition): ServedStateMachine {
    const definition = this.#compile(source);
    const { arn, name, type, roleArn = `arn:aws:iam::${this.#options.account}:role/${source.name}` } = source;
    return { arn, name, type, roleArn, definition, source, createdMs: this.clock.now() };
  }

  #compile({ name, type, definition }: StateMachineDefinition): Definition {
    try {
      return compileDefinition(definition, {
        threads: this.#threads,
        type,
        integration: (resource) => this.#integration(resource),
      });
    } catch (error) {
      if (!(error instanceof InvalidDefinitionError)) throw error;
      throw new InvalidDefinitionError(error.code, error.problem, error.location, name);
    }
  }

  #integration(resource: string): Integration | undefined {
    if (Object.hasOwn(this.#integrations, resource)) return this.#integrations[resource];
    return Object.entries(this.#integrations).find(([key]) => key.endsWith(':') && resource.startsWith(key))?.[1];
  }

  #logger({ source: { logging } }: ServedStateMachine, arn: string): (event: HistoryEvent) => void {
    const { writeLog } = this.#options;
    if (!logging || !writeLog) return () => undefined;
    const { level, includeExecutionData, logGroupName } = logging;
    const print = logPrinter(arn, includeExecutionData);
    return (event) => {
      if (isLogged(event.type, level)) writeLog(logGroupName, print(event));
    };
  }
}

function parseInput(text: string): Payload {
  try {
    const payload = new Payload(JSON.parse(text), text);
    if (!payload.isTooLarge) return payload;
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new ServiceError('InvalidExecutionInput', `Invalid State Machine Execution Input: '${problem}'`);
  }
  const problem = `Value at 'input' failed to satisfy constraint: Member must have length less than or equal to ${MAX_PAYLOAD_BYTES}`;
  throw new ServiceError('ValidationException', `1 validation error detected: ${problem}`);
}

/** Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html, "name" */
function checkName(name: string): void {
  if (name.length < 1 || name.length > 80) {
    const constraint = name === '' ? 'greater than or equal to 1' : 'less than or equal to 80';
    throw new ServiceError(
      'ValidationException',
      `1 validation error detected: Value '${name}' at 'name' failed to satisfy constraint: Member must have length ${constraint}`,
    );
  }
  if (/[\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]/u.test(name))
    throw new ServiceError('InvalidName', `Invalid Name: '${name}'`);
}

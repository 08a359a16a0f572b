import path from 'node:path';
import { checkName } from './api/names';
import { systemClock } from '../clock';
import { keptUuid } from '../uuid';
import type { Clock } from '../clock';
import { compileDefinition } from './definition/definition';
import type { Definition, DefinitionOptions } from './definition/definition';
import { InvalidDefinitionError, ServiceError } from './errors';
import type { DefinitionProblem } from './errors';
import { executionArn, RunningExecution } from './execution/execution';
import type { Execution } from './execution/execution';
import { ExecutionFile } from './execution/file';
import { ExecutionStore } from './execution/store';
import type { ExecutionListener, StoreLimits } from './execution/store';
import { ExecutionLog, isLogged } from './execution/log';
import { KeptExecution } from './execution/kept-execution';
import { ExpressionThreads } from './expressions/threads';
import type { History } from './execution/history';
import type { Integration } from './integrations/integration';
import { nestedExecutions } from './integrations/step-functions';
import { parseJson } from './definition/json-text';
import { MAX_PAYLOAD_BYTES, Payload } from './execution/payload';
import type { StartRequest } from './start-request';
import { StateMachines } from './state-machines';
import type { ServedStateMachine, StateMachineDefinition } from './state-machines';
import { testState } from './test-state/test-state';
import type { TestStateOutput, TestStateRequest } from './test-state/test-state';
import { Turn } from './execution/turn';

export interface StepFunctionsOptions {
  readonly region: string;
  readonly account: string;
  readonly stateMachines: readonly StateMachineDefinition[];
  /** What Task states may call, by exact `Resource` or by a prefix that ends in a colon; nested executions come by themselves. */
  readonly integrations: Readonly<Record<string, Integration>>;
  /**
   * Gets the log events of executions, as AWS writes them to CloudWatch Logs.
   *
   * @param number by which `log` prints the event
   * @param type the event's
   */
  readonly writeLog?: (logGroupName: string, log: ExecutionLog, number: number, type: string) => void;
  /** @default - the system's */
  readonly clock?: Clock;
  /** From 0 up to 1, for jitter. @default - Math.random */
  readonly random?: () => number;
  /** How long the evaluation of one expression may take. @default - 5 seconds */
  readonly expressionTimeMs?: number;
  /** @default - 10,000 executions, 64 MiB */
  readonly keep?: Partial<StoreLimits>;
  /** A folder where executions are kept for the next start. @default - none: they are gone at the end */
  readonly dataDirectory?: string;
}

const KEEP: StoreLimits = { executions: 10_000, bytes: 64 * 2 ** 20 };

/** The state machines and their executions, behind the API. */
export class StepFunctionsService {
  readonly #options: StepFunctionsOptions;
  readonly machines: StateMachines;
  readonly #threads: ExpressionThreads;
  readonly #store: ExecutionStore;
  readonly #file: ExecutionFile | undefined;
  readonly #integrations: Readonly<Record<string, Integration>>;
  readonly #context;
  readonly clock: Clock;

  /** @throws InvalidDefinitionError where a definition can't be executed here */
  constructor(options: StepFunctionsOptions) {
    this.#options = options;
    this.clock = options.clock ?? systemClock;
    this.#threads = new ExpressionThreads(options.expressionTimeMs);
    const limits = { ...KEEP, ...options.keep };
    this.#store = new ExecutionStore(limits);
    if (options.dataDirectory !== undefined) {
      const folder = path.join(options.dataDirectory, 'step-functions');
      this.#file = new ExecutionFile(folder, limits.bytes, (execution) => {
        this.#store.add(execution);
        this.#store.keep(execution, execution);
      });
    }
    this.#integrations = { ...nestedExecutions(this), ...options.integrations };
    this.#context = {
      turn: new Turn(),
      random: options.random ?? Math.random,
      region: options.region,
    };
    this.machines = new StateMachines({
      compile: (source) => this.#compile(source),
      now: () => this.clock.now(),
      roleArn: (name) => `arn:aws:iam::${options.account}:role/${name}`,
    });
    for (const source of options.stateMachines) this.machines.add(source);
  }

  /** All executions that can be inspected, the latest first. */
  executions(): Execution[] {
    return this.#store.all();
  }

  watch(listener: ExecutionListener): () => void {
    return this.#store.watch(listener);
  }

  execution(arn: string): Execution | undefined {
    return this.#store.get(arn);
  }

  /**
   * Starts an execution. A Standard execution of the same name and input that still runs is given back instead.
   *
   * Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
   *
   * @param isSync whether the caller waits for the end: Express machines only
   * @throws ServiceError
   */
  start({ stateMachineArn, input = '{}', name = keptUuid() }: StartRequest, isSync: boolean): Execution {
    const machine = this.machines.usable(stateMachineArn);
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
    const execution = new RunningExecution({
      machine,
      arn,
      name,
      input: payload,
      isSync,
      clock: this.clock,
      context: this.#context,
      onEvent: this.#logger(machine, arn),
      onEnd: (ended) => this.#keep(ended),
    });
    this.#file?.started(execution);
    this.#store.add(execution);
    return execution;
  }

  /**
   * Deletes a state machine; its executions end at their next state transition.
   *
   * Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_DeleteStateMachine.html
   */
  deleteStateMachine(arn: string): void {
    const running = this.#running().filter(({ machine }) => machine.arn === arn);
    for (const execution of running) execution.stopAtTransition();
    this.machines.delete(arn, running.length > 0 ? Promise.all(running.map(({ ended }) => ended)) : undefined);
  }

  /** Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_TestState.html @throws ServiceError */
  testState(request: TestStateRequest): Promise<TestStateOutput> {
    const { region, account } = this.#options;
    return testState(request, {
      ...this.#context,
      account,
      clock: this.clock,
      region,
      threads: this.#threads,
      integration: (resource) => this.#integration(resource),
    });
  }

  /** What is wrong with a definition, in AWS's order; empty where nothing is. */
  problemsOf(definition: string, type: StateMachineDefinition['type']): readonly DefinitionProblem[] {
    try {
      compileDefinition(definition, this.#definitionOptions(type));
      return [];
    } catch (error) {
      if (!(error instanceof InvalidDefinitionError)) throw error;
      return error.problems;
    }
  }

  stateMachineArn(name: string): string {
    const { region, account } = this.#options;
    return `arn:aws:states:${region}:${account}:stateMachine:${name}`;
  }

  logGroupArn(name: string): string {
    const { region, account } = this.#options;
    return `arn:aws:logs:${region}:${account}:log-group:${name}`;
  }

  /** Stops what runs, and waits until it has ended. */
  async close(): Promise<void> {
    const running = this.#running();
    for (const execution of running) execution.stop(undefined, 'The local runtime was closed.');
    await Promise.all(running.map(({ ended }) => ended));
    this.#file?.close();
    await this.#threads.close();
  }

  /** Puts what is kept of an execution in its place. */
  #keep(execution: RunningExecution): void {
    this.#file?.ended(execution);
    this.#store.keep(execution, new KeptExecution(execution));
  }

  #running(): Execution[] {
    return this.#store.all().filter(({ status }) => status === 'RUNNING');
  }

  #compile({ name, type, definition }: StateMachineDefinition): Definition {
    try {
      return compileDefinition(definition, this.#definitionOptions(type));
    } catch (error) {
      if (!(error instanceof InvalidDefinitionError)) throw error;
      throw new InvalidDefinitionError(error.problems, name);
    }
  }

  #definitionOptions(type: StateMachineDefinition['type']): DefinitionOptions {
    return { threads: this.#threads, type, integration: (resource) => this.#integration(resource) };
  }

  #integration(resource: string): Integration | undefined {
    if (Object.hasOwn(this.#integrations, resource)) return this.#integrations[resource];
    return Object.entries(this.#integrations).find(([key]) => key.endsWith(':') && resource.startsWith(key))?.[1];
  }

  #logger(
    { source: { logging } }: ServedStateMachine,
    arn: string,
  ): (eventId: number, type: string, history: History) => void {
    const { writeLog } = this.#options;
    if (!logging || !writeLog) return () => undefined;
    const { level, includeExecutionData, logGroupName } = logging;
    let log: ExecutionLog | undefined;
    return (eventId, type, history) => {
      if (!isLogged(type, level)) return;
      log ??= new ExecutionLog(history, arn, includeExecutionData);
      writeLog(logGroupName, log, eventId, type);
    };
  }
}

function parseInput(text: string): Payload {
  const { value, problem } = text === '' ? INVALID_INPUT : parseJson(text);
  if (problem !== undefined) {
    const message = `Invalid State Machine Execution Input: '${problem.message}'`;
    throw new ServiceError('InvalidExecutionInput', message);
  }
  const payload = new Payload(value, text);
  if (!payload.isTooLarge) return payload;
  const rule = `Member must have length less than or equal to ${MAX_PAYLOAD_BYTES}`;
  throw new ServiceError(
    'ValidationException',
    `1 validation error detected: Value at 'input' failed to satisfy constraint: ${rule}`,
  );
}

/** Recorded on AWS for an empty text. */
const INVALID_INPUT = { value: undefined, problem: { message: 'Invalid execution input.' } };

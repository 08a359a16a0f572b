import { randomUUID } from 'node:crypto';
import { describeProblem, InvalidDefinitionError, ServiceError } from './errors';
import type { Definition } from './definition/definition';
import type { Logging } from './execution/log';

/** A state machine to be served. */
export interface StateMachineDefinition {
  readonly arn: string;
  readonly name: string;
  readonly type: 'EXPRESS' | 'STANDARD';
  /** The definition's JSON text, in the Amazon States Language with JSONata. */
  readonly definition: string;
  readonly roleArn?: string;
  /** @default - no log */
  readonly logging?: Logging | undefined;
}

/** A state machine as it was at one time: an update makes a new one, and executions keep the one that they started with. */
export interface StateMachine {
  readonly arn: string;
  readonly name: string;
  readonly type: 'EXPRESS' | 'STANDARD';
  readonly roleArn: string;
  readonly source: StateMachineDefinition;
  readonly createdMs: number;
  readonly updatedMs: number;
  /** Undefined until the first update, as on AWS. */
  readonly revisionId?: string;
}

/** A state machine that executions can be started of. */
export interface ServedStateMachine extends StateMachine {
  readonly definition: Definition;
}

/** What UpdateStateMachine may change. */
export type StateMachineChanges = Partial<Pick<StateMachineDefinition, 'definition' | 'roleArn' | 'logging'>>;

export interface StateMachinesOptions {
  /** @throws InvalidDefinitionError */
  compile(source: StateMachineDefinition): Definition;
  now(): number;
  /** The role of machines that name none. */
  roleArn(name: string): string;
}

/** The state machines that are served, by ARN. */
export class StateMachines {
  readonly #machines = new Map<string, ServedStateMachine>();
  /** Machines that were deleted while executions of them ran. */
  readonly #deleting = new Map<string, ServedStateMachine>();

  constructor(private readonly options: StateMachinesOptions) {}

  /** In the order in which they were made. */
  get all(): readonly ServedStateMachine[] {
    return [...this.#machines.values(), ...this.#deleting.values()];
  }

  /** @throws ServiceError StateMachineDoesNotExist */
  get(arn: string): ServedStateMachine {
    const machine = this.#machines.get(arn) ?? this.#deleting.get(arn);
    if (!machine) throw new ServiceError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
    return machine;
  }

  /** Whether it only waits for the end of its executions. */
  isDeleting(arn: string): boolean {
    return this.#deleting.has(arn);
  }

  /** @throws ServiceError StateMachineDeleting, StateMachineDoesNotExist */
  usable(arn: string): ServedStateMachine {
    const machine = this.get(arn);
    if (this.#deleting.has(arn)) {
      throw new ServiceError('StateMachineDeleting', `State Machine Deleting: '${arn}'`);
    }
    return machine;
  }

  /** Serves a machine. @throws InvalidDefinitionError naming the machine */
  add(source: StateMachineDefinition): ServedStateMachine {
    const now = this.options.now();
    return this.#serve(source, { createdMs: now, updatedMs: now });
  }

  /**
   * Creates a machine, or gives the one that is there already if it is the same but for its role.
   *
   * Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html
   *
   * @throws ServiceError InvalidDefinition, StateMachineAlreadyExists, StateMachineDeleting
   */
  create(source: StateMachineDefinition): ServedStateMachine {
    if (this.#machines.has(source.arn) || this.#deleting.has(source.arn)) {
      const machine = this.usable(source.arn);
      if (isSame(machine.source, source)) return machine;
      throw new ServiceError('StateMachineAlreadyExists', `State Machine Already Exists: '${source.arn}'`);
    }
    return refusingDefinition(() => this.add(source));
  }

  /** @throws ServiceError InvalidDefinition, StateMachineDeleting, StateMachineDoesNotExist */
  update(arn: string, changes: StateMachineChanges): ServedStateMachine {
    const { source, createdMs } = this.usable(arn);
    const updatedMs = this.options.now();
    return refusingDefinition(() =>
      this.#serve({ ...source, ...changes }, { createdMs, updatedMs, revisionId: randomUUID() }),
    );
  }

  /**
   * Deletes a machine once `ended` is fulfilled; deleting what isn't there is no error (recorded on AWS).
   *
   * @param ended fulfilled when no execution of it runs; undefined where none does
   */
  delete(arn: string, ended: Promise<unknown> | undefined): void {
    const machine = this.#machines.get(arn);
    if (!machine) return;
    this.#machines.delete(arn);
    if (!ended) return;
    this.#deleting.set(arn, machine);
    void ended.then(() => this.#deleting.delete(arn));
  }

  #serve(
    source: StateMachineDefinition,
    dates: Pick<ServedStateMachine, 'createdMs' | 'updatedMs' | 'revisionId'>,
  ): ServedStateMachine {
    const { arn, name, type, roleArn = this.options.roleArn(name) } = source;
    const machine = { arn, name, type, roleArn, definition: this.options.compile(source), source, ...dates };
    this.#machines.set(arn, machine);
    return machine;
  }
}

function isSame(a: StateMachineDefinition, b: StateMachineDefinition): boolean {
  const logging = ({ logging: { level, includeExecutionData, logGroupName } = OFF }: StateMachineDefinition): string =>
    JSON.stringify([level, includeExecutionData, logGroupName]);
  return a.definition === b.definition && a.type === b.type && logging(a) === logging(b);
}

const OFF: Logging = { level: 'OFF', includeExecutionData: false, logGroupName: '' };

/** Turns what is wrong with a definition into the API's error. */
export function refusingDefinition<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof InvalidDefinitionError)) throw error;
    const problems = error.problems.map(describeProblem).join(', ');
    throw new ServiceError('InvalidDefinition', `Invalid State Machine Definition: '${problems}'`);
  }
}

import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock';
import { StateError } from '../errors';
import { Frame, NO_VARIABLES, ScopeEnded } from './frame';
import type { ExecutionContext, TracedInvocation } from './frame';
import { errorDetails, History, NOT_TRUNCATED, outputDetails } from './history';
import type { HistoryEvent } from './history';
import { runGraph } from './interpreter';
import { isoTime } from './iso-time';
import type { Payload } from './payload';
import { Scope } from '../../scope';
import type { ServedStateMachine, StateMachine } from '../state-machines';

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

/** An input or an output. */
export type ExecutionPayload = Pick<Payload, 'text' | 'value'>;

/** An execution that can be inspected: one that runs, or one that has ended. */
export interface Execution {
  readonly arn: string;
  readonly name: string;
  /** As it was when the execution started. */
  readonly machine: StateMachine;
  readonly input: ExecutionPayload;
  readonly history: { readonly events: readonly HistoryEvent[] };
  /** The functions that it invoked; empty for an execution of an earlier process. */
  readonly invocations: readonly TracedInvocation[];
  readonly startMs: number;
  readonly status: ExecutionStatus;
  /** Milliseconds since the epoch; undefined while it runs. */
  readonly stopMs: number | undefined;
  readonly output: ExecutionPayload | undefined;
  readonly error: string | undefined;
  readonly cause: string | undefined;
  /** Fulfilled with the execution itself once it has ended, however it did. */
  readonly ended: Promise<Execution>;
  /** Ends it at once, whatever it waits for; does nothing after its end. */
  stop(error?: string, cause?: string): void;
  /** Ends it when it would enter its next state. */
  stopAtTransition(): void;
}

/** An Express execution lasts five minutes at most: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
const LONGEST_EXPRESS_SECONDS = 300;

/** How an execution has ended. */
interface End {
  readonly status: Exclude<ExecutionStatus, 'RUNNING'>;
  readonly eventType: string;
  readonly output?: Payload;
  readonly error?: StateError;
}

/** An execution was ended from outside: stopped, or out of time. */
class Ended extends ScopeEnded {
  constructor(readonly end: End) {
    super(end.status);
  }
}

/** One for all: making an error is dear. Nothing waits for it any more. */
const EXECUTION_ENDED = new ScopeEnded('the execution has ended');

export interface ExecutionOptions {
  readonly machine: ServedStateMachine;
  readonly arn: string;
  readonly name: string;
  readonly input: Payload;
  /** Whether the caller waits for it: its context object then has no `RedriveCount` (recorded on AWS). */
  readonly isSync: boolean;
  readonly clock: Clock;
  readonly context: Pick<ExecutionContext, 'turn' | 'random' | 'region'>;
  /** Hears of each event at once. */
  readonly onEvent: (eventId: number, type: string, history: History) => void;
  /** Called at the end, before anybody else learns of it. */
  readonly onEnd?: (execution: RunningExecution) => void;
}

/** One execution of a state machine: it runs from its construction on. */
export class RunningExecution implements Execution {
  readonly arn: string;
  readonly name: string;
  readonly machine: ServedStateMachine;
  readonly input: Payload;
  readonly history: History;
  readonly invocations: TracedInvocation[] = [];
  readonly startMs: number;
  readonly ended: Promise<this>;
  readonly #onEnd: (execution: RunningExecution) => void;
  readonly #clock: Clock;
  readonly #scope = new Scope();
  #stopping = false;
  #stopMs: number | undefined;
  #end: End | undefined;

  constructor(options: ExecutionOptions) {
    const { machine, clock, input } = options;
    this.arn = options.arn;
    this.name = options.name;
    this.machine = machine;
    this.input = input;
    this.#clock = clock;
    this.#onEnd = options.onEnd ?? (() => undefined);
    this.startMs = clock.now();
    this.history = new History(clock.now, options.onEvent);
    const context: ExecutionContext = {
      clock,
      history: this.history,
      invocations: this.invocations,
      transition: () => {
        if (this.#stopping) this.stop();
      },
      contextObject: this.#contextObject(options.isSync),
      ...options.context,
    };
    this.ended = this.#run(context);
  }

  get status(): ExecutionStatus {
    return this.#end?.status ?? 'RUNNING';
  }

  get stopMs(): number | undefined {
    return this.#stopMs;
  }

  get output(): Payload | undefined {
    return this.#end?.output;
  }

  get error(): string | undefined {
    return this.#end?.error?.error;
  }

  get cause(): string | undefined {
    return this.#end?.error?.cause;
  }

  stop(error?: string, cause?: string): void {
    this.#scope.end(
      new Ended({ status: 'ABORTED', eventType: 'ExecutionAborted', error: new StateError(error, cause) }),
    );
  }

  stopAtTransition(): void {
    this.#stopping = true;
  }

  #contextObject(isSync: boolean): Readonly<Record<string, unknown>> {
    const { machine } = this;
    return {
      Execution: {
        Id: this.arn,
        Input: this.input.value,
        StartTime: isoTime(this.startMs),
        Name: this.name,
        RoleArn: machine.roleArn,
        ...(!isSync && { RedriveCount: 0 }),
      },
      StateMachine: { Id: machine.arn, Name: machine.name },
    };
  }

  async #run(context: ExecutionContext): Promise<this> {
    const { definition, roleArn } = this.machine;
    this.history.add('ExecutionStarted', 0, { input: this.input.text, inputDetails: NOT_TRUNCATED, roleArn });
    // The first state's event names no previous one: the start isn't counted as such (recorded on AWS).
    const frame = new Frame(context, this.#scope, 0, NO_VARIABLES);
    const cancelTimeout = this.#limitTime();
    try {
      const output = await runGraph(definition, frame, this.input);
      this.#finish({ status: 'SUCCEEDED', eventType: 'ExecutionSucceeded', output }, frame.previous);
    } catch (error) {
      // Events from outside name no previous event (recorded for ExecutionAborted).
      if (error instanceof Ended) this.#finish(error.end, 0);
      else this.#finish({ status: 'FAILED', eventType: 'ExecutionFailed', error: asFailure(error) }, frame.previous);
    } finally {
      cancelTimeout?.();
    }
    return this;
  }

  #limitTime(): (() => void) | undefined {
    const { type, definition } = this.machine;
    const longest = type === 'EXPRESS' ? LONGEST_EXPRESS_SECONDS : Infinity;
    const seconds = Math.min(definition.timeoutSeconds ?? Infinity, longest);
    if (seconds === Infinity) return undefined;
    const end: End = { status: 'TIMED_OUT', eventType: 'ExecutionTimedOut' };
    return this.#clock.after(seconds * 1000, () => this.#scope.end(new Ended(end)));
  }

  #finish(end: End, previous: number): void {
    const { output, error } = end;
    this.#end = end;
    this.#stopMs = this.#clock.now();
    this.history.end(end.eventType, previous, output ? outputDetails(output) : error ? errorDetails(error) : {});
    this.#scope.end(EXECUTION_ENDED);
    this.#onEnd(this);
  }
}

/** Anything but a state's own error is a fault of this runtime: it ends the execution, and says what it is. */
function asFailure(error: unknown): StateError {
  if (error instanceof StateError) return error;
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new StateError('States.Runtime', `The local runtime failed: ${text}`);
}

/** The ARN of a new execution. */
export function executionArn(machine: Pick<StateMachine, 'arn' | 'type'>, name: string): string {
  // Joined, and not a template literal: V8 keeps those in their parts, ten times as large.
  return machine.type === 'EXPRESS'
    ? [machine.arn.replace(':stateMachine:', ':express:'), name, randomUUID()].join(':')
    : [machine.arn.replace(':stateMachine:', ':execution:'), name].join(':');
}

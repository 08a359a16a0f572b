import type { Clock } from '../../clock';
import type { FunctionInvocation } from '../integrations/integration';
import type { EventDetails, History } from './history';
import type { Probe } from './probe';
import type { Scope } from '../../scope';
import type { Turn } from './turn';

/** A Lambda invocation, with the event of the call that made it. */
export interface TracedInvocation extends FunctionInvocation {
  /** Id of the event that says that the call has started. */
  readonly eventId: number;
}

/** What all states of one execution share. */
export interface ExecutionContext {
  readonly history: History;
  /** Where the functions that are invoked are noted. @default - nowhere */
  readonly invocations?: TracedInvocation[];
  readonly clock: Clock;
  readonly turn: Turn;
  /** From 0 up to 1: for jitter. */
  readonly random: () => number;
  readonly region: string;
  /**
   * The parts of the context object that stay the same: `Execution` and `StateMachine`.
   *
   * Source: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html
   */
  readonly contextObject: Readonly<Record<string, unknown>>;
  /** Called before a state is entered. */
  readonly transition?: () => void;
  /** Where TestState runs a single state. */
  readonly probe?: Probe;
}

export type Variables = Readonly<Record<string, unknown>>;

/** What most executions have. */
export const NO_VARIABLES: Variables = {};

/**
 * Where an execution, one of its branches or one map iteration stands: its variables, the state it is in and the event
 * that the next one follows.
 *
 * A branch reads the variables outside it, and what it assigns stays inside.
 *
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
 */
export class Frame {
  /** The id that the next event names as its previous one. */
  previous: number;
  /**
   * The id that an `EvaluationFailed` event names: as recorded on AWS, entering the state doesn't count yet while its
   * first expressions are evaluated.
   */
  evaluationPrevious: number;
  /** The kind of state in progress that can be aborted, such as `Task`. */
  abortable: string | undefined;

  constructor(
    readonly execution: ExecutionContext,
    readonly scope: Scope,
    previous: number,
    public variables: Variables,
    /** `Map` of the context object, in an iteration. */
    readonly mapItem?: Readonly<Record<string, unknown>>,
  ) {
    this.previous = previous;
    this.evaluationPrevious = previous;
  }

  /**
   * Adds an event that follows the last one of this frame.
   *
   * @throws the reason why the frame's scope has ended: nothing more happens in it then
   */
  add(type: string, details?: EventDetails): number {
    if (this.scope.reason) throw this.scope.reason;
    const id = this.execution.history.add(type, this.previous, details);
    this.moveTo(id);
    return id;
  }

  /** Makes the next event follow `eventId`. */
  moveTo(eventId: number): void {
    this.previous = eventId;
    this.evaluationPrevious = eventId;
  }

  /** Adds the event of entering a state. */
  enter(type: string, details: EventDetails): number {
    const before = this.previous;
    const id = this.add(type, details);
    this.evaluationPrevious = before;
    return id;
  }

  /** A frame inside this one: a branch of a Parallel state or an iteration of a Map state. */
  child(scope: Scope, previous: number, mapItem = this.mapItem): Frame {
    return new Frame(this.execution, scope, previous, this.variables, mapItem);
  }

  /** Waits, but not longer than the frame lasts. */
  sleep(delayMs: number): Promise<void> {
    if (this.scope.reason) return Promise.reject(this.scope.reason);
    return new Promise((resolve, reject) => {
      const leave = this.scope.onEnd((reason) => {
        cancel();
        reject(reason);
      });
      const cancel = this.execution.clock.after(delayMs, () => {
        leave();
        resolve();
      });
    });
  }
}

/** Why a scope ended before its work was done; states pass it on, `Retry` and `Catch` don't see it. */
export class ScopeEnded extends Error {
  override readonly name = 'ScopeEnded';
}

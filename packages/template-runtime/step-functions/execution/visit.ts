import { QueryEvaluationError, StateError } from '../errors';
import { after } from './after';
import { type Frame, NO_VARIABLES } from './frame';
import { assignedDetails, errorDetails, inputDetails, outputDetails } from './history';
import { isoTime } from './iso-time';
import { dataLimitExceeded, Payload } from './payload';
import type { Bindings } from '../expressions/plain-expression';
import type { Template } from '../definition/payload-field';

/** What leads on from a state: `next` is undefined at an end. */
export interface Exit {
  readonly output: Payload;
  readonly next?: string | undefined;
  /** New values of variables; they hold from the next state on. */
  readonly assigned?: Readonly<Record<string, unknown>> | undefined;
  /** The error that a catcher led on from. */
  readonly caught?: StateError;
}

/** `Output` and `Assign`, as states, choice rules and catchers have them. */
export interface ResultTemplates {
  readonly output?: Template | undefined;
  readonly assign?: Template | undefined;
}

/** One stay of an execution in a state. */
export class Visit {
  readonly enteredEventId: number;
  readonly #enteredMs: number;
  #retryCount: number | undefined;
  #context: Readonly<Record<string, unknown>> | undefined;
  #bindings: Bindings | undefined;

  /** Enters the state: adds its event. */
  constructor(
    readonly frame: Frame,
    readonly type: string,
    readonly name: string,
    readonly input: Payload,
  ) {
    this.#enteredMs = frame.execution.clock.now();
    this.enteredEventId = frame.enter(enteredType(type), { name, ...inputDetails(input) });
  }

  /** Shows `State.RetryCount` in the context object, as Task, Parallel and Map states have it. */
  set retryCount(count: number) {
    this.#retryCount = count;
    this.#context = undefined;
    this.#bindings = undefined;
  }

  get context(): Readonly<Record<string, unknown>> {
    const mocked = this.frame.execution.probe?.context;
    if (mocked) return mocked;
    if (this.#context) return this.#context;
    const { Execution, StateMachine } = this.frame.execution.contextObject;
    return (this.#context = {
      Execution,
      StateMachine,
      State: {
        EnteredTime: isoTime(this.#enteredMs),
        Name: this.name,
        ...(this.#retryCount !== undefined && { RetryCount: this.#retryCount }),
      },
      ...(this.frame.mapItem && { Map: this.frame.mapItem }),
    });
  }

  /** @param more `result` or `errorOutput`, where the field may read it */
  bindings(more?: Readonly<Record<string, unknown>>): Bindings {
    if (more) return this.#bind(more);
    return (this.#bindings ??= this.#bind());
  }

  #bind(more?: Readonly<Record<string, unknown>>): Bindings {
    const states = { input: this.input.value, context: this.context, ...more };
    // No literal that begins with a spread: Node 20 makes a hidden class for each such object, which outlives many collections.
    return { states, ...this.frame.variables };
  }

  /**
   * Puts the state's name before what went wrong, in AWS's words; TestState tells the problem alone.
   *
   * Source: measured on AWS, https://github.com/floci-io/floci/pull/2689
   */
  describe(problem: string): string {
    if (this.frame.execution.probe) return problem;
    return `An error occurred while executing the state '${this.name}' (entered at the event id #${this.enteredEventId}). ${problem}`;
  }

  /**
   * Evaluates a field: at once where its expressions do, else it gives a promise.
   *
   * @throws StateError (or rejects with it) `States.QueryEvaluationError`, after adding the `EvaluationFailed` event
   */
  evaluate(template: Template, bindings: Bindings): unknown {
    const translated = (error: unknown): unknown =>
      error instanceof QueryEvaluationError ? this.evaluationFailed(error) : error;
    try {
      const value = template.evaluate(bindings);
      if (!(value instanceof Promise)) return value;
      return value.catch((error: unknown) => {
        throw translated(error);
      });
    } catch (error) {
      throw translated(error);
    }
  }

  /** @returns what to throw */
  evaluationFailed(
    { error, location, problem }: QueryEvaluationError,
    previous = this.frame.evaluationPrevious,
  ): StateError {
    const failure = new StateError(error, this.describe(problem));
    this.frame.moveTo(previous);
    this.frame.add('EvaluationFailed', {
      state: this.name,
      ...(location !== undefined && { location }),
      ...errorDetails(failure),
    });
    return failure;
  }

  /**
   * Evaluates `Output` and `Assign`: both see the variables as they were when the state began.
   *
   * @param fallback the output without an `Output`
   * @param next the state to go on with; undefined at an end
   */
  result(
    { output, assign }: ResultTemplates,
    fallback: Payload,
    bindings: Bindings,
    next?: string,
  ): Exit | Promise<Exit> {
    return after(assign && this.evaluate(assign, bindings), (assigned) =>
      after(output && this.evaluate(output, bindings), (value) => {
        const payload = output ? new Payload(value) : fallback;
        if (payload.isTooLarge) throw dataLimitExceeded(this.name);
        return { output: payload, assigned: assigned as Exit['assigned'], next };
      }),
    );
  }

  /** Leaves the state: adds its event and makes the assigned variables hold. */
  leave(exit: Exit): Exit {
    const { frame } = this;
    const { output, assigned } = exit;
    frame.add(exitedType(this.type), {
      name: this.name,
      ...outputDetails(output),
      ...(assigned && assignedDetails(printed(assigned, this.name))),
    });
    if (assigned) {
      frame.variables = frame.variables === NO_VARIABLES ? assigned : { ...frame.variables, ...assigned };
    }
    frame.abortable = undefined;
    return exit;
  }
}

/** Each variable as JSON; one may be as large as a payload. */
function printed(variables: Readonly<Record<string, unknown>>, stateName: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => {
      const payload = new Payload(value);
      if (payload.isTooLarge) throw dataLimitExceeded(stateName);
      return [name, payload.text];
    }),
  );
}

const ENTERED: Record<string, string> = {};
const EXITED: Record<string, string> = {};

/** The type of an event, such as `TaskStateEntered`: each is one text, however many events have it. */
const enteredType = (stateType: string): string => (ENTERED[stateType] ??= `${stateType}StateEntered`);
const exitedType = (stateType: string): string => (EXITED[stateType] ??= `${stateType}StateExited`);

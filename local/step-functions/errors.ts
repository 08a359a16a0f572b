/**
 * An error inside an execution: what a state reports, `Retry` and `Catch` match by name, and a failed execution ends with.
 *
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
export class StateError extends Error {
  /**
   * @param error the error name that ASL matches, such as `States.Timeout`
   * @param cause human-readable, or a function's error as a JSON string
   */
  constructor(
    readonly error?: string,
    override readonly cause?: string,
  ) {
    super(cause ?? '');
    this.name = error ?? 'StateError';
  }

  /** What `$states.errorOutput` shows: AWS writes an absent cause as an empty string (recorded for `States.Timeout`). */
  get errorOutput(): { Error: string; Cause: string } {
    return { Error: this.error ?? '', Cause: this.cause ?? '' };
  }
}

/** A task's failure as the called service named it: integrations throw it. */
export class TaskError extends StateError {
  constructor(
    override readonly error: string,
    override readonly cause: string,
  ) {
    super(error, cause);
  }
}

/** An expression could not be evaluated, or its value can't stand in its field. */
export class QueryEvaluationError extends StateError {
  /**
   * @param location the field in the state, such as `Output/result` or `Choices[0]/Condition`, if it is one
   * @param problem what is wrong, without the sentence that names the state
   */
  constructor(
    readonly location: string | undefined,
    readonly problem: string,
  ) {
    super('States.QueryEvaluationError', problem);
  }
}

/** The definition is not one that this runtime can execute: refused when the state machine is created. */
export class InvalidDefinitionError extends Error {
  override readonly name = 'InvalidDefinitionError';

  /**
   * @param location such as `/States/Wait a bit/Seconds`, where there is one
   * @param stateMachine its name, where it is known
   */
  constructor(
    readonly code: string,
    readonly problem: string,
    readonly location?: string,
    stateMachine?: string,
  ) {
    const text = `${code}: ${problem}${location === undefined ? '' : ` at ${location}`}`;
    super(stateMachine === undefined ? text : `State machine ${stateMachine}: ${text}`);
  }
}

/** An API call that the service refuses, by the error name of the API reference. */
export class ServiceError extends Error {
  constructor(
    override readonly name: string,
    message: string,
    readonly status = 400,
  ) {
    super(message);
  }
}

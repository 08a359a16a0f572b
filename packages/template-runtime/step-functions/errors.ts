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

/** One thing that is wrong in a definition, in AWS's words where they are known. */
export interface DefinitionProblem {
  /** Such as `SCHEMA_VALIDATION_FAILED`. */
  readonly code: string;
  readonly problem: string;
  /** Such as `/States/Wait a bit/Seconds`, where there is one. */
  readonly location?: string | undefined;
  /** What to write instead: shown at the start of the runtime, not by the API. */
  readonly hint?: string | undefined;
}

/** The definition is not one that this runtime can execute: refused when the state machine is created. */
export class InvalidDefinitionError extends Error {
  override readonly name = 'InvalidDefinitionError';
  /** All problems in one text, without the machine's name. */
  readonly reasons: string;

  /**
   * @param problems all that is wrong, at least one, in the order in which AWS tells
   * @param stateMachine its name, where it is known
   */
  constructor(
    readonly problems: readonly DefinitionProblem[],
    readonly stateMachine?: string,
  ) {
    const reasons = problems
      .map(({ hint, ...problem }) => describeProblem(problem) + (hint === undefined ? '' : ` (${hint})`))
      .join(', ');
    super(stateMachine === undefined ? reasons : `State machine ${stateMachine}: ${reasons}`);
    this.reasons = reasons;
  }
}

/** A problem as AWS prints it in an error; one without a location is "at null". */
export const describeProblem = ({ code, problem, location }: DefinitionProblem): string =>
  `${code}: ${problem} at ${location ?? 'null'}`;

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

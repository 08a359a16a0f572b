import type { StateError } from '../errors';

/** What TestState tells of a state besides its end, in the names of its `inspectionData`. */
export interface Inspection {
  afterArguments?: string;
  afterItemSelector?: string;
  result?: string;
  maxConcurrency?: number;
  toleratedFailureCount?: number;
  toleratedFailurePercentage?: number;
  errorDetails?: ErrorInspection;
}

export interface ErrorInspection {
  catchIndex?: number;
  retryIndex?: number;
  retryBackoffIntervalSeconds?: number;
}

/**
 * What TestState gives to the one state that it runs, and learns from it. Executions have none.
 *
 * Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_TestState.html
 */
export interface Probe {
  /**
   * Stands in for the branches of a Parallel state or the iterations of a Map state. (A Task state's mock is its integration.)
   *
   * @throws StateError the mocked error
   */
  readonly mock?: () => unknown;
  /** How many iterations of a Map state have failed, as the caller says. @default - it doesn't say */
  readonly failedIterations?: number;
  /** The context object. @default - one as an execution would have it */
  readonly context?: Readonly<Record<string, unknown>>;
  /** How often the retrier that applies has been used before. */
  readonly usedRetries: number;
  readonly inspection: Inspection;
}

/** In a test a state isn't tried again: TestState answers that it could be. */
export class Retriable extends Error {
  override readonly name = 'Retriable';

  constructor(override readonly cause: StateError) {
    super(cause.message);
  }
}

import type { Execution } from '../../step-functions';
import type { OutcomeKind } from '../shapes';

/** An execution with what the lists filter, sort and count by: read once when it starts, and once when it ends. */
export interface IndexedExecution {
  readonly execution: Execution;
  /** Ascends with the starts. */
  readonly sequence: number;
  readonly store: string | undefined;
  readonly counterId: string | undefined;
  readonly isIncrement: boolean;
  /** Of its input, until its output tells one. */
  readonly max: number | undefined;
  /** The rest is of its end. */
  readonly kind: OutcomeKind;
  readonly outcome: string | undefined;
  readonly durationMs: number | undefined;
  readonly counter: number | undefined;
  readonly remaining: number | undefined;
  readonly by: number | undefined;
}

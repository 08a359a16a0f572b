import { InvalidDefinitionError } from '../errors';
import type { DefinitionProblem } from '../errors';

/** Ends the reading of a piece of a definition: what is wrong with it has been reported. */
class Unreadable extends Error {}

/** Collects what is wrong in a definition, so that all of it is told at once, as AWS does. */
export class DefinitionProblems {
  readonly #refused: DefinitionProblem[] = [];
  readonly #notEmulated: DefinitionProblem[] = [];

  /** What AWS refuses too. */
  report(problem: DefinitionProblem): void {
    this.#refused.push(problem);
  }

  /** What AWS takes and this runtime doesn't: told only where AWS would have nothing to tell. */
  reportNotEmulated(problem: string, location: string): void {
    this.#notEmulated.push({ code: 'SCHEMA_VALIDATION_FAILED', problem, location });
  }

  /** Ends the reading of the piece that `attempt` has begun, after a report. */
  giveUp(): never {
    throw new Unreadable();
  }

  /** Reads a piece; one that can't be read has no value, and the next is read. */
  attempt<T>(read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (error instanceof Unreadable) return undefined;
      throw error;
    }
  }

  /** Whether AWS would refuse the definition. */
  get areRefused(): boolean {
    return this.#refused.length > 0;
  }

  /** @throws InvalidDefinitionError where anything was reported */
  check(): void {
    const problems = this.areRefused ? this.#refused : this.#notEmulated;
    if (problems.length > 0) throw new InvalidDefinitionError(problems);
  }
}

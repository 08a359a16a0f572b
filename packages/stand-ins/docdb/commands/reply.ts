import { CommandError } from '../errors';
import type { Document } from '../values/document';

/** An error as a command's reply has it, and each item of `writeErrors`. */
export function errorFields(error: CommandError): Document {
  return { ...error.details, code: error.code, codeName: error.codeName, errmsg: error.message };
}

/**
 * Runs a write's statements in turn; a failed one ends an ordered write, and the others of an unordered one go on.
 *
 * @returns `writeErrors`, absent where all succeeded
 */
export function runStatements<Statement>(
  statements: readonly Statement[],
  ordered: boolean,
  run: (statement: Statement, index: number) => void,
): { writeErrors?: Document[] } {
  const writeErrors: Document[] = [];
  for (const [index, statement] of statements.entries()) {
    try {
      run(statement, index);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      writeErrors.push({ index, ...errorFields(error) });
      if (ordered) break;
    }
  }
  return writeErrors.length === 0 ? {} : { writeErrors };
}

import { SqlError } from '../sql-error';
import type { ResultType } from '../storage/column-type';
import type { Value } from '../values/value';
import type { Compiled, Environment } from './environment';

export type NotNull = Exclude<Value, null>;

export interface SqlFunction {
  /** How many arguments it takes. */
  readonly least: number;
  readonly most: number;
  readonly type: ResultType | ((list: readonly Compiled[]) => ResultType | undefined);
  /** Whether it gives the same for the same arguments. */
  readonly isPure?: false;
  evaluate(list: readonly Compiled[], environment: Environment): Value;
}

/** A function that is null when an argument is. */
export function strict(
  least: number,
  most: number,
  type: SqlFunction['type'],
  apply: (values: readonly NotNull[], environment: Environment) => Value,
): SqlFunction {
  return {
    least,
    most,
    type,
    evaluate(list, environment) {
      const values: NotNull[] = [];
      for (const argument of list) {
        const value = argument.evaluate(environment);
        if (value === null) return null;
        values.push(value);
      }
      return apply(values, environment);
    },
  };
}

export function wrongCount(name: string): SqlError {
  return new SqlError(1582, `Incorrect parameter count in the call to native function '${name}'`);
}

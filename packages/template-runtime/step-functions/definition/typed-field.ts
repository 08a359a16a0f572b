import { QueryEvaluationError } from '../errors';
import { after } from '../execution/after';
import type { Fields } from './fields';
import { READS_INPUT } from './fields';
import { delimitedExpression } from '../expressions/expression';
import type { Template } from './payload-field';
import type { Visit } from '../execution/visit';

/** JSON's types, as AWS names them in its messages. */
export type JsonType = 'string' | 'number' | 'boolean' | 'array' | 'object' | 'null';

export function jsonType(value: unknown): JsonType {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value as JsonType;
}

/** A field whose value has to be of one type: written out, or an expression. */
export interface TypedField<T> {
  /** At once where its expression is evaluated at once, else a promise. */
  read(visit: Visit, more?: Readonly<Record<string, unknown>>): T | Promise<T>;
}

interface Types {
  string: string;
  number: number;
  boolean: boolean;
  array: readonly unknown[];
}

/** What a field's value has to be beyond its type. */
export interface Checks<T> {
  /** Names what is wrong with the value of an expression, such as a negative number of seconds. */
  readonly evaluated?: (value: T) => string | undefined;
  /** Names what is wrong with a value that is written out, in AWS's words for a definition. */
  readonly written?: (value: unknown) => string | undefined;
}

/** Reads a field that takes a value of one type or an expression for it; a value written out is checked at once. */
export function typedField<K extends keyof Types>(
  fields: Fields,
  name: string,
  type: K,
  { evaluated: check = () => undefined, written = () => undefined }: Checks<Types[K]> = {},
): TypedField<Types[K]> | undefined {
  const template = fields.template(name, READS_INPUT);
  if (template === undefined) return undefined;
  const raw = fields.raw(name);
  const source = typeof raw === 'string' ? delimitedExpression(raw) : undefined;
  if (template.literal && source === undefined) {
    const hasType = jsonType(template.literal.value) === type;
    const problem = written(raw) ?? (hasType ? undefined : `Expected value of type [${type.toUpperCase()}]`);
    if (problem !== undefined) fields.report(problem, name);
  }
  return {
    read: (visit, more) => readTyped(visit, { template, location: fields.pathOf(name), type, check, source }, more),
  };
}

interface Reading<K extends keyof Types> {
  readonly template: Template;
  /** The field in its state, such as `Choices[0]/Condition`. */
  readonly location: string;
  readonly type: K;
  readonly check: (value: Types[K]) => string | undefined;
  readonly source: string | undefined;
}

function readTyped<K extends keyof Types>(
  visit: Visit,
  reading: Reading<K>,
  more?: Readonly<Record<string, unknown>>,
): Types[K] | Promise<Types[K]> {
  const { template } = reading;
  const value = template.literal ? template.literal.value : visit.evaluate(template, visit.bindings(more));
  return after(value, (there) => checked(visit, reading, there));
}

function checked<K extends keyof Types>(
  visit: Visit,
  { location, type, check, source }: Reading<K>,
  value: unknown,
): Types[K] {
  const actual = jsonType(value);
  if (actual !== type) {
    throw visit.evaluationFailed(
      new QueryEvaluationError(
        location,
        `The JSONata expression '${source ?? ''}' specified for the field '${location}' returned an unexpected result type. ` +
          `Expected '${type}', but was '${actual}' for value: ${JSON.stringify(value)}`,
      ),
    );
  }
  const problem = check(value as Types[K]);
  if (problem !== undefined) {
    throw visit.evaluationFailed(new QueryEvaluationError(location, problem), visit.enteredEventId);
  }
  return value as Types[K];
}

import { setOwn } from '../../own-property';
import { QueryEvaluationError } from '../errors';
import type { Reading } from './reading';
import { unsupportedReferences } from '../expressions/references';
import { compileExpression, delimitedExpression } from '../expressions/expression';
import type { Expression } from '../expressions/expression';
import { EvaluationError } from '../expressions/values';
import type { Bindings } from '../expressions/plain-expression';

/**
 * A field of a state, compiled: literal JSON with expressions in any of its strings.
 *
 * Evaluates at once where its expressions do, else gives a promise.
 */
export interface Template {
  /** What the field says where it holds no expression at all. */
  readonly literal?: { readonly value: unknown };
  /** @throws QueryEvaluationError naming the innermost field, such as `Output/items[0]/name` */
  evaluate(bindings: Bindings): unknown;
}

/** Where a field stands: for the messages at creation and at run time. */
export interface FieldPlace {
  /** Of the state, such as `/States/Count`. */
  readonly state: string;
  /** In the state, such as `Output`. */
  readonly field: string;
  /** Which parts of `$states` the field may read, such as `input`, `context`. */
  readonly reads: readonly string[];
}

/**
 * Compiles a field's JSON. Reported are an expression that is no JSONata or reads what its field can't see, and a text that
 * begins like one.
 */
export function compileTemplate(json: unknown, place: FieldPlace, reading: Reading): Template {
  if (typeof json === 'string') {
    const source = delimitedExpression(json);
    if (source !== undefined) return expressionTemplate(source, place, reading);
    if (json.startsWith('{%')) reportAt(place, reading, 'SCHEMA_VALIDATION_FAILED', NOT_CLOSED);
    return literal(json);
  }
  if (Array.isArray(json)) {
    return composite(
      json.map((item: unknown, index) => [index, compileTemplate(item, within(place, `[${index}]`), reading)] as const),
      json,
      () => [],
    );
  }
  if (typeof json === 'object' && json !== null) {
    return composite(
      Object.entries(json).map(
        ([name, item]) => [name, compileTemplate(item, within(place, `/${name}`), reading)] as const,
      ),
      json,
      () => ({}),
    );
  }
  return literal(json);
}

const within = (place: FieldPlace, part: string): FieldPlace => ({ ...place, field: place.field + part });

const literal = (value: unknown): Template => ({ literal: { value }, evaluate: () => value });

const NOT_CLOSED = 'JSONata string must start with {% and end with %}';

function reportAt(place: FieldPlace, { problems }: Reading, code: string, problem: string): void {
  problems.report({ code, problem, location: `${place.state}/${place.field}` });
}

function expressionTemplate(source: string, place: FieldPlace, reading: Reading): Template {
  const expression = compile(source, place, reading);
  if (expression === undefined) return literal(undefined);
  for (const problem of unsupportedReferences(expression.ast, place.reads)) {
    reportAt(place, reading, 'UNSUPPORTED_JSONATA_EXPRESSION', problem);
  }
  const fail = (ending: string): never => {
    throw new QueryEvaluationError(
      place.field,
      `The JSONata expression '${source}' specified for the field '${place.field}' ${ending}`,
    );
  };
  const defined = (value: unknown): unknown => (value === undefined ? fail('returned nothing (undefined).') : value);
  const translate = (error: unknown): never => {
    if (error instanceof EvaluationError) return fail(error.ending);
    throw error;
  };
  return {
    evaluate(bindings) {
      const value = expression.evaluate(bindings);
      return value instanceof Promise ? value.then(defined, translate) : defined(value);
    },
  };
}

function compile(source: string, place: FieldPlace, reading: Reading): Expression | undefined {
  try {
    return compileExpression(source, reading.threads);
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    const problem = error.ending.replace(/^threw an error during evaluation(?:\. [A-Z]\d+)?: /, '');
    reportAt(place, reading, 'INVALID_JSONATA_EXPRESSION', problem);
    return undefined;
  }
}

/** An object or array: its fields are evaluated in their order, so that the first bad one is the one reported. */
function composite(
  fields: readonly (readonly [string | number, Template])[],
  json: unknown,
  makeEmpty: () => object,
): Template {
  if (fields.every(([, field]) => field.literal !== undefined)) return literal(json);
  const evaluateRest = async (target: object, from: number, pending: Promise<unknown>, bindings: Bindings) => {
    const [first, ...rest] = fields.slice(from);
    if (first) setOwn(target, first[0], await pending);
    for (const [name, field] of rest) setOwn(target, name, await field.evaluate(bindings));
    return target;
  };
  return {
    evaluate(bindings) {
      const target = makeEmpty();
      for (const [index, [name, field]] of fields.entries()) {
        const value = field.evaluate(bindings);
        if (value instanceof Promise) return evaluateRest(target, index, value, bindings);
        setOwn(target, name, value);
      }
      return target;
    },
  };
}

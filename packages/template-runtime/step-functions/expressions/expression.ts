import type jsonata from 'jsonata';
import { isBounded } from './bounded-expression';
import type { ExpressionThreads } from './threads';
import type { AstNode } from './ast';
import { evaluateCompiled, parse, prepare } from './evaluation';
import { compilePlain, NOT_PLAIN } from './plain-expression';
import type { Bindings } from './plain-expression';

/** A JSONata expression, ready to be evaluated any number of times. */
export interface Expression {
  /** Without the delimiters, as error messages quote it. */
  readonly source: string;
  readonly ast: AstNode;
  /**
   * The value as plain JSON, or undefined for JSONata's "nothing". Most expressions are evaluated at once; others give a promise.
   *
   * @throws EvaluationError (or rejects with it) when JSONata does, or when the value isn't JSON
   */
  evaluate(bindings: Bindings): unknown;
}

const DELIMITED = /^\{%([\s\S]*)%\}$/;

/** The expression in a string field, or undefined where the string means itself. */
export function delimitedExpression(field: string): string | undefined {
  return DELIMITED.exec(field)?.[1]?.trim();
}

/**
 * Compiles an expression once. AWS documents JSONata 2.0.6, so that very version evaluates here.
 *
 * An expression that can't run away is evaluated in place; any other on a thread that can be stopped.
 *
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
 *
 * @throws EvaluationError where the source is no JSONata
 */
export function compileExpression(source: string, threads: ExpressionThreads): Expression {
  const ast = parse(source).ast() as AstNode;
  if (!isBounded(ast)) return { source, ast, evaluate: (bindings) => threads.evaluate(source, bindings) };
  const plain = compilePlain(ast);
  let compiled: jsonata.Expression | undefined;
  const evaluateByJsonata = (bindings: Bindings): Promise<unknown> =>
    evaluateCompiled((compiled ??= prepare(source)), bindings);
  if (plain === undefined) return { source, ast, evaluate: evaluateByJsonata };
  return {
    source,
    ast,
    evaluate(bindings) {
      const value = plain(bindings);
      return value === NOT_PLAIN ? evaluateByJsonata(bindings) : value;
    },
  };
}

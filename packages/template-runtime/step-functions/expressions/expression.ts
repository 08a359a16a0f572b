import type jsonata from 'jsonata';
import { isBounded } from './bounded-expression';
import type { ExpressionThreads } from './threads';
import type { AstNode } from './ast';
import { evaluateCompiled, parse, prepare } from './evaluation';
import { compilePlain, NOT_PLAIN } from './plain-expression';
import type { Bindings, PlainExpression } from './plain-expression';

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

/** An expression as it was read. */
interface Read {
  readonly ast: AstNode;
  readonly canRunAway: boolean;
  readonly plain: PlainExpression | undefined;
}

/** Those read so far: a state machine says the same in many states, and no expression depends on where it stands. */
const known = new Map<string, Read>();
const MOST_KNOWN = 2000;

function read(source: string): Read {
  const before = known.get(source);
  if (before) return before;
  const ast = parse(source).ast() as AstNode;
  const canRunAway = !isBounded(ast);
  const made = { ast, canRunAway, plain: canRunAway ? undefined : compilePlain(ast) };
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(source, made);
  return made;
}

/**
 * Compiles an expression. AWS documents JSONata 2.0.6, so that very version evaluates here.
 *
 * An expression that can't run away is evaluated in place; any other on a thread that can be stopped.
 *
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
 *
 * @throws EvaluationError where the source is no JSONata
 */
export function compileExpression(source: string, threads: ExpressionThreads): Expression {
  const { ast, canRunAway, plain } = read(source);
  if (canRunAway) return { source, ast, evaluate: (bindings) => threads.evaluate(source, bindings) };
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

import type jsonata from 'jsonata';
import { EXPRESSION_LIMITS, LIMIT_MESSAGES } from './limits';
import { evaluateCompiled, prepare } from './evaluation';
import { EvaluationError } from './values';
import type { ThreadProtocol } from '../../worker/protocol';
import { serveThread } from '../../worker/serve-thread';
import type { Bindings } from './plain-expression';

/** What the thread is asked for, one evaluation at a time. */
export interface ExpressionProtocol extends ThreadProtocol {
  readonly data: {
    /** How long an evaluation may take. */
    readonly timeMs: number;
  };
  readonly ready: void;
  readonly request: { readonly source: string; readonly bindings: Bindings };
}

/** jsonata calls what is bound to these names before and after each node that it evaluates. */
const ENTRY = Symbol.for('jsonata.__evaluate_entry') as unknown as string;
const EXIT = Symbol.for('jsonata.__evaluate_exit') as unknown as string;

/** The clock is read once in so many nodes: that is often enough, and reading it costs more than the rest. */
const NODES_PER_CLOCK_READING = 256;

let deadlineMs = 0;
let depth = 0;
let nodes = 0;

function enter(): void {
  depth += 1;
  nodes += 1;
  if (depth > EXPRESSION_LIMITS.depth) throw new EvaluationError(LIMIT_MESSAGES.depth);
  if (nodes % NODES_PER_CLOCK_READING === 0 && performance.now() > deadlineMs) {
    throw new EvaluationError(LIMIT_MESSAGES.time);
  }
}

function leave(_node: unknown, _input: unknown, _environment: unknown, result: unknown): void {
  depth -= 1;
  const bytes = typeof result === 'string' ? result.length : Array.isArray(result) ? result.length * 8 : 0;
  if (bytes > EXPRESSION_LIMITS.bytes) throw new EvaluationError(LIMIT_MESSAGES.memory);
}

const compiled = new Map<string, jsonata.Expression>();

function compile(source: string): jsonata.Expression {
  const known = compiled.get(source);
  if (known) return known;
  const expression = prepare(source);
  expression.assign(ENTRY, enter);
  expression.assign(EXIT, leave);
  compiled.set(source, expression);
  return expression;
}

void serveThread<ExpressionProtocol>(({ timeMs }) => ({
  ready: undefined,
  async handle({ source, bindings }, answer) {
    depth = 0;
    nodes = 0;
    deadlineMs = performance.now() + timeMs;
    answer(await evaluateCompiled(compile(source), bindings));
  },
}));

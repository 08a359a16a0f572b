import { parse } from 'velocityjs';

/** What `velocityjs` parses a template to; its own types are wider than what it returns. */
export type Node = string | Directive | Block;
/** `#if … #end` and its like: the opening directive, then its content, `#elseif` and `#else` included. */
export type Block = [Directive, ...Node[]];

export type Directive =
  | Reference
  | { type: 'set'; equal: [Reference, Expression] }
  | { type: 'if' | 'elseif'; condition: Expression }
  | { type: 'else' | 'break' | 'comment' }
  | { type: 'raw'; value: string }
  | { type: 'foreach'; to: string; from: Expression }
  | { type: 'define' | 'macro' | 'macro_call' | 'macro_body' | 'noescape'; id: string };

export interface Reference {
  type: 'references';
  id: string;
  path?: Step[];
  /** `$name(…)`, which is no Velocity. */
  args?: Expression[] | false;
}

export type Step =
  | { type: 'property'; id: string }
  | { type: 'index'; id: Expression }
  | { type: 'method'; id: string; args: Expression[] | false };

export type Expression =
  | Reference
  | { type: 'string'; value: string; isEval?: boolean }
  | { type: 'integer' | 'decimal'; value: string | number }
  | { type: 'bool'; value: 'true' | 'false' | 'null' }
  | { type: 'array'; isRange?: false; value: Expression[] }
  | { type: 'array'; isRange: true; value: (string | number | Expression)[] }
  | { type: 'map'; value?: Record<string, Expression> }
  | { type: 'math'; operator: string; expression: Expression[] }
  | { type: 'runt'; value: string };

/** The template is no Velocity, or needs a part of Velocity that isn't emulated. */
export class TemplateSyntaxError extends Error {
  override readonly name = 'TemplateSyntaxError';
}

/** Directives that `velocityjs` takes for text. */
const UNSUPPORTED_DIRECTIVE = /#\{?(stop|return|include|literal)\b/;

/** Ends a template while it is parsed, on a line of its own so that a comment can't swallow it. */
const END_MARK = '\n#set($endOfTemplate = 1)';

/**
 * Parses a template.
 *
 * @throws TemplateSyntaxError
 */
export function parseTemplate(template: string): Node[] {
  const unsupported = UNSUPPORTED_DIRECTIVE.exec(template);
  if (unsupported !== null) throw new TemplateSyntaxError(`#${unsupported[1]} is not emulated`);
  // velocityjs reads on behind an open block, within and without it, and drops what follows a needless #end.
  const nodes = parseMarked(template + END_MARK);
  const mark = nodes.pop();
  if (mark === undefined || !isMark(mark) || nodes.some(hasMark))
    throw new TemplateSyntaxError('is no Velocity: a block lacks its #end, or an #end its block');
  const last = nodes.at(-1);
  if (typeof last === 'string') nodes[nodes.length - 1] = last.replace(/\n$/, '');
  return nodes;
}

const isMark = (node: Node): boolean =>
  typeof node === 'object' && !Array.isArray(node) && node.type === 'set' && node.equal[0].id === 'endOfTemplate';

const hasMark = (node: Node): boolean => isMark(node) || (Array.isArray(node) && node.some(hasMark));

function parseMarked(template: string): Node[] {
  try {
    return parse(template) as unknown as Node[];
  } catch (error) {
    throw new TemplateSyntaxError(`is no Velocity: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

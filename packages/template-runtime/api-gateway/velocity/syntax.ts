/** A part of a template. */
export type Node =
  | string
  | Reference
  | { readonly type: 'set'; readonly target: Reference; readonly value: Expression }
  | { readonly type: 'if'; readonly branches: readonly Branch[] }
  | { readonly type: 'foreach'; readonly item: string; readonly from: Expression; readonly content: readonly Node[] }
  | { readonly type: 'define'; readonly name: string; readonly content: readonly Node[] }
  | { readonly type: 'break' | 'stop' };

/** `#if`, `#elseif`, or without a condition `#else`. */
export interface Branch {
  readonly condition: Expression | undefined;
  readonly content: readonly Node[];
}

/** `$name.property["index"].method(…)`. */
export interface Reference {
  readonly type: 'reference';
  readonly name: string;
  readonly path: readonly Step[];
}

export type Step =
  | { readonly type: 'property'; readonly name: string }
  | { readonly type: 'index'; readonly index: Expression }
  | { readonly type: 'method'; readonly name: string; readonly args: readonly Expression[] };

export type Expression =
  | Reference
  | { readonly type: 'string'; readonly value: string; readonly interpolated: boolean }
  | { readonly type: 'integer' | 'decimal'; readonly value: number }
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'null' }
  | { readonly type: 'list'; readonly items: readonly Expression[] }
  | { readonly type: 'range'; readonly from: Expression; readonly to: Expression }
  | { readonly type: 'map'; readonly entries: readonly (readonly [key: Expression, value: Expression])[] }
  | { readonly type: 'not'; readonly operand: Expression }
  | BinaryExpression;

export interface BinaryExpression {
  readonly type: 'binary';
  readonly operator: Operator;
  readonly left: Expression;
  readonly right: Expression;
}

export type Operator = '||' | '&&' | '==' | '!=' | '<' | '<=' | '>' | '>=' | '+' | '-' | '*' | '/' | '%';

/** The template is no Velocity, or needs a part of Velocity that isn't emulated. */
export class TemplateSyntaxError extends Error {
  override readonly name = 'TemplateSyntaxError';
}

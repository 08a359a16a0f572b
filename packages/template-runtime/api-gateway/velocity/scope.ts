import { setOwn } from '../../own-property';
import type { Value, ValueMap } from './values';

/** What `$input` can do in a template. */
export interface InputVariable {
  /** `$input.body`: the payload as text. */
  readonly body: string;
  /** `$input.path("…")`, by a function that a JSONPath was compiled to. */
  path(select: (document: Value) => Value | undefined): Value;
  /** `$input.json("…")`: the same as JSON text. */
  json(select: (document: Value) => Value | undefined): string;
  /** `$input.params("name")`: the parameter in path, query string or headers, in this order; '' where there is none. */
  param(name: string): string;
  /** One of the maps of `$input.params()`. */
  params(part: ParameterPart): ValueMap;
}

export const PARAMETER_PARTS = ['path', 'querystring', 'header'] as const;
export type ParameterPart = (typeof PARAMETER_PARTS)[number];

/** A template set the same override twice. */
export class OverriddenTwiceError extends Error {
  override readonly name = 'OverriddenTwiceError';
}

/** What the references of a template stand for while it is rendered once. */
export interface Scope {
  readonly input: InputVariable;
  readonly context: ValueMap;
  readonly stageVariables: ValueMap;
  /** Maps whose keys may be set only once: the overrides in `$context`. */
  readonly final: readonly ValueMap[];
  /** The template's own variables, by slot. */
  readonly variables: Value[];
  /** What `#break` or `#stop` has left, until its end is reached. */
  left: 'loop' | 'template' | undefined;
}

/**
 * Sets a key of a map for `#set` and `put`.
 *
 * @throws OverriddenTwiceError: an override may be applied to a parameter once, a second one is answered with a 5XX
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-override-request-response-parameters.html)
 */
export function assign(scope: Scope, map: ValueMap, key: string, value: Value): void {
  if (scope.final.includes(map) && Object.hasOwn(map, key))
    throw new OverriddenTwiceError(`${key} is overridden twice`);
  setOwn(map, key, value);
}

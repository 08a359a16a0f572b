import { compileJsonPath, JsonPathError } from './json-path';
import type { Exchange } from './exchange';
import type { JsonPayload } from './payload';
import type { Properties } from './properties';
import { valueAt } from './substitution';
import { print, type Value } from './velocity/values';

/** What an integration answered. */
export interface IntegrationResult {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** What `JSON.parse` makes of the body, as an object of the caller's own. @default - it has to be parsed */
  document?(): unknown;
}

type Select<From> = (from: From) => Value | undefined;

/** A parameter that is set from an expression; undefined where the expression has no value. */
export interface ParameterMapping<From> {
  readonly name: string;
  readonly value: (from: From) => string | undefined;
}

export interface RequestSource {
  readonly exchange: Exchange;
  readonly payload: JsonPayload;
}

export interface ResponseSource extends RequestSource {
  /** Its `payload` is the result's body. */
  readonly result: IntegrationResult;
}

/**
 * Reads the right side of a request mapping: `method.request.…`, `context.…`, `stageVariables.…` or `'a literal'`.
 *
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-parameter-mapping-sources.html
 *
 * @param field the field with the expression, for the error
 * @throws UnsupportedTemplateError
 */
export function compileRequestSource(expression: string, properties: Properties, field: string): Select<RequestSource> {
  const [, kind, rest] = /^method\.request\.(\w+)(?:\.(.+))?$/.exec(expression) ?? [];
  switch (kind) {
    case undefined:
      return compileCommonSource(expression, properties, field);
    case 'body':
      return compileBodySource(rest, properties, field);
    case 'path':
    case 'querystring':
    case 'multivaluequerystring':
    case 'header':
    case 'multivalueheader': {
      if (rest !== undefined) return ({ exchange }) => requestParameter(exchange, kind, rest);
    }
  }
  throw properties.refuse(field, `${expression} is no source of a parameter`);
}

/** A parameter of the request by its location; several values are joined by commas. */
export function requestParameter(
  exchange: Exchange,
  kind: 'path' | 'querystring' | 'multivaluequerystring' | 'header' | 'multivalueheader',
  name: string,
): string | undefined {
  switch (kind) {
    case 'path':
      return exchange.pathParameter(name);
    case 'querystring':
      return exchange.queryValues(name)?.at(-1);
    case 'multivaluequerystring':
      return exchange.queryValues(name)?.join(',');
    case 'header':
      return exchange.headerValues(name)?.at(-1);
    case 'multivalueheader':
      return exchange.headerValues(name)?.join(',');
  }
}

/** Reads the right side of a response mapping: `integration.response.…`, `context.…`, `stageVariables.…` or `'a literal'`. */
export function compileResponseSource(
  expression: string,
  properties: Properties,
  field: string,
): Select<ResponseSource> {
  const [, kind, rest] = /^integration\.response\.(\w+)(?:\.(.+))?$/.exec(expression) ?? [];
  if (kind === undefined) return compileCommonSource(expression, properties, field);
  if (kind === 'body') return compileBodySource(rest, properties, field);
  if ((kind !== 'header' && kind !== 'multivalueheader') || rest === undefined)
    throw properties.refuse(field, `${expression} is no source of a parameter`);
  const wanted = rest.toLowerCase();
  return ({ result: { headers } }) => {
    for (const name in headers) {
      if (name.length === wanted.length && name.toLowerCase() === wanted) return headers[name];
    }
    return undefined;
  };
}

function compileBodySource(path: string | undefined, properties: Properties, field: string): Select<RequestSource> {
  if (path === undefined) return ({ payload }) => payload.text;
  try {
    const select = compileJsonPath(path);
    return ({ payload }) => select(payload.document());
  } catch (error) {
    if (error instanceof JsonPathError) throw properties.refuse(field, error.message);
    throw error;
  }
}

function compileCommonSource(expression: string, properties: Properties, field: string): Select<RequestSource> {
  const [, literal] = /^'([^']*)'$/.exec(expression) ?? [];
  if (literal !== undefined) return () => literal;
  const [, root, rest] = /^(context|stageVariables)\.([\w.-]+)$/.exec(expression) ?? [];
  if (root === undefined || rest === undefined)
    throw properties.refuse(field, `${expression} is no source of a parameter`);
  const path = rest.split('.');
  if (root === 'context') return ({ exchange }) => valueAt(exchange.context, path);
  return ({ exchange }) => valueAt(exchange.stage.stageVariables, path);
}

/** A parameter's text: JSON for objects and lists, undefined where there is nothing, so that it isn't sent. */
export function parameterText(value: Value | undefined): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  return typeof value === 'object' ? JSON.stringify(value) : print(value);
}

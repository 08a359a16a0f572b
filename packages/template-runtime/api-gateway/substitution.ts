import { isMap, mapGet, type Value, type ValueMap } from './velocity/values';

/** Looks up `context.…`, `stageVariables.…` and `method.request.…` without their dollar sign; null where there is nothing. */
export type Lookup = (name: string) => Value;

/**
 * Compiles a text in which only `$context.…`, `$stageVariables.…` and `$method.request.…` are replaced: gateway responses
 * and access log formats are no Velocity
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gatewayResponse-definition.html).
 *
 * @param write how a value is written, null for one that isn't there
 */
export function compileSubstitution(format: string, write: (value: Value) => string): (lookup: Lookup) => string {
  // Split by the references: texts at even places, names at odd ones.
  const parts = format.split(/\$((?:context|stageVariables|method\.request)(?:\.[\w-]+)+)/);
  return (lookup) => parts.map((part, index) => (index % 2 === 0 ? part : write(lookup(part)))).join('');
}

/** Follows a dotted path into nested maps. */
export function valueAt(root: ValueMap, path: readonly string[]): Value {
  let value: Value = root;
  for (const name of path) value = isMap(value) ? mapGet(value, name) : null;
  return value;
}

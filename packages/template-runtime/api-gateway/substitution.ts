import type { Exchange } from './exchange';
import { isMap, mapGet, type Value, type ValueMap } from './velocity/values';

/** Finds a value of a request; null where there is nothing. */
export type ReadValue = (exchange: Exchange) => Value;

/**
 * Compiles a text in which only `$context.…`, `$stageVariables.…` and `$method.request.…` are replaced: gateway responses
 * and access log formats are no Velocity
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gatewayResponse-definition.html).
 *
 * @param reference what stands for a value: its names, without the dollar sign
 * @param write how a value is written, null for one that isn't there
 */
export function compileSubstitution(
  format: string,
  reference: (root: string, path: readonly string[]) => ReadValue,
  write: (value: Value) => string,
): (exchange: Exchange) => string {
  // Split by the references: texts at even places, names at odd ones.
  const parts = format.split(/\$((?:context|stageVariables|method\.request)(?:\.[\w-]+)+)/).map((part, index) => {
    const [root = '', ...path] = part.split('.');
    return index % 2 === 0 ? part : reference(root, path);
  });
  return (exchange) => parts.map((part) => (typeof part === 'string' ? part : write(part(exchange)))).join('');
}

/** Follows a dotted path into nested maps. */
export function valueAt(root: ValueMap, path: readonly string[]): Value {
  let value: Value = root;
  for (const name of path) value = isMap(value) ? mapGet(value, name) : null;
  return value;
}

import { isMap, type Value } from './velocity/values';

/** Selects from a document; undefined where it has nothing there. */
export type JsonPath = (document: Value) => Value | undefined;

/** The path is malformed, or selects more than one place. */
export class JsonPathError extends Error {
  override readonly name = 'JsonPathError';
}

const STEP = /\.([\w-]+)|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]|\[(-?\d+)\]/y;

/**
 * Compiles a JSONPath that names one place: `$`, then `.name`, `['name']` or `[index]` steps. Wildcards, slices, filters,
 * `..` and functions are refused.
 *
 * @throws JsonPathError
 */
export function compileJsonPath(path: string): JsonPath {
  const text = path.startsWith('$') ? path : `$.${path}`; // the JSONPath library of API Gateway adds the root too
  const steps: (string | number)[] = [];
  STEP.lastIndex = 1;
  while (STEP.lastIndex < text.length) {
    const at = STEP.lastIndex;
    const match = STEP.exec(text);
    if (match === null)
      throw new JsonPathError(`JSONPath ${path}: ${text.slice(at)} is not supported, only names and indexes are`);
    const [, name, single, double, index] = match;
    steps.push(index === undefined ? (name ?? (single ?? double ?? '').replace(/\\(.)/g, '$1')) : Number(index));
  }
  return (document) => {
    let value: Value | undefined = document;
    for (const step of steps) {
      if (value === undefined || value === null) return undefined;
      if (typeof step === 'number') value = Array.isArray(value) ? value.at(step) : undefined;
      else value = isMap(value) && Object.hasOwn(value, step) ? value[step] : undefined;
    }
    return value;
  };
}

import { SqlError } from '../sql-error';
import { Decimal } from '../values/decimal';
import { asMap, extract, Json, length, parsePath, remove, set, type JsonNode } from '../values/json';
import { fromTruth, toText, type Value } from '../values/value';
import type { Compiled, Environment } from './environment';
import { strict, wrongCount, type NotNull, type SqlFunction } from './function-kinds';

/** @see https://docs.pingcap.com/tidb/stable/json-functions */
export const JSON_FUNCTIONS: Readonly<Record<string, SqlFunction>> = {
  JSON_OBJECT: { least: 0, most: Infinity, type: 'json', evaluate: jsonObject },
  JSON_ARRAY: {
    least: 0,
    most: Infinity,
    type: 'json',
    evaluate: (list, environment) => new Json(list.map((argument) => toNode(argument.evaluate(environment)))),
  },
  JSON_EXTRACT: strict(2, Infinity, 'json', ([document = '', ...paths]) => {
    const { node } = toDocument(document);
    const found = paths.flatMap((path) => extract(node, parsePath(toText(path))) ?? []);
    if (paths.length > 1) return found.length === 0 ? null : new Json(found);
    const [path = ''] = paths;
    const only = extract(node, parsePath(toText(path)));
    return only === undefined ? null : new Json(only);
  }),
  JSON_SET: { least: 3, most: Infinity, type: 'json', evaluate: jsonSet },
  JSON_REMOVE: strict(
    2,
    Infinity,
    'json',
    ([document = '', ...paths]) =>
      new Json(
        paths.reduce<JsonNode>((node, path) => remove(node, parsePath(toText(path))), toDocument(document).node),
      ),
  ),
  JSON_LENGTH: strict(1, 2, 'integer', ([document = '', path]) => {
    const { node } = toDocument(document);
    const at = path === undefined ? node : extract(node, parsePath(toText(path)));
    return at === undefined ? null : BigInt(length(at));
  }),
  JSON_UNQUOTE: strict(1, 1, 'text', ([value = '']) =>
    value instanceof Json && typeof value.node === 'string' ? value.node : toText(value),
  ),
  JSON_VALID: strict(1, 1, 'integer', ([value = '']) => fromTruth(value instanceof Json || isJson(toText(value)))),
  JSON_CONTAINS_PATH: strict(3, Infinity, 'integer', ([document = '', mode = '', ...paths]) => {
    const { node } = toDocument(document);
    const found = paths.map((path) => extract(node, parsePath(toText(path))) !== undefined);
    return fromTruth(toText(mode).toLowerCase() === 'all' ? !found.includes(false) : found.includes(true));
  }),
  JSON_KEYS: strict(1, 1, 'json', ([document = '']) => {
    const members = asMap(toDocument(document).node);
    return members === undefined ? null : new Json([...members.keys()].sort());
  }),
};

function isJson(value: string): boolean {
  try {
    JSON.parse(value);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

function toDocument(value: NotNull): Json {
  return value instanceof Json ? value : Json.parse(toText(value));
}

/** What a value becomes inside a document: a string stays a string. */
function toNode(value: Value): JsonNode {
  if (value instanceof Json) return value.node;
  if (value === null || typeof value === 'bigint' || typeof value === 'number') return value;
  return value instanceof Decimal ? value.toNumber() : toText(value);
}

function jsonObject(list: readonly Compiled[], environment: Environment): Value {
  if (list.length % 2 === 1) throw wrongCount('JSON_OBJECT');
  const values = list.map((argument) => argument.evaluate(environment));
  const members = new Map<string, JsonNode>();
  for (let i = 0; i < values.length; i += 2) {
    const key = values[i] ?? null;
    if (key === null) throw new SqlError(3158, 'JSON documents may not contain NULL member names.');
    members.set(toText(key), toNode(values[i + 1] ?? null));
  }
  return new Json(members);
}

function jsonSet(list: readonly Compiled[], environment: Environment): Value {
  if (list.length % 2 === 0) throw wrongCount('JSON_SET');
  const [document = null, ...pairs] = list.map((argument) => argument.evaluate(environment));
  if (document === null) return null;
  let { node } = toDocument(document);
  for (let i = 0; i < pairs.length; i += 2) {
    const path = pairs[i] ?? null;
    if (path === null) return null;
    node = set(node, parsePath(toText(path)), toNode(pairs[i + 1] ?? null));
  }
  return new Json(node);
}

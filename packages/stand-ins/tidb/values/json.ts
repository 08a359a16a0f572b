import { SqlError, unsupported } from '../sql-error';

/** What a JSON document is made of: whole numbers are exact. */
export type JsonNode = null | boolean | bigint | number | string | readonly JsonNode[] | ReadonlyMap<string, JsonNode>;

/** A value of MySQL's JSON type. */
export class Json {
  constructor(readonly node: JsonNode) {}

  /** @throws SqlError 3140 when the text is not JSON */
  static parse(text: string): Json {
    try {
      JSON.parse(text); // refuses what is not JSON, before numbers are wrapped below
    } catch (error) {
      throw new SqlError(3140, `Invalid JSON text: ${error instanceof Error ? error.message : 'unreadable'}`);
    }
    return new Json(fromPlain(JSON.parse(text.replace(NUMBER_OR_STRING, wrapNumber))));
  }

  /** TiDB's spelling: keys in order, a space behind `:` and `,`. */
  toString(): string {
    return print(this.node);
  }
}

const NUMBER_OR_STRING = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g;
/** No JSON text of a client holds an object with this only key unescaped. */
const NUMBER_KEY = '\u0000number';

/** `JSON.parse` rounds whole numbers above 2^53−1, so numbers travel through it as text. */
function wrapNumber(token: string): string {
  return token.startsWith('"') ? token : `{${JSON.stringify(NUMBER_KEY)}:"${token}"}`;
}

function fromPlain(value: unknown): JsonNode {
  if (Array.isArray(value)) return value.map(fromPlain);
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    const number: unknown = (value as Record<string, unknown>)[NUMBER_KEY];
    if (entries.length === 1 && typeof number === 'string') {
      return /^-?\d{1,19}$/.test(number) ? BigInt(number) : Number(number);
    }
    return new Map(entries.map(([key, member]) => [key, fromPlain(member)]));
  }
  return value as null | boolean | string;
}

function print(node: JsonNode): string {
  if (node instanceof Map) {
    const keys = [...(node as ReadonlyMap<string, JsonNode>).keys()].sort();
    return `{${keys.map((key) => `${JSON.stringify(key)}: ${print((node as ReadonlyMap<string, JsonNode>).get(key) ?? null)}`).join(', ')}}`;
  }
  if (Array.isArray(node)) return `[${(node as readonly JsonNode[]).map(print).join(', ')}]`;
  return typeof node === 'bigint' ? node.toString() : JSON.stringify(node);
}

/** A step of a path: a member's name or an element's position. */
type Step = string | number;

/**
 * Reads a path such as `$.a."b c"[2]` (TiDB docs, "JSON Data Type").
 *
 * @throws SqlError 3143 when it isn't one, 1235 for wildcards
 */
export function parsePath(text: string): readonly Step[] {
  if (!text.startsWith('$')) throw new SqlError(3143, `Invalid JSON path expression '${text}': it must start with $`);
  const steps: Step[] = [];
  const step = /\s*(?:\.\s*(?:([A-Za-z_$][\w$]*)|("(?:[^"\\]|\\.)*"))|\[\s*(\d+)\s*\])/y;
  step.lastIndex = 1;
  while (step.lastIndex < text.length) {
    const at = step.lastIndex;
    const match = step.exec(text);
    if (match === null) {
      if (/^\s*(\.\s*\*|\*\*|\[\s*\*)/.test(text.slice(at))) throw unsupported('wildcards in a JSON path');
      throw new SqlError(3143, `Invalid JSON path expression '${text}' at position ${at}`);
    }
    const [, name, quoted, position] = match;
    steps.push(name ?? (quoted === undefined ? Number(position) : (JSON.parse(quoted) as string)));
  }
  return steps;
}

/** The node at `path`, or undefined where there is none. */
export function extract(node: JsonNode, path: readonly Step[]): JsonNode | undefined {
  let at: JsonNode | undefined = node;
  for (const step of path) {
    if (at === undefined) return undefined;
    at = child(at, step);
  }
  return at;
}

function child(node: JsonNode, step: Step): JsonNode | undefined {
  if (typeof step === 'string') return asMap(node)?.get(step);
  const elements = asArray(node);
  // an index addresses a scalar or an object as a one-element array
  return elements === undefined ? (step === 0 ? node : undefined) : elements[step];
}

/** A copy of `node` with `value` at `path`; unchanged where the parent isn't there, as JSON_SET does. */
export function set(node: JsonNode, path: readonly Step[], value: JsonNode): JsonNode {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  const old = child(node, step);
  if (old === undefined && rest.length > 0) return node;
  const replaced = old === undefined ? value : set(old, rest, value);
  const members = asMap(node);
  if (typeof step === 'string') return members === undefined ? node : new Map([...members, [step, replaced]]);
  const elements = asArray(node);
  if (elements === undefined) return step === 0 ? replaced : [node, replaced];
  return step < elements.length ? elements.with(step, replaced) : [...elements, replaced];
}

/** A copy of `node` without what is at `path`. @throws SqlError 3153 for the root */
export function remove(node: JsonNode, path: readonly Step[]): JsonNode {
  const [step, ...rest] = path;
  if (step === undefined) throw new SqlError(3153, "The path expression '$' is not allowed in this context.");
  const old = child(node, step);
  if (old === undefined) return node;
  const members = asMap(node);
  const elements = asArray(node);
  if (rest.length > 0) {
    return set(node, [step], remove(old, rest));
  }
  if (members !== undefined) return new Map([...members].filter(([key]) => key !== step));
  return elements === undefined ? node : elements.filter((_, index) => index !== step);
}

/** How many members or elements; 1 for a scalar. */
export function length(node: JsonNode): number {
  return asMap(node)?.size ?? asArray(node)?.length ?? 1;
}

export function asMap(node: JsonNode): ReadonlyMap<string, JsonNode> | undefined {
  return node instanceof Map ? (node as ReadonlyMap<string, JsonNode>) : undefined;
}

export function asArray(node: JsonNode): readonly JsonNode[] | undefined {
  return Array.isArray(node) ? (node as readonly JsonNode[]) : undefined;
}

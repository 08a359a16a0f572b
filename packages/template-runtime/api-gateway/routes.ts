import type { ValueMap } from './velocity/values';
import { emptyMap } from './velocity/values';

/** A resource's path, read once: `/{store}/{id}`. */
type Segment = { kind: 'literal' | 'parameter' | 'greedy'; name: string };

interface Node<Target> {
  readonly literals: Map<string, Node<Target>>;
  parameter?: { name: string; node: Node<Target> };
  greedy?: { name: string; node: Node<Target> };
  readonly methods: Map<string, Target>;
}

export interface Match<Target> {
  readonly target: Target;
  /** As sent: API Gateway doesn't decode `%40` in a path parameter. */
  readonly pathParameters: ValueMap;
}

/**
 * The resources of an API, matched as API Gateway does: a literal part before `{parameter}` before `{proxy+}`, going back
 * where the better resource has no such method, and `ANY` where a resource has no method of the request's name.
 *
 * Recorded on AWS (localstack/localstack, tests/aws/services/apigateway): test_apigateway_common.py, class
 * TestApigatewayRouting, for the order; test_apigateway_lambda.py for `pathParameters` that stay percent-encoded and keep
 * double slashes. Slashes at the end are ignored; an empty part is no value for a parameter.
 */
export class Routes<Target> {
  private readonly root = makeNode<Target>();

  /**
   * @param path such as `/{store}/{id}`
   * @param method of HTTP, or `ANY`
   */
  add(path: string, method: string, target: Target): void {
    let node = this.root;
    for (const segment of segments(path)) node = child(node, segment);
    node.methods.set(method, target);
  }

  /** @param path as sent, below the stage, without the query string */
  match(method: string, path: string): Match<Target> | undefined {
    let end = path.length;
    while (end > 0 && path.charCodeAt(end - 1) === SLASH) end--;
    const parts = end === 0 ? [] : path.slice(1, end).split('/');
    const pathParameters = emptyMap();
    const target = find(this.root, parts, 0, method, pathParameters);
    return target === undefined ? undefined : { target, pathParameters };
  }
}

const SLASH = 47;

function makeNode<Target>(): Node<Target> {
  return { literals: new Map(), methods: new Map() };
}

function segments(path: string): Segment[] {
  return path
    .split('/')
    .filter((part) => part !== '')
    .map((part) => {
      const [, name, plus] = /^\{([^}+]+)(\+?)\}$/.exec(part) ?? [];
      if (name === undefined) return { kind: 'literal', name: part };
      return { kind: plus === '+' ? 'greedy' : 'parameter', name };
    });
}

function child<Target>(parent: Node<Target>, { kind, name }: Segment): Node<Target> {
  if (kind !== 'literal') {
    parent[kind] ??= { name, node: makeNode() };
    return parent[kind].node;
  }
  const known = parent.literals.get(name);
  if (known !== undefined) return known;
  const node = makeNode<Target>();
  parent.literals.set(name, node);
  return node;
}

function find<Target>(
  node: Node<Target>,
  parts: readonly string[],
  at: number,
  method: string,
  parameters: ValueMap,
): Target | undefined {
  const part = parts[at];
  if (part === undefined) return node.methods.get(method) ?? node.methods.get('ANY');
  const literal = node.literals.get(part);
  if (literal !== undefined) {
    const target = find(literal, parts, at + 1, method, parameters);
    if (target !== undefined) return target;
  }
  if (part === '') return undefined;
  if (node.parameter !== undefined) {
    const target = find(node.parameter.node, parts, at + 1, method, parameters);
    if (target !== undefined) {
      parameters[node.parameter.name] = part;
      return target;
    }
  }
  if (node.greedy === undefined) return undefined;
  const target = find(node.greedy.node, [], 0, method, parameters);
  if (target !== undefined) parameters[node.greedy.name] = parts.slice(at).join('/');
  return target;
}

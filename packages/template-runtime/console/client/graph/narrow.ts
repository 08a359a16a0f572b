import type { Graph, GraphEdge, GraphNode, Jump } from './model';

/** Only the states that are kept and the ways between them. */
export function pruned(graph: Graph, keepsState: (name: string) => boolean, keepsWay: WayFilter): Graph {
  const nodes = graph.nodes
    .filter(({ name }) => keepsState(name))
    .map((node) => ({ ...node, inner: node.inner.map((inner) => pruned(inner, keepsState, keepsWay)) }));
  const names = new Map(nodes.map(({ id, name }) => [id, name]));
  const edges = graph.edges.filter(({ from, to }) => {
    const [origin, target] = [names.get(from), names.get(to)];
    return origin !== undefined && target !== undefined && keepsWay(origin, target);
  });
  return { ...graph, nodes, edges };
}

/** Whether the way between two states, by their names, is kept. */
export type WayFilter = (from: string, to: string) => boolean;

/**
 * The same with a node behind each Choice that stands for those of its ways that aren't shown.
 *
 * @param whole the graph that it was pruned from
 */
export function withFolds(graph: Graph, whole: Graph): Graph {
  const folds = graph.nodes.flatMap((node): { node: GraphNode; edge: GraphEdge }[] => {
    if (node.type !== 'Choice') return [];
    const ways = (edges: readonly GraphEdge[]): number => edges.filter(({ from }) => from === node.id).length;
    const folded = ways(whole.edges) - ways(graph.edges);
    if (folded <= 0) return [];
    const id = `${node.id} more`;
    return [
      {
        node: { id, name: node.name, type: 'More', isEnd: false, inner: [], folded },
        edge: { from: node.id, to: id, labels: [], label: '', isCatch: true },
      },
    ];
  });
  const wholeInner = new Map(whole.nodes.map(({ id, inner }) => [id, inner]));
  const nodes = graph.nodes.map((node) => ({
    ...node,
    inner: node.inner.map((inner, index) => withFolds(inner, wholeInner.get(node.id)?.[index] ?? inner)),
  }));
  return {
    ...graph,
    nodes: [...nodes, ...folds.map(({ node }) => node)],
    edges: [...graph.edges, ...folds.map(({ edge }) => edge)],
  };
}

/** A state that is led to from so many places is drawn with one way to it; the others would cross the whole graph. */
const MOST_WAYS_IN = 3;

/**
 * The same with ways that cross the graph written behind the state that they leave: ways back, and ways to a state where
 * many lead.
 *
 * @param isDrawn whether a way is drawn in any case
 */
export function withJumps(graph: Graph, isDrawn: WayFilter): Graph {
  const names = new Map(graph.nodes.map(({ id, name }) => [id, name]));
  const depths = depthsOf(graph);
  const waysIn = new Map<string, number>();
  for (const { to } of graph.edges) waysIn.set(to, (waysIn.get(to) ?? 0) + 1);
  const reached = new Set<string>([graph.start]);
  const jumps = new Map<string, Jump[]>();
  const edges: GraphEdge[] = [];
  // The way in that is drawn is the shortest one.
  const inOrder = [...graph.edges].sort((a, b) => (depths.get(a.from) ?? 0) - (depths.get(b.from) ?? 0));
  for (const edge of inOrder) {
    const { from, to, label } = edge;
    const isBack = (depths.get(to) ?? 0) <= (depths.get(from) ?? 0);
    const isCrowded = (waysIn.get(to) ?? 0) > MOST_WAYS_IN;
    if (isDrawn(names.get(from) ?? '', names.get(to) ?? '') || !reached.has(to) || !(isBack || isCrowded)) {
      edges.push(edge);
      reached.add(to);
    } else jumps.set(from, [...(jumps.get(from) ?? []), { label, to: names.get(to) ?? '' }]);
  }
  const jumpNodes = Array.from(jumps, ([from, list]): GraphNode => {
    return { id: `${from} jumps`, name: names.get(from) ?? '', type: 'Jumps', isEnd: false, inner: [], jumps: list };
  });
  return {
    ...graph,
    nodes: [
      ...graph.nodes.map((node) => ({ ...node, inner: node.inner.map((inner) => withJumps(inner, isDrawn)) })),
      ...jumpNodes,
    ],
    edges: [
      ...edges,
      ...Array.from(jumps.keys(), (from) => ({ from, to: `${from} jumps`, labels: [], label: '', isCatch: true })),
    ],
  };
}

/** How many ways each state is away from the start, at least. */
function depthsOf({ start, edges }: Graph): ReadonlyMap<string, number> {
  const depths = new Map([[start, 0]]);
  for (const [from, depth] of depths) {
    for (const { from: origin, to } of edges) if (origin === from && !depths.has(to)) depths.set(to, depth + 1);
  }
  return depths;
}

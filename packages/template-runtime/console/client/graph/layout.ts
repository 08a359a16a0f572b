import type { Graph, GraphEdge, GraphNode } from './model';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where a state stands: its upper left corner and its size, in pixels. */
export interface Box extends Point {
  readonly node: GraphNode;
  readonly width: number;
  readonly height: number;
}

export interface Line {
  /** Absent for the way in from the start. */
  readonly edge?: GraphEdge;
  readonly toName: string;
  readonly fromName?: string;
  readonly points: readonly Point[];
}

/** A graph laid out; boxes come before those inside them. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
  readonly lines: readonly Line[];
  /** The centre of the dot that the first state follows. */
  readonly start?: Point;
}

export type Direction = 'TB' | 'LR';

/** What is used of dagre: its own types import files without their extensions, which TypeScript can't follow here. */
export interface Dagre {
  readonly Graph: new () => DagreGraph;
  /** Writes sizes and places into the labels of a graph. */
  layout(graph: DagreGraph): void;
}

interface DagreGraph {
  setGraph(label: object): void;
  graph(): { readonly width?: number; readonly height?: number };
  setDefaultEdgeLabel(label: () => object): void;
  setNode(id: string, size: { readonly width: number; readonly height: number }): void;
  hasNode(id: string): boolean;
  /** `x` and `y` are the centre. */
  node(id: string): Point & { readonly width: number; readonly height: number };
  setEdge(from: string, to: string): void;
  edge(from: string, to: string): { readonly points: readonly Point[] };
}

export const NODE: { readonly width: number; readonly height: number } = { width: 190, height: 56 };
const MARGIN = 16;
/** From left to right ways fan out over many low boxes, and need more room to do so. */
const RANK_GAP: Readonly<Record<Direction, number>> = { TB: 44, LR: 64 };
const TITLE_HEIGHT = 40;
const START = 'start';
const START_SIZE = 18;

/**
 * Lays out a graph with dagre. A Parallel or Map state is laid out first, and then stands as one box of that size in the
 * graph around it, since dagre draws no ways to and from clusters.
 */
export function layOut(library: Dagre, graph: Graph, direction: Direction, isOutermost = true): Layout {
  const dagre = new library.Graph();
  dagre.setGraph({
    rankdir: direction,
    ranksep: RANK_GAP[direction],
    nodesep: 20,
    edgesep: 14,
    marginx: MARGIN,
    marginy: MARGIN,
  });
  dagre.setDefaultEdgeLabel(() => ({}));
  const insides = new Map<string, Inside>();
  for (const node of graph.nodes) {
    const inside = node.inner.length === 0 ? undefined : layOutInside(library, node.inner, direction);
    if (inside) insides.set(node.id, inside);
    const { width, height } = inside ?? NODE;
    dagre.setNode(node.id, { width, height });
  }
  const hasStart = isOutermost && dagre.hasNode(graph.start);
  if (hasStart) {
    dagre.setNode(START, { width: START_SIZE, height: START_SIZE });
    dagre.setEdge(START, graph.start);
  }
  for (const { from, to } of graph.edges) dagre.setEdge(from, to);
  library.layout(dagre);

  const boxes: Box[] = [];
  const lines: Line[] = [];
  const names = new Map(graph.nodes.map(({ id, name }) => [id, name]));
  for (const node of graph.nodes) {
    const { x, y, width, height } = dagre.node(node.id);
    const box = { node, x: x - width / 2, y: y - height / 2, width, height };
    boxes.push(box);
    const inside = insides.get(node.id);
    if (!inside) continue;
    boxes.push(...inside.boxes.map((inner) => ({ ...inner, ...moved(inner, box) })));
    lines.push(...inside.lines.map((line) => ({ ...line, points: line.points.map((point) => moved(point, box)) })));
  }
  for (const edge of graph.edges) {
    const fromName = names.get(edge.from);
    lines.push({
      edge,
      toName: names.get(edge.to) ?? '',
      ...(fromName !== undefined && { fromName }),
      points: sideToSide(dagre.edge(edge.from, edge.to).points, dagre.node(edge.from), dagre.node(edge.to), direction),
    });
  }
  if (hasStart) lines.push({ toName: names.get(graph.start) ?? '', points: dagre.edge(START, graph.start).points });
  const { width = 0, height = 0 } = dagre.graph();
  return { width, height, boxes, lines, ...(hasStart && { start: dagre.node(START) }) };
}

type Rectangle = Point & { readonly width: number; readonly height: number };

/**
 * Leads a way that goes on from the middle of the side where it leaves to the middle of the side where it comes in: dagre
 * cuts it off at the nearest border, and from the other borders it would run behind the states beside it. A way back keeps
 * dagre's points.
 */
function sideToSide(points: readonly Point[], from: Rectangle, to: Rectangle, direction: Direction): readonly Point[] {
  const inner = points.slice(1, -1);
  if (direction === 'TB') {
    const [leaves, arrives] = [from.y + from.height / 2, to.y - to.height / 2];
    return leaves < arrives ? [{ x: from.x, y: leaves }, ...inner, { x: to.x, y: arrives }] : points;
  }
  const [leaves, arrives] = [from.x + from.width / 2, to.x - to.width / 2];
  return leaves < arrives ? [{ x: leaves, y: from.y }, ...inner, { x: arrives, y: to.y }] : points;
}

type Inside = Omit<Layout, 'start'>;

/** Branches side by side, below the title of the state that holds them. */
function layOutInside(library: Dagre, graphs: readonly Graph[], direction: Direction): Inside {
  const boxes: Box[] = [];
  const lines: Line[] = [];
  let width = 0;
  let height = NODE.height;
  for (const graph of graphs) {
    const inner = layOut(library, graph, direction, false);
    const corner = direction === 'TB' ? { x: width, y: TITLE_HEIGHT } : { x: 0, y: Math.max(height, TITLE_HEIGHT) };
    boxes.push(...inner.boxes.map((box) => ({ ...box, ...moved(box, corner) })));
    lines.push(...inner.lines.map((line) => ({ ...line, points: line.points.map((point) => moved(point, corner)) })));
    width = direction === 'TB' ? width + inner.width : Math.max(width, inner.width);
    height = direction === 'TB' ? Math.max(height, TITLE_HEIGHT + inner.height) : corner.y + inner.height;
  }
  return { width: Math.max(width, NODE.width), height, boxes, lines };
}

function moved({ x, y }: Point, by: Point): Point {
  return { x: x + by.x, y: y + by.y };
}

/** The layout that can be shown larger in a frame of this size. */
export function bestLayout(library: Dagre, graph: Graph, frame: { width: number; height: number }): Layout {
  const down = layOut(library, graph, 'TB');
  const right = layOut(library, graph, 'LR');
  return scaleToFit(right, frame) > scaleToFit(down, frame) * 1.15 ? right : down;
}

/** At most 1. */
export function scaleToFit(size: { width: number; height: number }, frame: { width: number; height: number }): number {
  return Math.min(1, frame.width / size.width, frame.height / size.height);
}

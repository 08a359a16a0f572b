import { type Measure, type Size, sizeOfLabel, sizeOfNode } from './label';
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
  /** The centre of its label and the label's size. */
  readonly label?: Point & Size;
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
  setEdge(from: string, to: string, label?: object): void;
  edge(from: string, to: string): Partial<Point> & { readonly points: readonly Point[] };
}

const MARGIN = 16;
/** From left to right ways fan out over many low boxes, and need more room to do so. */
const RANK_GAP: Readonly<Record<Direction, number>> = { TB: 40, LR: 72 };
const START = 'start';
const START_SIZE = 18;

/**
 * Lays out a graph with dagre. A Parallel or Map state is laid out first, and then stands as one box of that size in the
 * graph around it, since dagre draws no ways to and from clusters.
 */
export function layOut(
  library: Dagre,
  graph: Graph,
  direction: Direction,
  measure: Measure,
  isOutermost = true,
): Layout {
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
    const inside = node.inner.length === 0 ? undefined : layOutInside(library, node, direction, measure);
    if (inside) insides.set(node.id, inside);
    const { width, height } = inside ?? sizeOfNode(node, measure);
    dagre.setNode(node.id, { width, height });
  }
  const hasStart = isOutermost && dagre.hasNode(graph.start);
  if (hasStart) {
    dagre.setNode(START, { width: START_SIZE, height: START_SIZE });
    dagre.setEdge(START, graph.start);
  }
  for (const { from, to, label } of graph.edges) {
    dagre.setEdge(from, to, label === '' ? {} : { ...sizeOfLabel(label, measure), labelpos: 'c' });
  }
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
    lines.push(...inside.lines.map((line) => movedLine(line, box)));
  }
  for (const edge of graph.edges) {
    const fromName = names.get(edge.from);
    const { x, y, points } = dagre.edge(edge.from, edge.to);
    const label = x === undefined || y === undefined ? undefined : { x, y, ...sizeOfLabel(edge.label, measure) };
    const ends = [dagre.node(edge.from), dagre.node(edge.to)] as const;
    lines.push({
      edge,
      toName: names.get(edge.to) ?? '',
      ...(fromName !== undefined && { fromName }),
      ...(label && { label }),
      points: throughLabel(sideToSide(points, ...ends, direction), label, direction),
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

/** Leads a way straight through its label: it is drawn as a curve, which would pass beside one of its points. */
function throughLabel(points: readonly Point[], label: Line['label'], direction: Direction): readonly Point[] {
  if (!label) return points;
  const [dx, dy] = direction === 'LR' ? [label.width / 2 + 6, 0] : [0, label.height / 2 + 6];
  return points.flatMap((point) => {
    const isLabel = Math.hypot(point.x - label.x, point.y - label.y) < 1;
    return isLabel ? straight(point, points, { dx, dy }) : [point];
  });
}

function straight({ x, y }: Point, points: readonly Point[], { dx, dy }: { dx: number; dy: number }): Point[] {
  const [first, last] = [points[0], points.at(-1)];
  const isBack = first !== undefined && last !== undefined && (dx > 0 ? last.x < first.x : last.y < first.y);
  const around = [
    { x: x - dx, y: y - dy },
    { x: x + dx, y: y + dy },
  ];
  return isBack ? around.reverse() : around;
}

type Inside = Omit<Layout, 'start'>;

/** Branches side by side, below the title of the state that holds them. */
function layOutInside(library: Dagre, node: GraphNode, direction: Direction, measure: Measure): Inside {
  const title = sizeOfNode(node, measure);
  const boxes: Box[] = [];
  const lines: Line[] = [];
  let width = 0;
  let height = title.height;
  for (const graph of node.inner) {
    const inner = layOut(library, graph, direction, measure, false);
    const corner = direction === 'TB' ? { x: width, y: title.height } : { x: 0, y: height };
    boxes.push(...inner.boxes.map((box) => ({ ...box, ...moved(box, corner) })));
    lines.push(...inner.lines.map((line) => movedLine(line, corner)));
    width = direction === 'TB' ? width + inner.width : Math.max(width, inner.width);
    height = direction === 'TB' ? Math.max(height, title.height + inner.height) : corner.y + inner.height;
  }
  return { width: Math.max(width, title.width), height, boxes, lines };
}

function moved({ x, y }: Point, by: Point): Point {
  return { x: x + by.x, y: y + by.y };
}

function movedLine(line: Line, by: Point): Line {
  const points = line.points.map((point) => moved(point, by));
  return { ...line, points, ...(line.label && { label: { ...line.label, ...moved(line.label, by) } }) };
}

/** The layout that can be shown larger in a frame of this size. */
export function bestLayout(
  library: Dagre,
  graph: Graph,
  frame: { width: number; height: number },
  measure: Measure,
): Layout {
  const down = layOut(library, graph, 'TB', measure);
  const right = layOut(library, graph, 'LR', measure);
  return scaleToFit(right, frame) > scaleToFit(down, frame) * 1.15 ? right : down;
}

/** At most 1. */
export function scaleToFit(size: { width: number; height: number }, frame: { width: number; height: number }): number {
  return Math.min(1, frame.width / size.width, frame.height / size.height);
}

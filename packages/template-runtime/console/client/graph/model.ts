/** A state as the graph shows it. */
export interface GraphNode {
  /** The names around it and its own: unique even where two branches use one name. */
  readonly id: string;
  readonly name: string;
  readonly type: string;
  /** Nothing comes after it. */
  readonly isEnd: boolean;
  /** The branches of a Parallel state, or the item processor of a Map state. */
  readonly inner: readonly Graph[];
}

export interface GraphEdge {
  /** Ids. */
  readonly from: string;
  readonly to: string;
  /** Rules of a Choice and catchers that lead this way, in words. */
  readonly labels: readonly string[];
  readonly isCatch: boolean;
}

/** The states of a machine, a branch or an iteration. */
export interface Graph {
  /** Id of the first state. */
  readonly start: string;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

export interface Model extends Graph {
  readonly comment?: string;
  /** Each state's definition, by its name. */
  readonly definitions: ReadonlyMap<string, unknown>;
}

interface StateDefinition {
  readonly Type: string;
  readonly Next?: string;
  readonly Default?: string;
  readonly Choices?: readonly { readonly Next: string }[];
  readonly Catch?: readonly { readonly Next: string; readonly ErrorEquals: readonly string[] }[];
  readonly Branches?: readonly MachineDefinition[];
  readonly ItemProcessor?: MachineDefinition;
}

interface MachineDefinition {
  readonly Comment?: string;
  readonly StartAt: string;
  readonly States: Readonly<Record<string, StateDefinition>>;
}

/** Reads a definition that the runtime has accepted. */
export function readDefinition(text: string): Model {
  const machine = JSON.parse(text) as MachineDefinition;
  const definitions = new Map<string, unknown>();
  const { Comment: comment } = machine;
  return { ...readGraph(machine, '', definitions), definitions, ...(comment !== undefined && { comment }) };
}

function readGraph({ StartAt, States }: MachineDefinition, around: string, definitions: Map<string, unknown>): Graph {
  const idOf = (name: string): string => JSON.stringify([around, name]);
  const nodes = Object.entries(States).map(([name, state]): GraphNode => {
    definitions.set(name, state);
    const { Branches = [], ItemProcessor } = state;
    const inner = ItemProcessor ? [ItemProcessor] : Branches;
    return {
      id: idOf(name),
      name,
      type: state.Type,
      isEnd: waysOut(state).length === 0,
      inner: inner.map((graph, index) => readGraph(graph, `${idOf(name)}${index}`, definitions)),
    };
  });
  const edges = Object.entries(States).flatMap(([name, state]) =>
    merged(waysOut(state)).map(({ to, ...edge }) => ({ ...edge, from: idOf(name), to: idOf(to) })),
  );
  return { start: idOf(StartAt), nodes, edges };
}

interface WayOut {
  readonly to: string;
  readonly label?: string;
  readonly isCatch: boolean;
}

function waysOut({ Next, Default, Choices = [], Catch = [] }: StateDefinition): WayOut[] {
  return [
    ...(Next === undefined ? [] : [{ to: Next, isCatch: false }]),
    ...Choices.map((rule, index) => ({ to: rule.Next, label: `Rule ${index + 1}`, isCatch: false })),
    ...(Default === undefined ? [] : [{ to: Default, label: 'Default', isCatch: false }]),
    ...Catch.map((catcher) => ({ to: catcher.Next, label: `Catch ${catcher.ErrorEquals.join(', ')}`, isCatch: true })),
  ];
}

/** One edge per target; it is a catcher's only where nothing else leads there. */
function merged(ways: readonly WayOut[]): { to: string; labels: string[]; isCatch: boolean }[] {
  const edges = new Map<string, { to: string; labels: string[]; isCatch: boolean }>();
  for (const { to, label, isCatch } of ways) {
    const edge = edges.get(to) ?? { to, labels: [], isCatch: true };
    edges.set(to, edge);
    if (label !== undefined) edge.labels.push(label);
    edge.isCatch &&= isCatch;
  }
  return Array.from(edges.values());
}

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

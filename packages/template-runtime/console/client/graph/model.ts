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
  /** For how many ways it stands that aren't shown: then it isn't a state, and `name` is the Choice they leave. */
  readonly folded?: number;
  /** Ways that are written rather than drawn: then it isn't a state, and `name` is the state they leave. */
  readonly jumps?: readonly Jump[];
}

/** A way to a state that stands elsewhere. */
export interface Jump {
  readonly label: string;
  readonly to: string;
}

export interface GraphEdge {
  /** Ids. */
  readonly from: string;
  readonly to: string;
  /** Rules of a Choice and catchers that lead this way, in words. */
  readonly labels: readonly string[];
  /** The same in a word or two, to be written on the way. */
  readonly label: string;
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
  readonly definitions: ReadonlyMap<string, StateDefinition>;
}

export interface StateDefinition {
  readonly Type: string;
  readonly Comment?: string;
  readonly Next?: string;
  readonly Default?: string;
  readonly Choices?: readonly { readonly Next: string; readonly Condition?: unknown }[];
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
  const definitions = new Map<string, StateDefinition>();
  const { Comment: comment } = machine;
  return { ...readGraph(machine, '', definitions), definitions, ...(comment !== undefined && { comment }) };
}

function readGraph(
  { StartAt, States }: MachineDefinition,
  around: string,
  definitions: Map<string, StateDefinition>,
): Graph {
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

/** A way out of a state: by `Next`, a rule, the default or a catcher. */
export interface WayOut {
  readonly to: string;
  /** Which one it is: `Rule 3`, `Default`, `Catch States.ALL`. */
  readonly label?: string;
  /** When it is taken, in words. */
  readonly condition?: string;
  readonly rule?: number;
  readonly isCatch: boolean;
}

/** The ways out of a state, in the order in which they are tried. */
export function waysOut({ Next, Default, Choices = [], Catch = [] }: StateDefinition): WayOut[] {
  return [
    ...(Next === undefined ? [] : [{ to: Next, isCatch: false }]),
    ...Choices.map(({ Next: to, Condition }, index) => ({
      to,
      rule: index + 1,
      label: `Rule ${index + 1}`,
      condition: inWords(Condition),
      isCatch: false,
    })),
    ...(Default === undefined ? [] : [{ to: Default, label: 'Default', condition: 'no rule holds', isCatch: false }]),
    ...Catch.map(({ Next: to, ErrorEquals: errors }) => {
      const names = errors.join(', ');
      return { to, label: `Catch ${names}`, condition: `the error is ${names}`, isCatch: true };
    }),
  ];
}

/** A condition without what all conditions have in common. */
function inWords(condition: unknown): string {
  if (typeof condition !== 'string') return JSON.stringify(condition) ?? '';
  return condition.replace(/^\{%\s*|\s*%\}$/g, '').replaceAll('$states.', '');
}

/** One edge per target; it is a catcher's only where nothing else leads there. */
function merged(ways: readonly WayOut[]): Omit<GraphEdge & { to: string }, 'from'>[] {
  const byTarget = new Map<string, WayOut[]>();
  for (const way of ways) byTarget.set(way.to, [...(byTarget.get(way.to) ?? []), way]);
  return Array.from(byTarget, ([to, some]) => ({
    to,
    labels: some.flatMap(({ label, condition }) =>
      label === undefined ? [] : [condition === undefined ? label : `${label}: ${condition}`],
    ),
    label: shortLabel(some),
    isCatch: some.every(({ isCatch }) => isCatch),
  }));
}

/** `rules 1–5, 7, default`: rules by number, for what they say can be long. */
function shortLabel(ways: readonly WayOut[]): string {
  if (ways.some(({ label }) => label === undefined)) return ''; // `Next` leads there in any case
  const rules = ways.flatMap(({ rule }) => (rule === undefined ? [] : [rule]));
  const ranges: [number, number][] = [];
  for (const rule of rules) {
    const last = ranges.at(-1);
    if (last && last[1] === rule - 1) last[1] = rule;
    else ranges.push([rule, rule]);
  }
  const numbers = ranges.map(([first, last]) => (first === last ? `${first}` : `${first}–${last}`)).join(', ');
  return [
    ...(rules.length === 0 ? [] : [`${rules.length === 1 ? 'rule' : 'rules'} ${numbers}`]),
    ...(ways.some(({ label }) => label === 'Default') ? ['default'] : []),
    ...(ways.some(({ isCatch }) => isCatch) ? ['catch'] : []),
  ].join(', ');
}

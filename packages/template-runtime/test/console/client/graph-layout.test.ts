import { readFileSync } from 'node:fs';
import path from 'node:path';
import { sizeOfNode, wrapped } from '../../../console/client/graph/label';
import { type Box, type Dagre, layOut } from '../../../console/client/graph/layout';
import { type Graph, type GraphNode, readDefinition } from '../../../console/client/graph/model';
import { pruned, withFolds, withJumps } from '../../../console/client/graph/narrow';

const DAGRE = jest.requireActual<Dagre>('@dagrejs/dagre');

const branch = (name: string): object => ({
  StartAt: `${name} 1`,
  States: { [`${name} 1`]: { Type: 'Pass', Next: `${name} 2` }, [`${name} 2`]: { Type: 'Pass', End: true } },
});

const MODEL = readDefinition(
  JSON.stringify({
    Comment: 'Two branches',
    StartAt: 'Which?',
    States: {
      'Which?': {
        Type: 'Choice',
        Choices: [
          { Condition: '{% $a %}', Next: 'Both' },
          { Condition: '{% $b %}', Next: 'Both' },
        ],
        Default: 'Done',
      },
      Both: {
        Type: 'Parallel',
        Branches: [branch('Left'), { ...branch('Right') }],
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Done' }],
        Next: 'Each',
      },
      Each: { Type: 'Map', ItemProcessor: branch('Item'), Next: 'Done' },
      Done: { Type: 'Succeed' },
    },
  }),
);

/** About what a bold sans serif takes. */
const measure = (text: string): number => text.length * 8.6;
const never = (): boolean => false;

const isInside = (inner: Box, outer: Box): boolean =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.width <= outer.x + outer.width &&
  inner.y + inner.height <= outer.y + outer.height;
const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

describe('the graph of a definition', () => {
  it('has one way for several rules, and dashes only what nothing but a catcher takes', () => {
    const ways = MODEL.edges.map(({ labels, label, isCatch }) => ({ labels, label, isCatch }));

    expect(ways).toEqual([
      { labels: ['Rule 1: $a', 'Rule 2: $b'], label: 'rules 1–2', isCatch: false },
      { labels: ['Default: no rule holds'], label: 'default', isCatch: false },
      { labels: [], label: '', isCatch: false },
      { labels: ['Catch States.ALL: the error is States.ALL'], label: 'catch', isCatch: true },
      { labels: [], label: '', isCatch: false },
    ]);
    expect(MODEL.nodes.filter(({ isEnd }) => isEnd).map(({ name }) => name)).toEqual(['Done']);
  });

  it.each(['TB', 'LR'] as const)(
    'is laid out %s with what is in a state inside its box, and nothing overlapping',
    (direction) => {
      const { boxes, width, height } = layOut(DAGRE, MODEL, direction, measure);

      const box = (name: string): Box => {
        const found = boxes.find(({ node }) => node.name === name);
        if (!found) throw new Error(`${name} is not laid out`);
        return found;
      };
      const inner = ['Left 1', 'Left 2', 'Right 1', 'Right 2'].map(box);
      for (const each of inner) expect(isInside(each, box('Both'))).toBe(true);
      expect(isInside(box('Item 2'), box('Each'))).toBe(true);
      for (const group of [inner, ['Which?', 'Both', 'Each', 'Done'].map(box)]) {
        group.forEach((a, index) => group.slice(index + 1).forEach((b) => expect(overlap(a, b)).toBe(false)));
      }
      for (const each of boxes) expect(each.x + each.width <= width && each.y + each.height <= height).toBe(true);
    },
  );

  it.each(['TB', 'LR'] as const)(
    'leads ways from the middle of a side to the middle of a side, going %s',
    (direction) => {
      const { boxes, lines } = layOut(DAGRE, MODEL, direction, measure);
      const box = (name: string) => boxes.find(({ node }) => node.name === name);

      const way = lines.find(({ fromName, toName }) => fromName === 'Which?' && toName === 'Both');

      const [from, to] = [box('Which?'), box('Both')];
      const ends = [way?.points[0], way?.points.at(-1)];
      if (!from || !to) throw new Error('the states are there');
      expect(ends).toEqual(
        direction === 'TB'
          ? [
              { x: from.x + from.width / 2, y: from.y + from.height },
              { x: to.x + to.width / 2, y: to.y },
            ]
          : [
              { x: from.x + from.width, y: from.y + from.height / 2 },
              { x: to.x, y: to.y + to.height / 2 },
            ],
      );
    },
  );

  it('can be narrowed to what was entered', () => {
    const entered = pruned(
      MODEL,
      (name) => ['Which?', 'Done'].includes(name),
      (from, to) => from === 'Which?' && to === 'Done',
    );

    expect(entered.nodes.map(({ name }) => name)).toEqual(['Which?', 'Done']);
    expect(entered.edges).toHaveLength(1);
  });
});

describe('a name in the graph', () => {
  const node = (name: string): GraphNode => ({ id: name, name, type: 'Task', isEnd: false, inner: [] });

  it('stands whole in its box, on three lines at most', () => {
    const name = 'Increment a shard in DynamoDB with a key that is very long, as no other is';

    const { width, height } = sizeOfNode(node(name), measure);

    const lines = wrapped(name, width - 26, measure);
    expect(lines.length).toBeLessThanOrEqual(3);
    expect(lines.join(' ')).toBe(name);
    expect(height).toBeGreaterThanOrEqual(lines.length * 18);
  });

  it('widens its box for a word that can’t be broken', () => {
    const { width } = sizeOfNode(node('Supercalifragilisticexpialidocious'), measure);

    expect(width).toBeGreaterThan(measure('Supercalifragilisticexpialidocious'));
  });
});

describe('a Choice with many ways', () => {
  const rules = Array.from({ length: 15 }, (_, index) => ({
    Condition: `{% $way = ${index} %}`,
    Next: `Way ${index}`,
  }));
  const ends = Object.fromEntries(rules.map(({ Next }) => [Next, { Type: 'Succeed' }]));
  const fan = readDefinition(
    JSON.stringify({ StartAt: 'Which?', States: { 'Which?': { Type: 'Choice', Choices: rules }, ...ends } }),
  );

  it('folds those that were not taken behind their number', () => {
    const taken = pruned(
      fan,
      (name) => ['Which?', 'Way 3'].includes(name),
      () => true,
    );

    const { nodes, edges } = withFolds(taken, fan);

    expect(nodes.map(({ name, folded }) => [name, folded])).toEqual([
      ['Which?', undefined],
      ['Way 3', undefined],
      ['Which?', 14],
    ]);
    expect(edges).toHaveLength(2);
  });

  it('folds nothing where all ways were taken', () => {
    expect(withFolds(fan, fan).nodes).toHaveLength(16);
  });

  it.each(['TB', 'LR'] as const)('is legible: no label on another, going %s', (direction) => {
    expectLegible(fan, direction);
  });
});

/** No box, and no label of a way, overlaps another or a state. */
function expectLegible(graph: Graph, direction: 'TB' | 'LR'): void {
  const { boxes, lines } = layOut(DAGRE, graph, direction, measure);
  const labels = lines.flatMap(({ label }) =>
    label ? [{ ...label, x: label.x - label.width / 2, y: label.y - label.height / 2 }] : [],
  );
  const simple = boxes.filter(({ node }) => node.inner.length === 0);
  const areas = [...simple, ...labels] as Box[];
  const overlaps = areas.flatMap((a, index) =>
    areas
      .slice(index + 1)
      .filter((b) => overlap(a, b))
      .map((b) => [a, b]),
  );
  expect(overlaps).toEqual([]);
}

const definitionOf = (name: string) =>
  readDefinition(readFileSync(path.resolve(`state-machines/${name}.asl.json`), 'utf8'));

describe.each(['increment', 'read', 'setup'])('the machine %s, with every store and shards', (name) => {
  const machine = definitionOf(name);
  const graph = withJumps(machine, never);

  it.each(['TB', 'LR'] as const)('is legible as a whole, going %s', (direction) => expectLegible(graph, direction));

  it('shows every state, and every way: drawn, or written behind the state that it leaves', () => {
    const written = graph.nodes.flatMap(({ jumps = [] }) => jumps);
    const drawn = graph.edges.filter(({ to }) => !to.endsWith(' jumps'));

    expect(graph.nodes.filter(({ jumps }) => !jumps)).toHaveLength(machine.nodes.length);
    expect(drawn.length + written.length).toBe(machine.edges.length);
  });

  it('leads no more than three ways into one state', () => {
    const ways = new Map<string, number>();
    for (const { to } of graph.edges) ways.set(to, (ways.get(to) ?? 0) + 1);

    expect(Math.max(0, ...ways.values())).toBeLessThanOrEqual(3);
  });
});

it('draws a way that was taken, also where it would be written', () => {
  const machine = definitionOf('increment');

  const { edges } = withJumps(machine, (from, to) => from === 'Increment in TiDB' && to === 'Invalid request');

  const ids = new Map(machine.nodes.map(({ id, name }) => [name, id]));
  expect(edges).toContainEqual(
    expect.objectContaining({ from: ids.get('Increment in TiDB'), to: ids.get('Invalid request') }),
  );
});

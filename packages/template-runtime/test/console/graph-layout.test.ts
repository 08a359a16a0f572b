import { type Box, type Dagre, layOut } from '../../console/client/graph/layout';
import { pruned, readDefinition } from '../../console/client/graph/model';

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

const isInside = (inner: Box, outer: Box): boolean =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.width <= outer.x + outer.width &&
  inner.y + inner.height <= outer.y + outer.height;
const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

describe('the graph of a definition', () => {
  it('has one way for several rules, and dashes only what nothing but a catcher takes', () => {
    const ways = MODEL.edges.map(({ labels, isCatch }) => ({ labels, isCatch }));

    expect(ways).toEqual([
      { labels: ['Rule 1', 'Rule 2'], isCatch: false },
      { labels: ['Default'], isCatch: false },
      { labels: [], isCatch: false },
      { labels: ['Catch States.ALL'], isCatch: true },
      { labels: [], isCatch: false },
    ]);
    expect(MODEL.nodes.filter(({ isEnd }) => isEnd).map(({ name }) => name)).toEqual(['Done']);
  });

  it.each(['TB', 'LR'] as const)(
    'is laid out %s with what is in a state inside its box, and nothing overlapping',
    (direction) => {
      const { boxes, width, height } = layOut(DAGRE, MODEL, direction);

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
      const { boxes, lines } = layOut(DAGRE, MODEL, direction);
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

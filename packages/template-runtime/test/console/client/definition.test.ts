import { linesOfState } from '../../../console/client/execution/definition';

const LINES = JSON.stringify(
  {
    StartAt: 'Arguments',
    States: {
      Arguments: { Type: 'Task', Arguments: { Output: { a: 1 } }, Next: 'Both' },
      Both: {
        Type: 'Parallel',
        Branches: [{ StartAt: 'Output', States: { Output: { Type: 'Succeed' } } }],
        Next: 'Say "hi"',
      },
      'Say "hi"': { Type: 'Succeed' },
    },
  },
  null,
  2,
).split('\n');

const textOf = (state: string): string => {
  const [from, to] = linesOfState(LINES, state);
  return LINES.slice(from, to).join('\n');
};

describe('the lines of a state in a definition', () => {
  it('are its own, whatever fields are named like it', () => {
    expect(textOf('Arguments')).toContain('"Next": "Both"');
    expect(textOf('Output')).toBe(
      `${' '.repeat(12)}"Output": {\n${' '.repeat(14)}"Type": "Succeed"\n${' '.repeat(12)}}`,
    );
  });

  it('have what is in it', () => {
    expect(textOf('Both')).toContain('"Output": {');
  });

  it('are found by a name with quotes, and none are found by another', () => {
    expect(textOf('Say "hi"')).toContain('Succeed');
    expect(linesOfState(LINES, 'Nobody')).toEqual([0, 0]);
  });
});

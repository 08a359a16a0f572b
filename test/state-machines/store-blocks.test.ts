import { readFileSync } from 'node:fs';
import path from 'node:path';

interface Choice {
  readonly Next: string;
  Output?: unknown;
}

interface State {
  Comment?: string;
  Choices?: Choice[];
  Output?: unknown;
}

type States = Record<string, State>;

const STORES = [
  ['redis', 'Redis'],
  ['momento', 'Momento'],
  ['docdb', 'DocumentDB'],
  ['tidb', 'TiDB'],
] as const;

const root = path.join(__dirname, '..', '..');

const statesOf = (file: string): States =>
  (JSON.parse(readFileSync(path.join(root, 'state-machines', file), 'utf8')) as { States: States }).States;

/**
 * What a state machine has for one store, with its name and title replaced: the choices that lead to its states, and these.
 * A comment stands at the first block alone, so comments are left out.
 */
function blockOf(file: string, name: string, title: string): { choices: Choice[]; states: States } {
  const states = statesOf(file);
  const isOwn = (state: string): boolean => new RegExp(`\\b${title}\\b`).test(state);
  const own = Object.entries(states).filter(([state]) => isOwn(state));
  const block = {
    choices: ['Which store?', 'Which store, with a key?'].flatMap(
      (router) => states[router]?.Choices?.filter(({ Next }) => isOwn(Next)) ?? [],
    ),
    states: Object.fromEntries(own.map(([state, fields]) => [state, { ...fields, Comment: undefined }])),
  };
  const renamed = JSON.stringify(block)
    .replaceAll(title, '<Title>')
    .replaceAll(`'${name}'`, "'<store>'")
    .replaceAll(`"${name}"`, '"<store>"');
  return JSON.parse(renamed) as ReturnType<typeof blockOf>;
}

/** A field as it is meant to be in one store, taken out of its block: then the rest must be the others'. */
function take<Owner extends { Output?: unknown }>(owner: Owner | undefined): unknown {
  const output = owner?.Output;
  delete owner?.Output;
  return output;
}

describe('the blocks of the stores with a function, but for name and title', () => {
  it('have three tasks, two choices and four endings to increment, and a task to read', () => {
    expect(Object.keys(blockOf('increment.asl.json', 'redis', 'Redis').states)).toEqual([
      'Increment in <Title> below the limit',
      'Increment in <Title>',
      'Increment in <Title> with a key',
      "Did <Title>'s function run?",
      'Incremented in <Title>?',
      'Incremented in <Title>',
      'Limit reached in <Title>',
      '<Title> unavailable',
      '<Title> outcome unknown',
    ]);
    expect(Object.keys(blockOf('read.asl.json', 'redis', 'Redis').states)).toEqual(['Read in <Title>']);
  });

  it.each(STORES.filter(([name]) => name !== 'momento'))('increment in %s as the others do', (name, title) => {
    expect(blockOf('increment.asl.json', name, title)).toEqual(blockOf('increment.asl.json', 'redis', 'Redis'));
  });

  it('increment in Momento as the others do, but that the strategy goes on to its tasks without a key, and not with a step alone', () => {
    const momento = blockOf('increment.asl.json', 'momento', 'Momento');
    const others = blockOf('increment.asl.json', 'redis', 'Redis');

    const strategy = "$exists($states.input.momentoStrategy) ? {'strategy': $states.input.momentoStrategy}";
    expect(momento.choices.slice(0, 2).map(take)).toEqual([
      `{% $merge([{'id': $states.input.id, 'max': $states.input.useConditionalWrites ? $states.input.max : '9007199254740991'}, $states.input.useConditionalWrites and ${strategy}, $exists($states.input.by) ? {'by': $states.input.by}]) %}`,
      `{% $merge([{'id': $states.input.id}, ${strategy}]) %}`,
    ]);
    others.choices.forEach(take);
    expect(momento).toEqual(others);
  });

  it.each([
    ['redis', 'Redis', 'eventual'],
    ['momento', 'Momento', 'strong'],
    ['docdb', 'DocumentDB', 'strong'],
    ['tidb', 'TiDB', 'strong'],
  ])('read in %s as the others do, but for the consistency', (name, title, consistency) => {
    const block = blockOf('read.asl.json', name, title);
    const others = blockOf('read.asl.json', 'redis', 'Redis');

    expect(take(block.states['Read in <Title>'])).toEqual({ counter: '{% $states.result.counter %}', consistency });
    take(others.states['Read in <Title>']);
    expect(block).toEqual(others);
  });
});

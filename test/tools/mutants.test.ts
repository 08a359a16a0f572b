import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { KEYED_MUTANTS } from '../../tools/mutants/keyed-mutants';
import { type Mistake, type Mutant, MUTANTS } from '../../tools/mutants/mutants';
import { mutated } from '../../tools/mutants/working-copy';
import { STORE_NAMES } from '../../tools/reliability/tables';
import { projectRoot } from '../../lib/project-root';

const named = [...MUTANTS, ...KEYED_MUTANTS].map((mutant): [string, Mistake] => [
  `${mutant.store} ${mutant.mistake}`,
  mutant,
]);

describe('the mutants', () => {
  it.each(named)('have a place for the one in which %s', (_name, mutant) => {
    const source = readFileSync(path.join(projectRoot(), mutant.file), 'utf8');

    expect(mutated(source, mutant)).not.toBe(source);
  });

  it.each(Object.keys(STORE_NAMES))('are of each kind for %s', (name) => {
    const kinds = MUTANTS.filter(({ store }) => store === name).map(({ kind }) => kind);

    expect(kinds).toEqual(expect.arrayContaining(['wrong class', 'early refusal', 'over the limit', 'double count']));
  });

  it.each(Object.keys(STORE_NAMES))('are in the keys of %s, too, and each has a test file', (name) => {
    const tests = KEYED_MUTANTS.filter(({ store }) => store === name).map(({ test }) => test);

    expect(tests.length).toBeGreaterThanOrEqual(3);
    expect(tests.filter((test) => !existsSync(path.join(projectRoot(), test)))).toEqual([]);
  });
});

describe('planting a mutant', () => {
  const mutant = { mistake: 'adds two', file: 'increment.ts', find: '1', replace: '2' } as Mutant;

  it('changes the one place of its text, or the first after another', () => {
    expect(mutated('by 1', mutant)).toBe('by 2');
    expect(mutated('1, then: 1, 1', { ...mutant, after: 'then' })).toBe('1, then: 2, 1');
  });

  it('fails where the text has gone, or could be another', () => {
    expect(() => mutated('by one', mutant)).toThrow(
      'increment.ts must have this once, for the mutant that adds two: 1',
    );
    expect(() => mutated('1 or 1', mutant)).toThrow('once');
    expect(() => mutated('1, then', { ...mutant, after: 'then' })).toThrow('after then');
  });
});

import { compileValuePath, counterOf } from '../../../compare/load/value-path';

describe('the path of a value', () => {
  it.each([
    ['$', 5, 5],
    ['$.counter', { counter: 5 }, 5],
    ['$.data.items[1].n', { data: { items: [{ n: 4 }, { n: 5 }] } }, 5],
    [`$['a b']["c"]`, { 'a b': { c: 5 } }, 5],
    ['$.counter', { other: 5 }, undefined],
    ['$.counter.n', { counter: null }, undefined],
    ['$.constructor', {}, undefined],
  ])('%s of %j is %j', (path, json, value) => {
    expect(compileValuePath(path)(json)).toBe(value);
  });

  it.each(['', 'counter', '$counter', '$.', '$..counter', '$.a[*]', '$.a[?(@.b)]', '$.a[-1]', '$.a b', '$.a['])(
    'is refused where it is %j',
    (path) => {
      expect(() => compileValuePath(path)).toThrow(/^valuePath takes names and indexes, .*, got "/);
    },
  );
});

it.each([
  [5, 5],
  ['5', 5],
  [-3, -3],
  [5.5, undefined],
  ['5.0', undefined],
  [2 ** 53, undefined],
  ['9007199254740992', undefined],
  ['', undefined],
  [null, undefined],
])('a counter of %j is %j', (value, counter) => {
  expect(counterOf(value)).toBe(counter);
});

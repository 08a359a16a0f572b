import jsonata from 'jsonata';
import { isBounded } from '../../step-functions/expressions/bounded-expression';
import type { AstNode } from '../../step-functions/expressions/ast';

const bounded = (source: string): boolean => isBounded(jsonata(source).ast() as AstNode);

describe('an expression is evaluated in place', () => {
  it.each([
    "$states.input.a = 'x' or $states.input.b > 1",
    '$contains($states.input.id, /[^A-Za-z0-9*+?]/)',
    '$parse($states.errorOutput.Cause).errorMessage',
    "{'a': [1, $states.input.b], 'c': $string($states.input)}",
    '$uuid() & $now()',
  ])('where it can not run away: %s', (source) => {
    expect(bounded(source)).toBe(true);
  });

  it.each([
    ['recursion', '($f := function($x){ $f($x) }; $f(1))'],
    ['a range', '[1..10]'],
    ['a product of sequences', '$states.input.a.$states.input.a'],
    ['a filter', '$states.input.a[b = 1]'],
    ['a quantifier in a regular expression', '$contains($states.input.a, /(a+)+$/)'],
    ['a quantifier after a class', '$contains($states.input.a, /[ab]*c/)'],
    ['a back reference', '$contains($states.input.a, /(a)\\1/)'],
    ['a quadratic function', '$distinct($states.input.a)'],
    ['a function that allocates', "$pad('', 1000000000)"],
    ['growth upon growth', '$string([$string([$string([$states.input])])])'],
    ['bound values that double', '($a := $states.input.s; $b := $a & $a; $b & $b)'],
    ['deep nesting', Array.from({ length: 80 }, () => '1').join('+')],
    ['a descendant search', '$states.input.**.a'],
    ['sorting', '$states.input.a^(b)'],
  ])('but not with %s', (_what, source) => {
    expect(bounded(source)).toBe(false);
  });
});

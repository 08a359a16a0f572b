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
    '$contains($states.input.n, /^-?[0-9]+$/)',
    '$contains($states.input.cause, /Count: (?:[2-9]|1[0-9])\\.?$/)',
    '$uuid() & $now()',
    '$order[$place] + $seen[0].n',
    '$floor($toMillis($states.context.Execution.StartTime) / 1000)',
    "$formatNumber($number($states.input.max) - 1, '0')",
    "($limit := $number($states.input.max); {'remaining': $max([0, $limit - $states.input.counter])})",
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
    ['a quantifier behind no beginning', '$contains($states.input.a, /[ab]+c/)'],
    ['a quantifier behind the beginning of any line', '$contains($states.input.a, /^[ab\\s]+c/m)'],
    ['a quantifier beside another way', '$contains($states.input.a, /^a|b+c/)'],
    ['two quantifiers', '$contains($states.input.a, /^a+a+$/)'],
    ['a quantifier of a group', '$contains($states.input.a, /^(?:aa)+$/)'],
    ['many optional parts', '$contains($states.input.a, /a?a?a?a?a?aaaaa/)'],
    ['a counted quantifier', '$contains($states.input.a, /^(a|aa){2,}$/)'],
    ['a back reference', '$contains($states.input.a, /(a)\\1/)'],
    ['a quadratic function', '$distinct($states.input.a)'],
    ['a function that allocates', "$pad('', 1000000000)"],
    ['growth upon growth', '$string([$string([$string([$states.input])])])'],
    ['bound values that double', '($a := $states.input.s; $b := $a & $a; $b & $b)'],
    ['bound values that pile up', '($a := [$states.input.s, $states.input.s]; $b := [$a, $a]; [$b, $b])'],
    ['a bound value that grows', '($a := $string($states.input); $b := $string($a); $string($string($b)))'],
    ['any text as a time', '$toMillis($states.input.time)'],
    ['a picture that is computed', '$formatNumber(1, $states.input.picture)'],
    ['another meaning of $states', '($states := $v; $toMillis($states.context.Execution.StartTime))'],
    ['deep nesting', Array.from({ length: 80 }, () => '1').join('+')],
    ['a descendant search', '$states.input.**.a'],
    ['an index that is computed', '$order[$sum($order)]'],
    ['sorting', '$states.input.a^(b)'],
  ])('but not with %s', (_what, source) => {
    expect(bounded(source)).toBe(false);
  });
});

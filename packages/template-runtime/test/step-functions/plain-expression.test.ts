import fc from 'fast-check';
import jsonata from 'jsonata';
import type { AstNode } from '../../step-functions/expressions/ast';
import { evaluateCompiled, prepare } from '../../step-functions/expressions/evaluation';
import { EvaluationError } from '../../step-functions/expressions/values';
import { compilePlain, NOT_PLAIN } from '../../step-functions/expressions/plain-expression';
import type { Bindings } from '../../step-functions/expressions/plain-expression';

const names = fc.constantFrom('a', 'b', 'c', 'é');
const scalars = fc.oneof(
  fc.constantFrom('2026-11-27T10:00:00.123Z', '2026-02-30T00:00:00Z', '2026-11-27', '0000-01-01T24:00:00Z'),
  fc.constantFrom('', 'x', 'yes', '12', '-3.5e2', '007', '😀', '9007199254740991'),
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom(0.1, 1e21, -0, 9007199254740992),
  fc.boolean(),
  fc.constant(null),
);
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    scalars,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(names, tie('value'), { maxKeys: 3 }),
  ),
})).value;

const literals = fc.constantFrom(
  ...["'x'", "'yes'", "''", "' 12 '", "'0x10'", "'1e400'", "'\\u00e9'", "'😀'"],
  ...['0', '1', '-2', '0.1', '1e21', 'true', 'false', 'null'],
);
const keys = fc.constantFrom('p', 'q', 'p', 'constructor', '__proto__', 'a.b', '');
const steps = fc.oneof(
  { weight: 8, arbitrary: names },
  { weight: 1, arbitrary: fc.constantFrom('constructor', 'toString', '__proto__', 'length') },
);
/** `$unbound` is nothing, the others that aren't bound are jsonata's own functions. */
const roots = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('$v', '$w', '$states.input') },
  { weight: 2, arbitrary: fc.constantFrom('$unbound', '$states', '$exists', '$sum', '$type', '$eval', '$random') },
);
const paths = fc.tuple(roots, fc.array(steps, { maxLength: 3 })).map(([root, names]) => [root, ...names].join('.'));
const expressions = fc.letrec<{ any: string }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'medium' },
    paths,
    literals,
    fc
      .tuple(
        tie('any'),
        fc.constantFrom('=', '!=', '<', '<=', '>', '>=', 'and', 'or', '&', '+', '-', '*', '/', '%'),
        tie('any'),
      )
      .map(([a, operator, b]) => `(${a}) ${operator} (${b})`),
    fc.tuple(tie('any'), tie('any'), tie('any')).map(([a, b, c]) => `(${a}) ? (${b}) : (${c})`),
    fc.tuple(tie('any'), tie('any')).map(([a, b]) => `(${a}) ? (${b})`),
    fc
      .tuple(
        fc.constantFrom(
          ...['exists', 'type', 'length', 'not', 'string', 'number', 'merge'],
          ...['floor', 'ceil', 'max', 'min', 'toMillis'],
        ),
        tie('any'),
      )
      .map(([name, argument]) => `$${name}(${argument})`),
    tie('any').map((text) => `$contains(${text}, /[x1]|é/)`),
    tie('any').map((number) => `$formatNumber(${number}, '0')`),
    fc.tuple(tie('any'), tie('any')).map(([object, key]) => `$lookup(${object}, ${key})`),
    // The second variable may hide what the first one, the paths and the functions mean.
    fc
      .tuple(tie('any'), fc.constantFrom('w', 'v', 'type', 'floor'), tie('any'), tie('any'))
      .map(([a, name, b, c]) => `($w := ${a}; $${name} := ${b}; ${c})`),
    fc
      .array(fc.tuple(keys, tie('any')), { maxLength: 3 })
      .map((fields) => `{${fields.map(([key, value]) => `'${key}': ${value}`).join(', ')}}`),
    fc.array(tie('any'), { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
    fc
      .tuple(fc.constantFrom('$v', '$w', '$unbound'), tie('any'), fc.array(steps, { maxLength: 2 }))
      .map(([root, index, names]) => [`${root}[${index}]`, ...names].join('.')),
    // What is read of something computed.
    fc.tuple(tie('any'), steps).map(([a, step]) => `(${a}).${step}`),
  ),
})).any;

/** What the whole library makes of it: a value, nothing, or an error. */
async function byJsonata(source: string, bindings: Bindings): Promise<unknown> {
  try {
    return { value: await evaluateCompiled(prepare(source), bindings) };
  } catch (error) {
    if (error instanceof EvaluationError) return { error: error.ending };
    throw error;
  }
}

describe('a plain expression', () => {
  it('has the value that jsonata gives, or leaves it to jsonata', async () => {
    let compared = 0;
    let undefinedToo = 0;

    await fc.assert(
      fc.asyncProperty(expressions, json, json, async (source, input, v) => {
        const bindings = { v, states: { input } };
        const plain = compilePlain(jsonata(source).ast() as AstNode);
        const value = plain ? plain(bindings) : NOT_PLAIN;
        if (value === NOT_PLAIN) return;
        compared += 1;
        if (value === undefined) undefinedToo += 1;
        expect({ value }).toEqual(await byJsonata(source, bindings));
      }),
      { numRuns: 3000 },
    );

    // The generator has to reach what is compiled.
    expect(compared).toBeGreaterThan(200);
    expect(undefinedToo).toBeGreaterThan(20);
  });

  it.each([
    ['$exists($exists)', {}],
    ['$type($sum)', {}],
    ['$not($unbound)', {}],
    ['$x.constructor', { x: {} }],
    ['$x.toString.length', { x: {} }],
    ["$x = $unbound ? 'a' : 'b'", { x: 1 }],
  ])('leaves %s to jsonata, which knows more names', (source, bindings) => {
    expect(compilePlain(jsonata(source).ast() as AstNode)?.(bindings)).toBe(NOT_PLAIN);
  });

  it.each([
    "$states.input.store = 'dynamo' and $states.input.useConditionalWrites",
    "$type($states.input.id) = 'string' ? $length($states.input.id) > 128 or $contains($states.input.id, /[^a-z]/) : true",
    '$number($states.result.Attributes.atomic_counter.N)',
    "$merge([{'id': $states.input.id}, $exists($states.input.max) ? {'max': $states.input.max}])",
    "($limit := $number($states.input.max); {'remaining': $max([0, $limit - $states.input.counter])})",
    '$floor($toMillis($states.context.Execution.StartTime) / 1000)',
    "$formatNumber($number($states.input.max) - $number($states.input.by) + 1, '0')",
    '$exists($lookup($item, $keyHash))',
    '$order[$place] + 1',
    '$exists($seen[0].shards)',
  ])('is what %s compiles to', (source) => {
    const plain = compilePlain(jsonata(source).ast() as AstNode);

    expect(plain).toBeDefined();
  });

  it('is nothing where a function of that name is hidden by a variable', () => {
    const plain = compilePlain(jsonata("$type($states.input) = 'null'").ast() as AstNode);

    const value = plain?.({ type: 1, states: { input: null } });

    expect(value).toBe(NOT_PLAIN);
  });
});

import fc from 'fast-check';
import jsonata from 'jsonata';
import type { AstNode } from '../../../local/step-functions/jsonata-ast';
import { toPlainJson } from '../../../local/step-functions/jsonata-values';
import { compilePlain, NOT_PLAIN } from '../../../local/step-functions/plain-expression';

const names = fc.constantFrom('a', 'b', 'c', 'é');
const scalars = fc.oneof(
  fc.constantFrom('', 'x', 'yes', '12', '-3.5e2', '007', '😀', '9007199254740991'),
  fc.integer({ min: -3, max: 3 }),
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

const literals = fc.constantFrom("'x'", "'yes'", "''", '0', '1', '-2', 'true', 'false', 'null');
const paths = fc
  .tuple(fc.constantFrom('$v', '$states.input'), fc.array(names, { maxLength: 3 }))
  .map(([root, steps]) => [root, ...steps].join('.'));
const expressions = fc.letrec<{ any: string }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'medium' },
    paths,
    literals,
    fc
      .tuple(tie('any'), fc.constantFrom('=', '!=', '<', '<=', '>', '>=', 'and', 'or', '&'), tie('any'))
      .map(([a, operator, b]) => `(${a}) ${operator} (${b})`),
    fc.tuple(tie('any'), tie('any'), tie('any')).map(([a, b, c]) => `(${a}) ? (${b}) : (${c})`),
    fc.tuple(tie('any'), tie('any')).map(([a, b]) => `(${a}) ? (${b})`),
    fc
      .tuple(fc.constantFrom('exists', 'type', 'length', 'not', 'string', 'number', 'merge'), tie('any'))
      .map(([name, argument]) => `$${name}(${argument})`),
    tie('any').map((text) => `$contains(${text}, /[x1]|é/)`),
    fc.tuple(tie('any'), tie('any')).map(([a, b]) => `{'p': ${a}, 'q': ${b}}`),
    fc.tuple(tie('any'), tie('any')).map(([a, b]) => `[${a}, ${b}]`),
  ),
})).any;

describe('a plain expression', () => {
  it('has the value that jsonata gives, or leaves it to jsonata', async () => {
    let compared = 0;

    await fc.assert(
      fc.asyncProperty(expressions, json, json, async (source, input, v) => {
        const bindings = { v, states: { input } };
        const plain = compilePlain(jsonata(source).ast() as AstNode);
        const value = plain?.(bindings) ?? NOT_PLAIN;
        if (value === NOT_PLAIN) return;
        compared += 1;
        expect(value).toEqual(toPlainJson(await jsonata(source).evaluate(undefined, bindings)));
      }),
      { numRuns: 3000 },
    );

    // The generator has to reach what is compiled.
    expect(compared).toBeGreaterThan(200);
  });

  it.each([
    "$states.input.store = 'dynamo' and $states.input.useConditionalWrites",
    "$type($states.input.id) = 'string' ? $length($states.input.id) > 128 or $contains($states.input.id, /[^a-z]/) : true",
    '$number($states.result.Attributes.atomic_counter.N)',
    "$merge([{'id': $states.input.id}, $exists($states.input.max) ? {'max': $states.input.max}])",
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

import fc from 'fast-check';
import { asParsed } from '../as-parsed';

describe('a value as if parsed', () => {
  it('is what printing and parsing gives, of any JSON with fields left undefined', () => {
    const fields = fc.dictionary(fc.string(), fc.option(fc.jsonValue(), { nil: undefined }));
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fields), (value) => {
        expect(asParsed(value)).toStrictEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('keeps a field named __proto__ as a field', () => {
    const value = JSON.parse('{"__proto__":{"a":1}}') as object;

    expect(JSON.stringify(asParsed(value))).toBe('{"__proto__":{"a":1}}');
  });

  it('shares nothing with the value', () => {
    const value = { list: [{ a: 1 }] };

    (asParsed(value) as typeof value).list[0] = { a: 2 };

    expect(value).toEqual({ list: [{ a: 1 }] });
  });
});

import fc from 'fast-check';
import { addInt64, multiplyInt64, readInt64, truncateToInt64 } from '../../redis/numbers';

const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });

describe('integers', () => {
  it('are read as they were written, all 64 bits of them', () => {
    fc.assert(fc.property(int64, (value) => BigInt(readInt64(String(value)) ?? 'x') === value));
  });

  it('are only what Redis takes for one', () => {
    for (const text of [
      '',
      ' 1',
      '1 ',
      '+1',
      '-0',
      '01',
      '1.0',
      '1e3',
      '0x1',
      '9223372036854775808',
      '-9223372036854775809',
    ]) {
      expect(readInt64(text)).toBeUndefined();
    }
  });

  it('add exactly, or not at all beyond 64 bits', () => {
    fc.assert(
      fc.property(int64, int64, (a, b) => {
        const sum = addInt64(readInt64(String(a)) ?? 0, readInt64(String(b)) ?? 0);

        expect(sum === undefined ? undefined : BigInt(sum)).toBe(
          BigInt.asIntN(64, a + b) === a + b ? a + b : undefined,
        );
      }),
    );
  });

  it('are multiplied exactly, or not at all beyond 64 bits', () => {
    expect(multiplyInt64(9223372036854775n, 1000)).toBe(9223372036854775000n);
    expect(multiplyInt64(9223372036854776n, 1000)).toBeUndefined();
    expect(multiplyInt64(-3, 1000)).toBe(-3000);
  });

  it.each([
    [2.9, 2],
    [-2.9, -2],
    [-0.5, 0],
    [2 ** 53, 2n ** 53n],
    [2 ** 63, -(2n ** 63n)],
    [-Infinity, -(2n ** 63n)],
    [NaN, -(2n ** 63n)],
  ])('come of the double %d as in C', (value, expected) => {
    expect(truncateToInt64(value)).toBe(expected);
  });
});

import fc from 'fast-check';
import {
  addDecimals,
  addInt64,
  formatDouble,
  formatExponential,
  formatFixed,
  formatGeneral,
  readDouble,
  readInt64,
  truncateToInt64,
} from '../../redis/numbers';

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

describe('doubles', () => {
  it('are read back from what is written of them', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (value) => {
        expect(readDouble(formatDouble(value))).toBe(value + 0);
      }),
    );
  });

  it.each([
    [0.1, 17, '0.10000000000000001'],
    [100, 17, '100'],
    [1e15, 14, '1e+15'],
    [123456789012345680, 14, '1.2345678901235e+17'],
    [0.0001, 6, '0.0001'],
    [0.00001, 6, '1e-05'],
    [123456, 6, '123456'],
    [1234567, 6, '1.23457e+06'],
    [0.5, 1, '0.5'],
    [2.5, 1, '2'],
    [3.5, 1, '4'],
    [-0, 14, '-0'],
    [Infinity, 14, 'inf'],
  ])('%d is written with %d digits as by printf: %s', (value, digits, expected) => {
    expect(formatGeneral(value, digits)).toBe(expected);
  });

  it('round ties to the even digit, as C does', () => {
    expect([0.5, 1.5, 2.5, 3.5].map((value) => formatFixed(value, 0))).toEqual(['0', '2', '2', '4']);
    expect([0.125, 0.375, -0.125].map((value) => formatFixed(value, 2))).toEqual(['0.12', '0.38', '-0.12']);
    expect([12.5, 13.5].map((value) => formatExponential(value, 1))).toEqual(['1.2e+01', '1.4e+01']);
  });
});

describe('sums of decimal numbers', () => {
  // Recorded from INCRBYFLOAT of Redis 7.0.15 on x86.
  it.each([
    ['0.1', '0.2', '0.3'],
    ['5.1', '1e3', '1005.09999999999999998'],
    ['10.50', '0.1', '10.6'],
    ['3.0e3', '200', '3200'],
    ['-0.5', '.5', '0'],
    ['1', '-0.9', '0.1'],
    ['123456789012', '0.000000000001', '123456789012'],
  ])('%s + %s = %s', (a, b, expected) => {
    expect(addDecimals(a, b)).toBe(expected);
  });

  it('are exact for numbers of everyday size', () => {
    const cents = fc.integer({ min: -1_000_000, max: 1_000_000 });

    fc.assert(
      fc.property(cents, cents, (a, b) => {
        const sum = addDecimals((a / 100).toFixed(2), (b / 100).toFixed(2));

        expect(Number(sum)).toBeCloseTo((a + b) / 100, 9);
      }),
    );
  });
});

import fc from 'fast-check';
import { formatFixed, formatGeneral } from '../../../redis/lua/number-text';

describe('doubles', () => {
  it('are read back from what is written of them', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(Number(formatGeneral(value, 17))).toBe(value);
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
  });
});

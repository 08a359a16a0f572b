import { COLOURS, inScheme, lookOf, type Scheme } from '../../../../compare/report/charts/theme';

type Rgb = readonly [number, number, number];

const SERIES = ['c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7', 'c8'];

/** Source: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function linear(hex: string): Rgb {
  const channel = (at: number): number => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

const luminance = ([r, g, b]: Rgb): number => 0.2126 * r + 0.7152 * g + 0.0722 * b;

function contrast(one: string, other: string): number {
  const [high = 0, low = 0] = [luminance(linear(one)), luminance(linear(other))].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

const named = (scheme: Scheme, name: string): string => COLOURS[scheme][name] ?? '';

describe.each<Scheme>(['light', 'dark'])('the colours, %s', (scheme) => {
  it.each([...SERIES, 'text', 'quiet', 'accent'])('%s can be read on the paper', (name) => {
    expect(contrast(named(scheme, name), named(scheme, 'paper'))).toBeGreaterThanOrEqual(4.5);
  });

  it.each(['good', 'bad', 'doubt'])('%s can be read on its own paper', (name) => {
    expect(contrast(named(scheme, name), named(scheme, `${name}-paper`))).toBeGreaterThanOrEqual(4.5);
  });

  it('an axis is seen on the paper', () => {
    expect(contrast(named(scheme, 'edge'), named(scheme, 'paper'))).toBeGreaterThanOrEqual(3);
  });
});

describe('the look of a series', () => {
  it('differs from every other in the symbol or the dash too, not in colour alone', () => {
    const stores = ['dynamo', 'redis', 'momento', 'docdb', 'tidb'];
    const looks = stores.flatMap((store) => [0, 1, 2].map((variant) => lookOf(stores, store, variant)));

    expect(new Set(looks.map(({ symbol, dash }) => `${symbol} ${dash}`)).size).toBe(looks.length);
  });

  it('is of colours that the page has', () => {
    const stores = Array.from({ length: 12 }, (_, index) => `store ${index}`);

    for (const store of stores) expect(inScheme(lookOf(stores, store, 0).colour, 'dark')).toMatch(/^#[0-9a-f]{6}$/);
  });
});

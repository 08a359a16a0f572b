/** How the reader's system is set. */
export type Scheme = 'light' | 'dark';

/**
 * Colours by scheme. `c1` and following are of the series: dark enough on white, and light enough on black, for text (4.5 to 1),
 * and different in lightness as much as in hue, since one reader of twelve tells few hues apart.
 */
export const COLOURS: Readonly<Record<Scheme, Readonly<Record<string, string>>>> = {
  light: {
    page: '#f6f7f9',
    paper: '#ffffff',
    text: '#171c24',
    quiet: '#56606d',
    rule: '#dfe3e9',
    edge: '#7c8794',
    accent: '#0b5cad',
    good: '#0d6b35',
    'good-paper': '#e2f5e8',
    bad: '#a4161a',
    'bad-paper': '#fde7e6',
    doubt: '#7a4b00',
    'doubt-paper': '#fdf0d5',
    c1: '#1f5fbf',
    c2: '#c2410c',
    c3: '#047857',
    c4: '#7e22ce',
    c5: '#8a6100',
    c6: '#be185d',
    c7: '#0e7490',
    c8: '#4b5563',
  },
  dark: {
    page: '#10141a',
    paper: '#181d25',
    text: '#e8ebf0',
    quiet: '#a5afbc',
    rule: '#2c333e',
    edge: '#79838f',
    accent: '#78b7ff',
    good: '#6fdc9b',
    'good-paper': '#12351f',
    bad: '#ff9a93',
    'bad-paper': '#451a1a',
    doubt: '#ffc766',
    'doubt-paper': '#3a2a0a',
    c1: '#7db4ff',
    c2: '#ff9f68',
    c3: '#4ade9f',
    c4: '#cfa3ff',
    c5: '#e9c646',
    c6: '#ff8fbe',
    c7: '#5cd6ee',
    c8: '#b8c0cc',
  },
};

/** How one series looks: all three together tell it apart, none has to alone. */
export interface Look {
  readonly colour: string;
  readonly symbol: 'circle' | 'square' | 'diamond' | 'triangle' | 'star' | 'cross' | 'wye';
  /** Of the line, as SVG's `stroke-dasharray`. @default - solid */
  readonly dash?: string;
}

const SERIES_COLOURS = 8;
const SYMBOLS: readonly Look['symbol'][] = ['circle', 'square', 'diamond', 'triangle', 'star', 'cross', 'wye'];
const DASHES = [undefined, '6 4', '2 4', '10 4 2 4'];

/** The same look in every chart: the colour and the symbol by store, the dash by how it counts. */
export function lookOf(stores: readonly string[], store: string, variant: number): Look {
  const index = Math.max(0, stores.indexOf(store));
  const dash = DASHES[variant % DASHES.length];
  return {
    colour: colour(`c${(index % SERIES_COLOURS) + 1}`),
    symbol: SYMBOLS[index % SYMBOLS.length] ?? 'circle',
    ...(dash === undefined ? {} : { dash }),
  };
}

/** A colour of the scheme that the reader has. */
export const colour = (name: string): string => `var(--${name})`;

/** Sets the colours of one scheme, for where the reader's isn't known. */
export function inScheme(svg: string, scheme: Scheme): string {
  return svg.replace(/var\(--([a-z0-9-]+)\)/g, (variable, name: string) => COLOURS[scheme][name] ?? variable);
}

/** The same names as properties of a page, each with a value for either scheme. */
export function colourProperties(): string {
  return Object.entries(COLOURS.light)
    .map(([name, light]) => `--${name}: light-dark(${light}, ${COLOURS.dark[name] ?? light});`)
    .join('\n  ');
}

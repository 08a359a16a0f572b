import { svg } from './element';

/** Shapes in a square of 16, drawn rather than written: a plain system's fonts lack such signs. */
const SHAPES = {
  check: 'M3 8.5l3.5 3.5L13 4.5',
  cross: 'M4 4l8 8M12 4l-8 8',
  question: 'M5 5.8C5 2.4 11 2.4 11 5.8 11 8 8 8 8 10M8 12.9v.6',
  exclamation: 'M8 2.5v7.5M8 12.9v.6',
  bar: 'M3 8h10',
  slash: 'M12.9 8A4.9 4.9 0 1 1 3.1 8 4.9 4.9 0 0 1 12.9 8zM4.6 11.4l6.8-6.8',
  clock: 'M13.5 8A5.5 5.5 0 1 1 2.5 8 5.5 5.5 0 0 1 13.5 8zM8 4.8V8l2.3 1.6',
  ceiling: 'M3 3h10M8 13.5V6.5M4.8 9.5L8 6.3l3.2 3.2',
  up: 'M8 13V3.5M3.8 7.7L8 3.5l4.2 4.2',
  down: 'M8 3v9.5M3.8 8.3L8 12.5l4.2-4.2',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  square: 'M4 4h8v8H4z',
} as const;

export type IconName = keyof typeof SHAPES;

/** A sign beside a word that says the same. */
export function icon(name: IconName): SVGElement {
  return svg(
    'svg',
    { viewBox: '0 0 16 16', class: `icon icon-${name}`, 'aria-hidden': 'true' },
    svg('path', { d: SHAPES[name] }),
  );
}

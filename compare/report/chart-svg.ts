import { openCanvas } from './charts/canvas';
import { COLOURS, inScheme, type Scheme } from './charts/theme';
import { throughputChart } from './charts/throughput';
import type { Comparison } from './comparison';
import { measuredOf } from './selection';

/** Around the picture, in pixels. */
const PADDING = 20;

/**
 * The throughput chart as an SVG file, for a page that can't set its colours.
 *
 * @throws Error when the comparison has no valid cell in a closed loop
 */
export async function chartSvg(comparison: Comparison, { scheme }: { readonly scheme: Scheme }): Promise<string> {
  const chart = throughputChart(await openCanvas(), measuredOf(comparison));
  if (!chart) throw new Error('the comparison has no valid cell in a closed loop, and so no throughput to draw');
  return framedSvg(chart.svg, scheme);
}

/** A picture in the colours of a scheme, with a margin of paper. */
export function framedSvg(svg: string, scheme: Scheme): string {
  const { paper } = COLOURS[scheme];
  const framed = svg
    .replace('font-family:inherit', 'font-family:system-ui, sans-serif')
    .replace(/ viewBox="0 0 (\d+) (\d+)" height="\d+" width="\d+"([^>]*>)/, (_, width, height, rest) => {
      const size = `width="${Number(width) + 2 * PADDING}" height="${Number(height) + 2 * PADDING}"`;
      const box = `viewBox="${-PADDING} ${-PADDING} ${Number(width) + 2 * PADDING} ${Number(height) + 2 * PADDING}"`;
      return ` ${box} ${size}${rest}<rect x="${-PADDING}" y="${-PADDING}" ${size} rx="8" fill="${paper}"/>`;
    });
  return `${inScheme(framed, scheme)}\n`;
}

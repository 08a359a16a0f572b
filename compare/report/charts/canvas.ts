import type * as Plot from '@observablehq/plot' with { 'resolution-mode': 'import' };
import { escaped } from '../escape';

type PlotModule = typeof Plot;

/** What charts are drawn with: Observable Plot, on a document that no browser shows. */
export interface Canvas {
  readonly plot: PlotModule;
  /**
   * Draws a plot.
   *
   * @param title read to who doesn't see it
   * @returns an SVG element as text
   */
  draw(title: string, options: Parameters<PlotModule['plot']>[0]): string;
}

/** Plot exists as ES modules only, which CommonJS can import, as it is needed. */
export async function openCanvas(): Promise<Canvas> {
  const [plot, { parseHTML }] = await Promise.all([import('@observablehq/plot'), import('linkedom')]);
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  return {
    plot,
    draw(title, options) {
      const svg = plot.plot({ ...options, document }) as unknown as SvgElement;
      // The style is for pages that bring none of their own, the names of the parts are in nobody's language.
      svg.querySelector('style')?.remove();
      for (const part of [svg, ...svg.querySelectorAll('[aria-label], [aria-hidden]')]) {
        for (const name of ['class', 'aria-label', 'aria-hidden']) part.removeAttribute(name);
      }
      // linkedom leaves `<` and `&` in attributes as they are, which XML doesn't.
      const attributes = `xmlns="http://www.w3.org/2000/svg" role="img" aria-label="${escaped(title)}"`;
      return svg.outerHTML.replace('<svg', () => `<svg ${attributes}`);
    },
  };
}

/** As much of the DOM as is used here; the project's types have none. */
interface SvgElement {
  readonly outerHTML: string;
  querySelector(selector: string): { remove(): void } | null;
  querySelectorAll(selector: string): Iterable<SvgElement>;
  removeAttribute(name: string): void;
}

import { openCanvas } from '../charts/canvas';
import { drawCharts } from '../charts';
import { compareWithBaseline } from '../baseline';
import type { Comparison } from '../comparison';
import { measuredOf } from '../selection';
import { baselineSection } from './baseline';
import { cellsSection } from './cells';
import { exactnessSection } from './exactness';
import { figure } from './figure';
import { dateText, header, limitsSection } from './header';
import { Markup, markup } from './markup';
import { STYLE } from './style';
import { verdictSection } from './verdicts';

/** Nothing is fetched and nothing is run: what a store calls itself can't become either. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

/** The report: one file of HTML that needs no network and no script, for screens, light or dark, and for paper. */
export async function reportHtml(
  comparison: Comparison,
  { baseline }: { /** An earlier comparison to compare with. */ readonly baseline?: Comparison } = {},
): Promise<string> {
  const measured = measuredOf(comparison);
  const charts = drawCharts(await openCanvas(), measured);
  return pageHtml({
    title: `Atomic counters compared, ${dateText(comparison.startedAt)}`,
    header: header(measured),
    main: markup`${verdictSection(measured)} ${charts.map((chart) => figure(chart, comparison.command))} ${exactnessSection(measured)}
      ${baseline && baselineSection(compareWithBaseline(comparison, baseline))} ${limitsSection(measured)} ${cellsSection(measured)}`,
    finishedAt: comparison.finishedAt,
  });
}

/** A whole document. */
export function pageHtml({
  title,
  header: top,
  main,
  finishedAt,
}: {
  readonly title: string;
  readonly header: Markup;
  readonly main: Markup;
  /** ISO 8601. */
  readonly finishedAt: string;
}): string {
  return markup`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
    <title>${title}</title>
    <style>
      ${new Markup(STYLE)}
    </style>
  </head>
  <body>
    ${top}
    <main>
      ${main}
    </main>
    <footer>
      <p>Made from one JSON file, without a number of its own. Finished ${dateText(finishedAt)}.</p>
    </footer>
  </body>
</html>
`.text;
}

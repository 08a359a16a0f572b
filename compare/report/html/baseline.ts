import { type BaselineComparison, baselineRows, MIN_ROUNDS } from '../baseline';
import { counted } from '../format';
import { dateText } from './header';
import { type Markup, markup } from './markup';
import { dataTable } from './table';

/** What changed since an earlier comparison. */
export function baselineSection(baseline: BaselineComparison): Markup {
  const { differences, unmatched, cells } = baseline;
  const verdicts = cells.flatMap(({ throughput, p99 }) => [throughput.verdict, p99.verdict]);
  const times = (wanted: (typeof verdicts)[number]): number => verdicts.filter((verdict) => verdict === wanted).length;
  return markup`<section aria-labelledby="baseline">
    <h2 id="baseline">Since the baseline</h2>
    <p class="lede">
      Against ${dateText(baseline.baselineStartedAt)}, the cells that both measured: ${counted(times('faster'), 'number')} faster,
      ${counted(times('slower'), 'number')} slower, of ${counted(verdicts.length, 'number')}. Medians of the rounds, in brackets the 95 %
      bootstrap interval; a difference is named only where the intervals don’t overlap, and of at least ${MIN_ROUNDS} valid rounds on each
      side. Of many cells a few differ by chance.
    </p>
    ${differences.map(
      (text) =>
        markup`<p class="notice doubt"><strong>Not the same setting.</strong> ${text}: no verdict for what depends on it.</p>`,
    )}
    ${cells.length > 0 && dataTable('Before and now', baselineRows(baseline))}
    ${
      unmatched.length > 0 &&
      markup`<details>
        <summary>${counted(unmatched.length, 'cell')} without a counterpart</summary>
        <ul>
          ${unmatched.map((name) => markup`<li>${name}</li>`)}
        </ul>
      </details>`
    }
  </section>`;
}

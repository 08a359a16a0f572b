import type { Mode } from '../comparison';
import { objective, rateText } from '../charts/slo';
import { dollars, grouped, ms } from '../format';
import { loadName, PATH_NAMES, variantName } from '../names';
import { costOf } from '../rows';
import { atCommonLoad, countersWords, isClosed, isMain, type Measured, ofSeries, type Series } from '../selection';
import { type CellSummary, isValid } from '../summary';
import { reasonOf } from '../charts/series';
import { exactBadge, serverText, worst } from './badges';
import { type Markup, markup } from './markup';

/** The result in one table: each store in each mode. */
export function verdictSection(measured: Measured): Markup {
  const { comparison, main, modes } = measured;
  const cells = measured.cells.filter((cell) => isClosed(cell) && isMain(cell, main));
  const common = atCommonLoad(cells);
  const [first] = common;
  const load = first ? loadName(first.cell.load) : '';
  const highest = Math.max(0, ...cells.map(({ callsPerSecond }) => callsPerSecond?.median ?? 0)) || 1;
  const { slo } = comparison;
  return markup`<section aria-labelledby="verdict">
    <h2 id="verdict">The verdict</h2>
    <p class="lede">
      ${PATH_NAMES[main.path]}, ${countersWords(main.counters)}. Every answer went to the history checker: <em>exact</em> means that a
      correct counter can have given all of them.
    </p>
    <div class="scroll" tabindex="0" role="group" aria-labelledby="verdict">
      <table class="verdicts">
        <thead>
          <tr>
            <th scope="col">Store</th>
            <th scope="col">Exact?</th>
            <th scope="col" class="number">Highest throughput<small>calls/s, median of rounds</small></th>
            <th scope="col" class="number">p50<small>ms at ${load}</small></th>
            <th scope="col" class="number">p99<small>ms at ${load}</small></th>
            ${slo && markup`<th scope="col" class="number">Rate that holds<small>${objective(slo)}</small></th>`}
            ${comparison.costs.length > 0 && markup`<th scope="col" class="number">Cost<small>per million, on AWS</small></th>`}
          </tr>
        </thead>
        ${modes.map((mode) => modeRows(mode, measured, cells, common, highest))}
      </table>
    </div>
  </section>`;
}

function modeRows(
  mode: Mode,
  measured: Measured,
  cells: readonly CellSummary[],
  common: readonly CellSummary[],
  highest: number,
): Markup {
  const inMode = (of: readonly CellSummary[]): readonly CellSummary[] => of.filter(({ cell }) => cell.mode === mode);
  const columns = 5 + Number(measured.comparison.slo !== undefined) + Number(measured.comparison.costs.length > 0);
  return markup`<tbody>
    <tr class="mode">
      <th scope="rowgroup" colspan="${columns}">${mode}<small>${MODE_WORDS[mode]}</small></th>
    </tr>
    ${measured.series.map((series) => {
      const all = ofSeries(inMode(measured.cells), series.name);
      const onMain = ofSeries(inMode(cells), series.name);
      if (onMain.length > 0)
        return row(series, onMain, all, ofSeries(inMode(common), series.name)[0], measured, highest);
      const elsewhere = all.filter((cell) => isClosed(cell) && cell.cell.counters === measured.main.counters);
      return elsewhere.length > 0 && row(series, elsewhere, all, elsewhere[0], measured, highest);
    })}
  </tbody>`;
}

const MODE_WORDS: Readonly<Record<Mode, string>> = {
  unconditional: 'every call counts',
  conditional: 'only below the limit',
};

function row(
  series: Series,
  own: readonly CellSummary[],
  all: readonly CellSummary[],
  atLoad: CellSummary | undefined,
  { comparison, main }: Measured,
  highest: number,
): Markup {
  const [first] = own;
  if (!first) return markup``;
  const best = own
    .filter(isValid)
    .reduce<CellSummary | undefined>((a, b) => (rateOf(b) > rateOf(a) ? b : a), undefined);
  const cost = costOf(first, comparison);
  const { path } = first.cell;
  const variant = [variantName(first.cell), path === main.path ? '' : PATH_NAMES[path]].filter(Boolean).join(', ');
  return markup`<tr${!best && markup` class="invalid"`}>
    <th scope="row">
      <span class="store">${series.store}</span>${variant !== '' && markup` <span class="variant">${variant}</span>`}
      ${serverText(first.server)}
    </th>
    <td>${exactBadge(worst(all))}</td>
    ${best?.callsPerSecond ? throughputCell(best, highest) : markup`<td class="number">invalid<small>${reasonOf(first)}</small></td>`}
    ${latencyCell(atLoad, 'p50')} ${latencyCell(atLoad, 'p99')}
    ${comparison.slo && markup`<td class="number">${sloText(first, comparison)}</td>`}
    ${comparison.costs.length > 0 && markup`<td class="number">${cost === undefined ? '–' : dollars(cost)}</td>`}
  </tr>`;
}

function throughputCell(best: CellSummary, highest: number): Markup {
  const rate = rateOf(best);
  const spread = best.callsPerSecond;
  return markup`<td class="number">
    <strong>${grouped(rate)}</strong>
    <small
      >${loadName(best.cell.load)}${spread && spread.max > spread.min && `, ${grouped(spread.min)}–${grouped(spread.max)}`}${
        best.isSaturated === true && ', saturated'
      }</small
    >
    <span class="bar" aria-hidden="true"><span style="width:${((rate / highest) * 100).toFixed(1)}%"></span></span>
  </td>`;
}

function latencyCell(cell: CellSummary | undefined, percentile: 'p50' | 'p99'): Markup {
  if (!cell) return markup`<td class="number">–</td>`;
  return markup`<td class="number">${cell.latencyMs ? ms(cell.latencyMs[percentile]) : 'invalid'}</td>`;
}

const rateOf = (cell: CellSummary | undefined): number => cell?.callsPerSecond?.median ?? -1;

function sloText({ cell }: CellSummary, { slo }: Measured['comparison']): string {
  const results = slo?.results.filter(({ store, mode }) => store === cell.store && mode === cell.mode) ?? [];
  const result = results.find(({ counters }) => counters === cell.counters) ?? results[0];
  return result && variantName(cell) === '' ? rateText(result) : '–';
}

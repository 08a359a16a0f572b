import { reasonOf } from '../charts/series';
import { grouped, ms } from '../format';
import { countersName, loadName, PATH_NAMES, seriesName } from '../names';
import type { Measured } from '../selection';
import { type CellSummary, isValid } from '../summary';
import { exactBadge } from './badges';
import { type Markup, markup } from './markup';

/** Everything that was measured, a row each. */
export function cellsSection({ cells }: Measured): Markup {
  return markup`<section aria-labelledby="cells" class="all-cells">
    <h2 id="cells">Every cell</h2>
    <p class="lede">The median of the valid rounds, the slowest and the fastest of them; latencies of all valid rounds together.</p>
    <div class="scroll" tabindex="0" role="group" aria-labelledby="cells">
      <table class="data cells">
        <thead>
          <tr>
            <th scope="col">store</th>
            <th scope="col" class="text">cell</th>
            <th scope="col">exact?</th>
            <th scope="col">calls/s</th>
            <th scope="col">rounds</th>
            <th scope="col">p50 ms</th>
            <th scope="col">p90</th>
            <th scope="col">p99</th>
            <th scope="col">p99.9</th>
            <th scope="col">max</th>
            <th scope="col" class="text">notes</th>
          </tr>
        </thead>
        <tbody>
          ${cells.map(row)}
        </tbody>
      </table>
    </div>
  </section>`;
}

function row(summary: CellSummary): Markup {
  const { cell, exactness, callsPerSecond, latencyMs, rounds, validRounds } = summary;
  const latencies = latencyMs && [latencyMs.p50, latencyMs.p90, latencyMs.p99, latencyMs.p999, latencyMs.max];
  return markup`<tr${!isValid(summary) && markup` class="invalid"`}>
    <th scope="row">${seriesName(cell)}</th>
    <td class="text">${cell.mode}, ${PATH_NAMES[cell.path]}, ${loadName(cell.load)}, ${countersName(cell.counters)}${
      cell.limit !== undefined && `, limit ${grouped(cell.limit)}`
    }</td>
    <td>${exactBadge(exactness)}</td>
    <td>${
      callsPerSecond
        ? markup`${grouped(callsPerSecond.median)}<small>${grouped(callsPerSecond.min)}–${grouped(callsPerSecond.max)}</small>`
        : 'invalid'
    }</td>
    <td>${validRounds} of ${rounds}</td>
    ${latencies ? latencies.map((value) => markup`<td>${ms(value)}</td>`) : markup`<td colspan="5">–</td>`}
    <td class="text">${notesOf(summary).join('; ')}</td>
  </tr>`;
}

function notesOf(summary: CellSummary): string[] {
  const { outcomes, rounds, validRounds, isSaturated } = summary;
  const ended = (count: number, how: string): string[] => (count === 0 ? [] : [`${grouped(count)} ${how}`]);
  return [
    ...(validRounds < rounds || rounds === 0 ? [`invalid: ${reasonOf(summary)}`] : []),
    ...(isSaturated === true ? ['saturated: the generator limits it'] : []),
    ...ended(outcomes.limitReached, 'refused at the limit'),
    ...ended(outcomes.notApplied, 'not applied'),
    ...ended(outcomes.unknown, 'unknown'),
    ...ended(outcomes.throttled, 'throttled'),
    ...ended(outcomes.failed, 'failed'),
  ];
}

import type { Comparison } from './comparison';
import { dollars, grouped, ms } from './format';
import { countersName, loadName, PATH_NAMES, variantName } from './names';
import { type CellSummary, isValid, summarize } from './summary';

/** A head and a row for each cell, for a terminal. */
export function cellRows(comparison: Comparison): string[][] {
  return [
    ['store', 'mode', 'load', 'calls/s', 'p50 ms', 'p99 ms', 'exact', '$/million', 'measured'],
    ...summarize(comparison).map((summary) => [
      summary.cell.store,
      summary.cell.mode,
      loadName(summary.cell.load),
      rate(summary),
      summary.latencyMs ? ms(summary.latencyMs.p50) : '-',
      summary.latencyMs ? ms(summary.latencyMs.p99) : '-',
      summary.exactness === 'not exact' ? 'NOT EXACT' : summary.exactness,
      cost(summary, comparison),
      measured(summary),
    ]),
  ];
}

function rate({ callsPerSecond, isSaturated }: CellSummary): string {
  if (!callsPerSecond) return '-';
  return `${grouped(callsPerSecond.median)}${isSaturated === true ? ' (saturated)' : ''}`;
}

export function costOf({ cell }: CellSummary, { costs }: Comparison): number | undefined {
  return costs.find(
    ({ store, mode, keyed = false }) => store === cell.store && mode === cell.mode && keyed === cell.keyed,
  )?.usdPerMillion;
}

function cost(summary: CellSummary, comparison: Comparison): string {
  const usd = costOf(summary, comparison);
  return usd === undefined ? '-' : dollars(usd);
}

function measured(summary: CellSummary): string {
  const { cell, server, rounds, validRounds, invalidReasons } = summary;
  const variant = variantName(cell);
  return [
    server.name.includes(server.kind) ? server.name : `${server.name} (${server.kind})`,
    PATH_NAMES[cell.path],
    countersName(cell.counters),
    ...(variant === '' ? [] : [variant]),
    ...(isValid(summary) && validRounds < rounds ? [`${rounds - validRounds} of ${rounds} rounds invalid`] : []),
    ...(isValid(summary) ? [] : [`invalid: ${invalidReasons.join('; ') || 'no round was measured'}`]),
  ].join(', ');
}

import type { Slo, SloResult } from '../comparison';
import { grouped } from '../format';
import { countersName } from '../names';
import { MODES, type Measured } from '../selection';
import type { Canvas } from './canvas';
import type { Chart } from './chart';
import { shortened } from './labels';
import { rankChart } from './rank-chart';
import { seriesLook } from './series';

/** The rates that hold within a latency. @returns undefined where that wasn't asked for */
export function sloChart(canvas: Canvas, measured: Measured): Chart | undefined {
  const { slo } = measured.comparison;
  if (!slo || slo.results.length === 0) return undefined;
  const modes = MODES.filter((mode) => slo.results.some((result) => result.mode === mode));
  const areSpread = new Set(slo.results.map(({ counters }) => counters)).size > 1;
  const name = (result: SloResult): string =>
    areSpread ? `${result.store}, ${countersName(result.counters)}` : result.store;
  return {
    id: 'slo',
    title: `Rates that hold: ${objective(slo)}`,
    reading:
      `The highest rate of calls, sent at planned times, of which ${slo.percentile} % are answered within ${grouped(slo.latencyMs)} ms. ` +
      'Longer is better.',
    limits:
      'It does not show rates between those that were tried; above the last that held, the next that was tried did not.',
    svg: rankChart(canvas, {
      title: `Bar chart of the highest rates that hold. ${slo.results
        .map((result) => `${name(result)}, ${result.mode}: ${rateText(result)}.`)
        .join(' ')}`,
      xLabel: 'calls per second →',
      tickFormat: grouped,
      panels: modes.map((mode) => ({
        name: mode,
        rows: slo.results
          .filter((result) => result.mode === mode)
          .map((result) => ({
            name: shortened(name(result)),
            look: seriesLook({ store: result.store, name: result.store }, measured),
            marks: [{ value: result.ratePerSecond }],
            text: rateText(result),
          })),
      })),
    }),
    legend: [],
    leftOut: [],
    table: [
      ['store', 'mode', 'counters', 'highest that held, calls/s', 'lowest that did not, calls/s'],
      ...slo.results.map(({ store, mode, counters, ratePerSecond, failedAtRate }) => [
        store,
        mode,
        grouped(counters),
        grouped(ratePerSecond),
        failedAtRate === undefined ? 'the generator’s ceiling came first' : grouped(failedAtRate),
      ]),
    ],
  };
}

/** Such as "p99 within 50 ms". */
export const objective = ({ percentile, latencyMs }: Slo): string => `p${percentile} within ${grouped(latencyMs)} ms`;

/** Such as "400/s", or "at least 900/s" where the generator could do no more. */
export function rateText({ ratePerSecond, failedAtRate }: SloResult): string {
  if (ratePerSecond === 0) return 'none held';
  return `${failedAtRate === undefined ? 'at least ' : ''}${grouped(ratePerSecond)}/s`;
}

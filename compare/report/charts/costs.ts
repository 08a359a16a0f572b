import { dollars } from '../format';
import { MODES, type Measured } from '../selection';
import type { Canvas } from './canvas';
import type { Chart } from './chart';
import { shortened } from './labels';
import { rankChart } from './rank-chart';
import { seriesLook } from './series';

/** What a million increments cost on AWS. @returns undefined where that wasn't computed */
export function costChart(canvas: Canvas, measured: Measured): Chart | undefined {
  const costs = measured.comparison.costs.filter(({ keyed = false }) => !keyed);
  if (costs.length === 0) return undefined;
  const modes = MODES.filter((mode) => costs.some((cost) => cost.mode === mode));
  return {
    id: 'costs',
    title: 'Cost per million',
    reading:
      'US dollars that AWS and the stores bill for a million increments: the API, the workflow, functions, the store and the logs. ' +
      'Shorter is cheaper.',
    limits:
      'It does not show what a deployment costs while nobody calls it, such as servers that are billed by the hour.',
    svg: rankChart(canvas, {
      title: `Bar chart of US dollars per million increments. ${costs
        .map(({ store, mode, usdPerMillion }) => `${store}, ${mode}: ${dollars(usdPerMillion)}.`)
        .join(' ')}`,
      xLabel: 'US dollars per million increments →',
      tickFormat: (value) => `$${value}`,
      panels: modes.map((name) => ({
        name,
        rows: costs
          .filter(({ mode }) => mode === name)
          .map(({ store, usdPerMillion }) => ({
            name: shortened(store),
            look: seriesLook({ store, name: store }, measured),
            marks: [{ value: usdPerMillion }],
            text: dollars(usdPerMillion),
          })),
      })),
    }),
    legend: [],
    leftOut: [],
    table: [
      ['store', 'mode', '$ per million'],
      ...measured.comparison.costs.map(({ store, mode, keyed = false, usdPerMillion }) => [
        store,
        keyed ? `${mode}, keyed` : mode,
        dollars(usdPerMillion),
      ]),
    ],
  };
}

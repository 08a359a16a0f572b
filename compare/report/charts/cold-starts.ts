import { ms } from '../format';
import type { Measured } from '../selection';
import type { Canvas } from './canvas';
import type { Chart } from './chart';
import { shortened } from './labels';
import { rankChart } from './rank-chart';
import { seriesLook } from './series';

/** What the first call pays. @returns undefined where that wasn't measured */
export function coldStartChart(canvas: Canvas, measured: Measured): Chart | undefined {
  const { coldStarts } = measured.comparison;
  if (coldStarts.length === 0) return undefined;
  return {
    id: 'cold-starts',
    title: 'Cold starts',
    reading:
      'How long the first call after the start took, and the second: between them lies what a function needs to begin and to ' +
      'connect to its store.',
    limits: 'It does not show how long AWS takes to begin a function’s environment, and each was measured once.',
    svg: rankChart(canvas, {
      title: `Dot chart of the first and second call. ${coldStarts
        .map(({ store, firstCallMs, secondCallMs }) => `${store}: ${ms(firstCallMs)} and ${ms(secondCallMs)} ms.`)
        .join(' ')}`,
      xLabel: 'milliseconds →',
      tickFormat: ms0,
      panels: [
        {
          name: '',
          rows: coldStarts.map(({ store, firstCallMs, secondCallMs }) => ({
            name: shortened(store),
            look: seriesLook({ store, name: store }, measured),
            marks: [
              { value: firstCallMs, symbol: 'circle' },
              { value: secondCallMs, symbol: 'ring' },
            ],
            text: `${ms(firstCallMs)} → ${ms(secondCallMs)} ms`,
          })),
        },
      ],
    }),
    legend: [
      { symbol: '●', name: 'first call' },
      { symbol: '○', name: 'second call' },
    ],
    leftOut: [],
    table: [
      ['store', 'first call, ms', 'second call, ms'],
      ...coldStarts.map(({ store, firstCallMs, secondCallMs }) => [store, ms(firstCallMs), ms(secondCallMs)]),
    ],
  };
}

const ms0 = (value: number): string => String(Number(value.toPrecision(3)));

import { type Canvas, openCanvas } from '../charts/canvas';
import type { Chart } from '../charts/chart';
import { lineChart } from '../charts/line-chart';
import { colour, type Scheme } from '../charts/theme';
import { framedSvg } from '../chart-svg';
import { grouped, percent } from '../format';
import type { ShardComparison } from './document';
import { steadyRows } from './rows';
import { scaleText, summarizeShards } from './summary';

/** What a logarithmic axis names. */
const ROUND_NUMBERS = [1, 10, 100, 1000, 10_000, 100_000].flatMap((power) => [power, 2 * power, 5 * power]);

/** Increments a second as shards are added, beside what their items may write. @returns undefined where none is valid */
export function shardsChart(canvas: Canvas, comparison: ShardComparison): Chart | undefined {
  const summaries = summarizeShards(comparison);
  const points = summaries.flatMap(({ shards, incrementsPerSecond: rate }) =>
    rate === undefined || rate.median === 0 ? [] : [{ x: shards, y: rate.median, low: rate.min, high: rate.max }],
  );
  if (points.length === 0) return undefined;
  const straight = summaries.map(({ shards, straightPerSecond }) => ({ x: shards, y: straightPerSecond }));
  const { ceilingPerSecond, itemLimitPerSecond, offered } = comparison;
  const isExact = summaries.every(({ exactness }) => exactness === 'exact');
  return {
    id: 'shards',
    title: 'One counter over shards',
    reading:
      `Increments of one counter a second at ${offered} times what its items may write, each of which may write ` +
      `${grouped(itemLimitPerSecond)} times a second (${scaleText(comparison)}). On the dashed line each item writes as often as it may. ` +
      'A point is the median of its rounds, the bar behind it reaches from the slowest to the fastest.',
    limits:
      'It does not show how DynamoDB gets there: several items may be in one partition, which has 1,000 write units as one item has, ' +
      'until it is split. Nor how fast AWS answers.',
    svg: lineChart(canvas, {
      title: `Line chart of increments per second against shards. ${summaries
        .map(
          ({ shards, incrementsPerSecond: rate, straightPerSecond }) =>
            `${shards}: ${rate ? grouped(Math.round(rate.median)) : 'invalid'} of ${grouped(straightPerSecond)}.`,
        )
        .join(' ')}`,
      x: { label: 'shards (items) →', tickFormat: grouped },
      y: {
        label: '↑ increments per second',
        isLogarithmic: true,
        ticks: ROUND_NUMBERS,
        tickFormat: grouped,
      },
      panels: [
        {
          name: scaleText(comparison),
          lines: [
            {
              name: 'shards × limit',
              look: { colour: colour('quiet'), symbol: 'circle', dash: '5 4' },
              points: straight,
              marked: [],
            },
            {
              name: isExact ? 'measured, exact' : 'measured ✗',
              look: { colour: colour('c1'), symbol: 'circle' },
              points,
              marked: points,
            },
          ],
          bound: {
            name: `without a limit this machine makes ${grouped(Math.round(ceilingPerSecond))}/s`,
            points: straight.map(({ x }) => ({ x, y: ceilingPerSecond })),
          },
          invalidAt: summaries.filter(({ incrementsPerSecond: rate }) => !rate).map(({ shards }) => shards),
        },
      ],
    }),
    legend: isExact ? [] : [{ symbol: '✗', name: 'not exact' }],
    leftOut: summaries.flatMap(({ shards, efficiency, invalidReasons }) =>
      efficiency === undefined ? [`${shards} shards: ${invalidReasons.join('; ')}`] : [],
    ),
    table: steadyRows(comparison),
  };
}

/** How much of the straight line was reached, such as "97 to 99 %". */
export function efficiencyText(comparison: ShardComparison): string {
  const all = summarizeShards(comparison).flatMap(({ efficiency }) => efficiency ?? []);
  const [low, high] = [percent(Math.min(...all)), percent(Math.max(...all))];
  return low === high ? high : `${low.replace(' %', '')} to ${high}`;
}

/**
 * The chart as an SVG file, for a page that can't set its colours.
 *
 * @returns undefined where nothing valid was measured
 */
export async function shardsChartSvg(
  comparison: ShardComparison,
  { scheme }: { readonly scheme: Scheme },
): Promise<string | undefined> {
  const chart = shardsChart(await openCanvas(), comparison);
  return chart && framedSvg(chart.svg, scheme);
}

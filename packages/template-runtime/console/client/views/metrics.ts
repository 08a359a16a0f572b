import type { Charts } from '../../shapes';
import { read } from '../api';
import { chartView } from '../chart';
import { h } from '../element';
import { startLive } from '../live';
import { choice } from '../parts';
import type { View } from '../view';

const EVERY_MS = 2000;
const SPANS = [
  ['5', '5 minutes'],
  ['15', '15 minutes'],
  ['60', '1 hour'],
  ['360', '6 hours'],
] as const;

/** What was counted per store over time, and how long it took. */
export function openMetrics(): View {
  const place = h('div', { class: 'charts' });
  const views = new Map<string, ReturnType<typeof chartView>>();
  const span = choice('span', 'The last', SPANS, () => live.refresh());
  span.select.value = '5';
  const live = startLive(EVERY_MS, async (signal) => {
    const charts = await read<Charts>('metrics', { minutes: span.select.value }, signal);
    for (const chart of charts.charts) {
      let view = views.get(chart.title);
      if (!view) {
        view = chartView(chart);
        views.set(chart.title, view);
        place.append(view.element);
      }
      view.show(chart, charts);
    }
  });
  return {
    title: 'Metrics',
    element: h(
      'section',
      {},
      h('div', { class: 'heading' }, h('h1', {}, 'Metrics'), span.element),
      h('p', { class: 'about' }, 'Per store and step of time. The latest 10,000 data points and executions are kept.'),
      place,
    ),
    close: () => live.stop(),
  };
}

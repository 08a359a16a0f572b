import type { Charts, DataPointPage } from '../../shapes';
import { changingRead } from '../api';
import { chartView } from '../metrics/chart';
import { dataPointTable } from '../metrics/data-point-table';
import { h } from '../elements/element';
import { metricsLink } from '../links';
import { startLive } from '../elements/live';
import { choice, offer } from '../elements/parts';
import { pager } from '../elements/pager';
import type { View } from '../view';

const EVERY_MS = 2000;
const SIZE = 25;
const SPANS = [
  ['5', '5 minutes'],
  ['15', '15 minutes'],
  ['60', '1 hour'],
  ['360', '6 hours'],
] as const;
const [[FIRST_SPAN]] = SPANS;

/** What was counted per store over time, how long it took, and the data points with their log events. */
export function openMetrics(parameters: URLSearchParams): View {
  const place = h('div', { class: 'charts' });
  const views = new Map<string, ReturnType<typeof chartView>>();
  const filter = {
    minutes: parameters.get('minutes') ?? FIRST_SPAN,
    metric: parameters.get('metric') ?? '',
    namespace: parameters.get('namespace') ?? '',
  };
  const narrow = (change: Partial<typeof filter>): void => {
    Object.assign(filter, change);
    const { minutes, metric, namespace } = filter;
    history.replaceState(null, '', metricsLink({ minutes: minutes === FIRST_SPAN ? '' : minutes, metric, namespace }));
    pages = [undefined];
    live.refresh();
  };
  const span = choice('span', 'The last', SPANS, (minutes) => narrow({ minutes }));
  span.select.value = filter.minutes;

  /** Numbers that the pages up to this one go down from; the first begins with the latest, whichever it is. */
  let pages: (number | undefined)[] = [undefined];
  let latest: DataPointPage | undefined;
  const metric = choice('metric', 'Metric', [['', 'All']], (chosen) => narrow({ metric: chosen }));
  const namespace = choice('namespace', 'Namespace', [['', 'All']], (chosen) => narrow({ namespace: chosen }));
  const table = dataPointTable();
  const turning = pager({ what: 'data points', previous: 'Newer', next: 'Older' }, (step) => {
    if (step === -1) pages.pop();
    else if (latest?.next !== undefined) pages.push(latest.next);
    live.refresh();
  });
  const heading = h('h2', { id: 'points', tabindex: -1 }, 'Data points');

  const askCharts = changingRead<Charts>('metrics');
  const askPoints = changingRead<DataPointPage>('points');
  const live = startLive(EVERY_MS, async (signal) => {
    const { minutes, ...rest } = filter;
    const [charts, points] = await Promise.all([
      askCharts({ minutes }, signal),
      askPoints({ ...rest, before: pages.at(-1), size: SIZE }, signal),
    ]);
    if (charts) showCharts(charts);
    if (points) showPoints(points);
  });
  const showCharts = (charts: Charts): void => {
    for (const chart of charts.charts) {
      let view = views.get(chart.title);
      if (!view) {
        view = chartView(chart, showMetric);
        views.set(chart.title, view);
        place.append(view.element);
      }
      view.show(chart, charts);
    }
  };
  const showPoints = (page: DataPointPage): void => {
    latest = page;
    table.show(page.rows);
    turning.show({ ...page, shown: page.rows.length, hasNext: page.next !== undefined });
    offer(metric.select, page.choices.metric, filter.metric);
    offer(namespace.select, page.choices.namespace, filter.namespace);
  };
  const showMetric = (chosen: string): void => {
    narrow({ metric: chosen, namespace: '' });
    heading.focus();
    heading.scrollIntoView();
  };

  return {
    title: 'Metrics',
    element: h(
      'section',
      {},
      h('div', { class: 'heading' }, h('h1', {}, 'Metrics'), span.element),
      h('p', { class: 'about' }, 'Per store and step of time. The latest 10,000 data points and executions are kept.'),
      place,
      heading,
      h(
        'form',
        { class: 'filters', 'aria-label': 'Filter the data points', submit: (event) => event.preventDefault() },
        metric.element,
        namespace.element,
      ),
      table.element,
      turning.element,
    ),
    close() {
      live.stop();
      for (const view of views.values()) view.close();
    },
  };
}

import type { DataPointRow } from '../../shapes';
import { h, setChildren } from '../elements/element';
import { executionLink } from '../links';
import { jsonBox } from '../elements/parts';
import { timeElement } from '../elements/time';
import { count } from '../elements/words';

const COLUMNS = ['Time', 'Metric', 'Value', 'Namespace', 'Dimensions', 'Execution', 'Log event'];

export interface DataPointTable {
  readonly element: HTMLElement;
  show(rows: readonly DataPointRow[]): void;
}

/** The data points, each with the log event that it comes from on request. */
export function dataPointTable(): DataPointTable {
  const body = h('tbody');
  const known = new Map<number, readonly HTMLElement[]>();
  const empty = h('p', { class: 'empty', hidden: true }, 'No data yet.');
  return {
    element: h(
      'div',
      { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': 'Data points' },
      h(
        'table',
        { class: 'cards points' },
        h('caption', { class: 'hidden' }, 'Data points, the latest first'),
        h('thead', {}, h('tr', {}, ...COLUMNS.map((name) => h('th', { scope: 'col' }, name)))),
        body,
      ),
      empty,
    ),
    show(rows) {
      const sequences = new Set(rows.map(({ sequence }) => sequence));
      for (const sequence of known.keys()) if (!sequences.has(sequence)) known.delete(sequence);
      const elements = rows.flatMap((row) => {
        const there = known.get(row.sequence) ?? tableRows(row);
        known.set(row.sequence, there);
        return there;
      });
      setChildren(body, elements);
      empty.hidden = rows.length > 0;
    },
  };
}

/** The row, and below it the one with the log event. */
function tableRows(row: DataPointRow): HTMLElement[] {
  const { sequence, metricName, namespace, dimensions, value, unit, timestampMs, event, executionArn } = row;
  const id = `point-${sequence}`;
  const more = h('tr', { id, class: 'more', hidden: true });
  const button = h(
    'button',
    {
      type: 'button',
      'aria-expanded': 'false',
      'aria-controls': id,
      'aria-label': `Log event of data point ${count(sequence + 1)}`,
      click: () => toggle(),
    },
    'Log event',
  );
  const toggle = (): void => {
    more.hidden = !more.hidden;
    button.setAttribute('aria-expanded', String(!more.hidden));
    if (!more.hidden && more.childElementCount === 0) more.append(h('td', { colspan: COLUMNS.length }, ...source(row)));
  };
  const named = Object.entries(dimensions).map(([name, text]) => `${name}=${text}`);
  const measured = unit === 'None' ? count(value) : `${count(value)} ${unit}`;
  const link = executionArn !== undefined && h('a', { href: executionLink(executionArn) }, 'Open');
  return [
    h(
      'tr',
      {},
      h('th', { scope: 'row', class: 'started' }, timeElement(timestampMs)),
      h('td', { class: 'metric' }, metricName),
      h('td', { class: 'number value' }, measured),
      h('td', {}, namespace),
      h('td', {}, named.length === 0 ? '–' : named.join(', ')),
      h('td', {}, link === false ? '–' : link),
      h('td', {}, event === undefined ? 'None: a default value' : button),
    ),
    more,
  ];
}

function source({ filter, logStream = '', event = '', sequence }: DataPointRow): Node[] {
  return [
    h('p', { class: 'about' }, `Metric filter ${filter}, log stream ${logStream}`),
    jsonBox(`Log event of data point ${count(sequence + 1)}, JSON`, event),
  ];
}

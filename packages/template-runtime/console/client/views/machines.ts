import type { MachineRow } from '../../shapes';
import { read } from '../api';
import { h, replaceChildren } from '../elements/element';
import { executionsLink, machineLink } from '../links';
import { startLive } from '../elements/live';
import type { View } from '../view';
import { count, moment } from '../elements/words';

const EVERY_MS = 2000;
const COLUMNS = ['Name', 'Type', 'Executions in memory', 'Running', 'Created'];

/** The list of state machines. */
export function openMachines(): View {
  const body = h('tbody');
  let lastText = '';
  const live = startLive(EVERY_MS, async (signal) => {
    const machines = await read<MachineRow[]>('machines', {}, signal);
    const text = JSON.stringify(machines);
    if (text === lastText) return;
    lastText = text;
    replaceChildren(body, ...machines.map(row));
  });
  return {
    title: 'State machines',
    element: h(
      'section',
      {},
      h('h1', {}, 'State machines'),
      h(
        'div',
        { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': 'State machines' },
        h(
          'table',
          {},
          h('caption', { class: 'hidden' }, 'State machines'),
          h('thead', {}, h('tr', {}, ...COLUMNS.map((name) => h('th', { scope: 'col' }, name)))),
          body,
        ),
      ),
    ),
    close: () => live.stop(),
  };
}

function row({ arn, name, type, executions, running, createdMs }: MachineRow): HTMLElement {
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, h('a', { href: machineLink(arn) }, name)),
    h('td', {}, type === 'EXPRESS' ? 'Express' : 'Standard'),
    h(
      'td',
      {},
      h(
        'a',
        { href: executionsLink({ machine: arn }), 'aria-label': `${count(executions)} executions of ${name}` },
        count(executions),
      ),
    ),
    h('td', {}, count(running)),
    h('td', { class: 'number' }, moment(createdMs)),
  );
}

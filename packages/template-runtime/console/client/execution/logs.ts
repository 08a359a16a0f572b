import type { ExecutionLogs, LogPart } from '../../shapes';
import { read } from '../api';
import { copyButton } from '../elements/copy';
import { h, replaceChildren } from '../elements/element';
import { showProblem } from '../elements/problem';
import { moment } from '../elements/words';

/** What was logged of an execution and of the functions that it invoked. */
export function logsPanel(arn: string): { readonly element: HTMLElement; refresh(): void } {
  const element = h('div', { class: 'logs' });
  let shown = '';
  const load = async (): Promise<void> => {
    const logs = await read<ExecutionLogs>('logs', { arn });
    const text = JSON.stringify(logs);
    if (text === shown) return;
    shown = text;
    replaceChildren(element, ...logs.parts.map(partElement));
  };
  return { element, refresh: () => void load().catch(showProblem) };
}

function partElement({ title, group, note, lines }: LogPart): HTMLElement {
  const name = group === undefined ? title : `${title} log: ${group}`;
  const text = (): string => lines.map(({ timestampMs, message }) => `${moment(timestampMs)} ${message}`).join('\n');
  return h(
    'section',
    { class: 'payload' },
    h(
      'div',
      { class: 'caption' },
      h('h3', {}, title, group !== undefined && ' log ', group !== undefined && h('code', {}, group)),
      lines.length > 0 && copyButton(`${title} log`, text),
    ),
    note !== undefined && h('p', { class: 'about' }, note),
    lines.length > 0 &&
      h(
        'div',
        { class: 'json log', tabindex: 0, role: 'group', 'aria-label': name },
        ...lines.map(({ timestampMs, message }) =>
          h('div', {}, h('time', {}, moment(timestampMs)), ' ', h('code', {}, message)),
        ),
      ),
  );
}

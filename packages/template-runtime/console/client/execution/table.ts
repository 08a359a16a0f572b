import type { StayPage, StayRow, VisitPlace } from '../../shapes';
import { h } from '../elements/element';
import { badge } from '../elements/parts';
import { duration, STATE_WORDS } from '../elements/words';
import { resourceText } from './resource';

export interface StaysEvents {
  readonly onChoose: (place: VisitPlace) => void;
  readonly onEvents: (place: VisitPlace) => void;
}

/** One stay as a row of the table. */
export function tableRow(
  row: StayRow,
  { fromMs, toMs }: Pick<StayPage, 'fromMs' | 'toMs'>,
  { onChoose, onEvents }: StaysEvents,
): HTMLElement {
  const { state, visit, type, status, enteredMs, exitedMs, resource, retries, iteration } = row;
  const which = iteration === undefined ? '' : ` #${iteration}`;
  const place = { 'data-state': state, 'data-visit': visit };
  return h(
    'tr',
    {},
    h(
      'th',
      { scope: 'row' },
      h(
        'button',
        { type: 'button', class: 'link', ...place, 'aria-pressed': 'false', click: () => onChoose(row) },
        `${state}${which}`,
      ),
    ),
    h('td', {}, type),
    h('td', {}, badge(STATE_WORDS[status])),
    h('td', { class: 'resource' }, resourceText(resource) ?? '–'),
    h('td', { class: 'number' }, duration(enteredMs - fromMs)),
    h('td', { class: 'number' }, duration((exitedMs ?? toMs) - enteredMs)),
    h('td', { class: 'number' }, retries),
    h(
      'td',
      {},
      h(
        'button',
        { type: 'button', class: 'link', 'aria-label': `Events of ${state}${which}`, click: () => onEvents(row) },
        'Events',
      ),
    ),
  );
}

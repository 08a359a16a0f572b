import type { StateDefinition } from '../graph/model';
import { waysOut } from '../graph/model';
import { h } from '../elements/element';

/** The ways out of a state that has several, each with when it is taken. */
export function waysList(definition: StateDefinition | undefined, onChoose: (state: string) => void): HTMLElement[] {
  const ways = definition === undefined ? [] : waysOut(definition);
  if (ways.length < 2) return [];
  return [
    h('h3', {}, 'Ways out, in the order in which they are tried'),
    h(
      'ol',
      { class: 'ways' },
      ...ways.map(({ to, label = 'Next', condition }) =>
        h(
          'li',
          {},
          h('span', { class: 'label' }, label.startsWith('Catch') ? 'Catch' : label),
          ' to ',
          h('button', { type: 'button', class: 'link', click: () => onChoose(to) }, to),
          condition !== undefined && h('span', { class: 'when' }, ' if ', h('code', {}, condition)),
        ),
      ),
    ),
  ];
}

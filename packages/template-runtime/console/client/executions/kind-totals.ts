import type { OutcomeKind } from '../../shapes';
import { h, setText } from '../elements/element';
import { icon } from '../elements/icons';
import { count, OUTCOME_WORDS } from '../elements/words';

/** In the order of what wants to be looked at. */
export const KINDS: readonly OutcomeKind[] = ['done', 'refused', 'invalid', 'not-done', 'unknown', 'failed', 'running'];

export interface KindTotals {
  readonly element: HTMLElement;
  show(kinds: Readonly<Partial<Record<OutcomeKind, number>>>, chosen: string | undefined): void;
}

/** How many executions ended in which way; each total shows those alone, and again all. */
export function kindTotals(onChoose: (kind: OutcomeKind | '') => void): KindTotals {
  let current = '';
  const number = (): HTMLElement => h('b', { class: 'total' }, '0');
  const all = number();
  const allButton = h('button', { type: 'button', click: () => onChoose('') }, all, ' All');
  const parts = KINDS.map((kind) => {
    const { icon: sign, text, look } = OUTCOME_WORDS[kind];
    const total = number();
    const press = (): void => onChoose(current === kind ? '' : kind);
    const button = h('button', { type: 'button', class: look, click: press }, icon(sign), total, ` ${text}`);
    return { kind, total, button };
  });
  return {
    element: h(
      'div',
      { class: 'totals', role: 'group', 'aria-label': 'Outcomes' },
      allButton,
      ...parts.map(({ button }) => button),
    ),
    show(kinds, chosen = '') {
      current = chosen;
      setText(all, count(Object.values(kinds).reduce((sum, some) => sum + some, 0)));
      allButton.setAttribute('aria-pressed', String(chosen === ''));
      for (const { kind, total, button } of parts) {
        const some = kinds[kind] ?? 0;
        setText(total, count(some));
        button.classList.toggle('none', some === 0);
        button.setAttribute('aria-pressed', String(chosen === kind));
      }
    },
  };
}

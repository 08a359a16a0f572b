import { h, setText } from './element';
import { count } from './words';

export interface Pager {
  readonly element: HTMLElement;
  show(state: { before: number; shown: number; matching: number; total: number; hasNext: boolean }): void;
}

/** "1–50 of 10,000", and buttons to the page before and after. */
export function pager(
  names: { readonly what: string; readonly previous: string; readonly next: string },
  turn: (pages: 1 | -1) => void,
): Pager {
  const where = h('span', { class: 'where' });
  const previous = h('button', { type: 'button', click: () => turn(-1) }, names.previous);
  const next = h('button', { type: 'button', click: () => turn(1) }, names.next);
  return {
    element: h('nav', { class: 'pager', 'aria-label': `Pages of ${names.what}` }, where, previous, next),
    show({ before, shown, matching, total, hasNext }) {
      const range = shown === 0 ? 'None' : `${count(before + 1)}–${count(before + shown)}`;
      const all = matching === total ? count(total) : `${count(matching)} matching, ${count(total)} in all`;
      setText(where, `${range} of ${all}`);
      previous.disabled = before === 0;
      next.disabled = !hasNext;
    },
  };
}

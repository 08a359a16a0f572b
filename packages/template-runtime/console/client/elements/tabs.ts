import { h } from './element';

export interface Tab<Id extends string> {
  readonly id: Id;
  readonly label: string;
  readonly panel: HTMLElement;
  /** Whether it is so long that it comes on paper only when it is the one shown. @default false */
  readonly isLong?: boolean;
}

export interface Tabs<Id extends string> {
  readonly element: HTMLElement;
  readonly chosen: () => Id;
  choose(id: Id): void;
  /** Says behind a tab's label how much there is. */
  setCount(id: Id, count: number | undefined): void;
  /** Leaves tabs out. */
  offer(ids: readonly Id[]): void;
}

let made = 0;

/**
 * Tabs over panels of which one is shown; on paper all are, each under its label.
 *
 * Source: https://www.w3.org/WAI/ARIA/apg/patterns/tabs/
 *
 * @param onChoose called when a person chooses one
 */
export function tabs<Id extends string>(
  label: string,
  list: readonly [Tab<Id>, ...Tab<Id>[]],
  { chosen: first, onChoose }: { readonly chosen?: string | null; readonly onChoose?: (id: Id) => void } = {},
): Tabs<Id> {
  const prefix = `tabs-${(made += 1)}`;
  let chosen: Id = (list.find(({ id }) => id === first) ?? list[0]).id;
  let offered: readonly Id[] = list.map(({ id }) => id);

  const buttons = new Map(
    list.map(({ id, label: text }) => [
      id,
      h(
        'button',
        {
          type: 'button',
          role: 'tab',
          id: `${prefix}-${id}`,
          'aria-controls': `${prefix}-${id}-panel`,
          click: () => pick(id),
        },
        text,
        h('span', { class: 'count' }),
      ),
    ]),
  );
  for (const { id, label: text, panel, isLong = false } of list) {
    panel.classList.toggle('long', isLong);
    panel.id = `${prefix}-${id}-panel`;
    panel.setAttribute('role', 'tabpanel');
    panel.setAttribute('aria-labelledby', `${prefix}-${id}`);
    panel.dataset['title'] = text;
    panel.dataset['tab'] = id;
  }
  const show = (): void => {
    for (const { id, panel } of list) {
      const isChosen = id === chosen;
      const button = buttons.get(id);
      if (button) button.hidden = !offered.includes(id);
      button?.setAttribute('aria-selected', String(isChosen));
      button?.setAttribute('tabindex', isChosen ? '0' : '-1');
      panel.hidden = !isChosen;
      panel.classList.toggle('absent', !offered.includes(id));
    }
  };
  const pick = (id: Id): void => {
    if (id === chosen) return;
    chosen = id;
    show();
    onChoose?.(id);
  };
  const onKey = (event: Event): void => {
    const { key } = event as KeyboardEvent;
    const index = offered.indexOf(chosen);
    const last = offered.length - 1;
    const to = {
      ArrowRight: index === last ? 0 : index + 1,
      ArrowLeft: index === 0 ? last : index - 1,
      Home: 0,
      End: last,
    }[key];
    const id = to === undefined ? undefined : offered[to];
    if (id === undefined) return;
    event.preventDefault();
    pick(id);
    buttons.get(id)?.focus();
  };
  show();
  return {
    element: h(
      'div',
      { class: 'tabs' },
      h('div', { role: 'tablist', 'aria-label': label, keydown: onKey }, ...buttons.values()),
      ...list.map(({ panel }) => panel),
    ),
    chosen: () => chosen,
    choose(id) {
      chosen = offered.includes(id) ? id : chosen;
      show();
    },
    setCount(id, count) {
      const place = buttons.get(id)?.querySelector('.count');
      if (place) place.textContent = count === undefined ? '' : ` ${count}`;
    },
    offer(ids) {
      offered = list.map(({ id }) => id).filter((id) => ids.includes(id));
      if (!offered.includes(chosen)) chosen = offered[0] ?? chosen;
      show();
    },
  };
}

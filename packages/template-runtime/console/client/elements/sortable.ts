import type { SortOrder } from '../../shapes';
import { h } from './element';
import { icon } from './icons';
import { choice } from './parts';

export interface Sorting<Key extends string> {
  readonly sort: Key;
  readonly order: SortOrder;
}

/** As the address has it. */
export function sortingOf<Key extends string>(
  parameters: URLSearchParams,
  keys: readonly Key[],
  first: Sorting<Key>,
): Sorting<Key> {
  const sort = keys.find((key) => key === parameters.get('sort'));
  if (sort === undefined) return first;
  return { sort, order: parameters.get('order') === 'ascending' ? 'ascending' : 'descending' };
}

export interface Column<Key extends string> {
  readonly text: string;
  /** Absent where it can't be sorted by. */
  readonly key?: Key;
  /** What the first press on it gives. @default "ascending" */
  readonly first?: SortOrder;
  readonly class?: string;
}

export interface SortableHeader<Key extends string> {
  /** The row of a table's head. */
  readonly row: HTMLTableRowElement;
  /** The same as a choice, for where the head doesn't fit. */
  readonly choice: HTMLElement;
  show(sorting: Sorting<Key>): void;
}

/** The head of a table whose columns sort it: a press on the one that it is sorted by turns the order. */
export function sortableHeader<Key extends string>(
  columns: readonly Column<Key>[],
  onSort: (sorting: Sorting<Key>) => void,
): SortableHeader<Key> {
  let current: Sorting<Key> | undefined;
  const firstOrder = (key: Key): SortOrder => columns.find((column) => column.key === key)?.first ?? 'ascending';
  const opposite = (order: SortOrder): SortOrder => (order === 'ascending' ? 'descending' : 'ascending');
  const cells = columns.map(({ text, key, class: look }) => {
    if (key === undefined) return h('th', { scope: 'col', class: look }, text);
    const press = (): void =>
      onSort({ sort: key, order: current?.sort === key ? opposite(current.order) : firstOrder(key) });
    return h(
      'th',
      { scope: 'col', class: look, 'data-sort': key },
      h('button', { type: 'button', class: 'sort', click: press }, text, icon('up'), icon('down')),
    );
  });
  const options = columns.flatMap(({ text, key }) => {
    if (key === undefined) return [];
    const both = [firstOrder(key), opposite(firstOrder(key))];
    return both.map((order) => [`${key} ${order}`, `${text}, ${order}`] as const);
  });
  const select = choice('sort', 'Sort by', options, (value) => {
    const [sort, order] = value.split(' ') as [Key, SortOrder];
    onSort({ sort, order });
  });
  select.element.classList.add('sort-choice');
  return {
    row: h('tr', {}, ...cells),
    choice: select.element,
    show(sorting) {
      current = sorting;
      select.select.value = `${sorting.sort} ${sorting.order}`;
      for (const cell of cells) {
        if (cell.dataset['sort'] === sorting.sort) cell.setAttribute('aria-sort', sorting.order);
        else cell.removeAttribute('aria-sort');
      }
    },
  };
}

/**
 * A table below such a head, which scrolls by keyboard, and whose rows are cards on a phone.
 *
 * @param name its caption, and in lower case its CSS class
 * @param empty what stands there without rows
 */
export function cardTable<Key extends string>(
  name: string,
  { row }: SortableHeader<Key>,
  body: HTMLElement,
  empty: HTMLElement,
): HTMLElement {
  return h(
    'div',
    { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': name },
    h(
      'table',
      { class: `cards ${name.toLowerCase()}` },
      h('caption', { class: 'hidden' }, name),
      h('thead', {}, row),
      body,
    ),
    empty,
  );
}

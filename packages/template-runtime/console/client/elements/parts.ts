import { queryOf } from '../api';
import { h } from './element';
import { icon } from './icons';
import type { StatusWords } from './words';

/** A status with its sign and colour. */
export function badge({ icon: name, text, look }: StatusWords): HTMLElement {
  return h('span', { class: `badge ${look}` }, icon(name), text);
}

/** JSON text, indented, in a box of its own that can be scrolled by keyboard; other text as it is. */
export function jsonBox(label: string, text: string): HTMLElement {
  return h('pre', { class: 'json', tabindex: 0, role: 'group', 'aria-label': label }, indented(text));
}

function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text; // a cause may be any text
  }
}

/** Pairs of a name and a value; those without a value are left out. */
export function facts(...pairs: readonly (readonly [string, Node | string | undefined])[]): HTMLElement {
  const given = pairs.filter(([, value]) => value !== undefined && value !== '');
  return h(
    'dl',
    { class: 'facts' },
    ...given.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))),
  );
}

/** A select whose first choice is all. */
export function choice(
  id: string,
  label: string,
  options: readonly (readonly [value: string, text: string])[],
  onChange: (value: string) => void,
): { readonly element: HTMLElement; readonly select: HTMLSelectElement } {
  const select = h('select', { id, change: () => onChange(select.value) }, ...optionElements(options));
  return { element: h('div', { class: 'field' }, h('label', { for: id }, label), select), select };
}

export function optionElements(options: readonly (readonly [value: string, text: string])[]): HTMLOptionElement[] {
  return options.map(([value, text]) => h('option', { value }, text));
}

/** Offers the values that occur, and the chosen one even where it doesn't. */
export function offer(select: HTMLSelectElement, values: readonly string[], chosen = ''): void {
  const offered = Array.from(new Set(['', ...values, chosen]));
  const key = queryOf(Object.fromEntries(offered.entries()));
  if (select.dataset['offered'] !== key) {
    select.dataset['offered'] = key;
    select.replaceChildren(...optionElements(offered.map((value) => [value, value === '' ? 'All' : value])));
  }
  select.value = chosen;
}

/** A text field that reports its text a moment after the last key. */
export function searchField(id: string, label: string, value: string, onSearch: (text: string) => void): HTMLElement {
  let timer: number | undefined;
  const input = h('input', {
    id,
    type: 'search',
    value,
    autocomplete: 'off',
    spellcheck: 'false',
    input: () => {
      clearTimeout(timer);
      timer = window.setTimeout(() => onSearch(input.value), TYPING_MS);
    },
  });
  return h('div', { class: 'field grow' }, h('label', { for: id }, label), input);
}

const TYPING_MS = 150;

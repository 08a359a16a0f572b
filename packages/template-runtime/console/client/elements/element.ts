export type Child = Node | string | number | undefined | false;
type Listener = (event: Event) => void;

/** Attributes by name; a function is a listener of the event of that name, `undefined` and `false` leave out. */
export type Attributes = Readonly<Record<string, string | number | boolean | undefined | Listener>>;

const SVG = 'http://www.w3.org/2000/svg';

/** Makes an HTML element. Text is always set as text, never as markup. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  return fill(document.createElement(tag), attributes, children);
}

/** Makes an SVG element. */
export function svg<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[Tag] {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill<T extends Element>(element: T, attributes: Attributes, children: readonly Child[]): T {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== undefined && value !== false) element.setAttribute(name, String(value));
  }
  element.append(...children.filter((child) => child !== undefined && child !== false).map(toNode));
  return element;
}

function toNode(child: Node | string | number): Node | string {
  return typeof child === 'number' ? String(child) : child;
}

/** Sets an element's text where it differs, so that nothing is announced or redrawn for nothing. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

const FOCUSABLE = 'a, button, input, select, summary, [tabindex]';

/** Puts new children in place of the old; what had the focus among them passes it on to its successor. */
export function replaceChildren(parent: Element, ...children: readonly Node[]): void {
  const focused = parent.contains(document.activeElement) ? document.activeElement : null;
  const state = focused?.getAttribute('data-state');
  const index = focused ? Array.from(parent.querySelectorAll(FOCUSABLE)).indexOf(focused) : -1;
  parent.replaceChildren(...children);
  if (!focused) return;
  const there = Array.from(parent.querySelectorAll<HTMLElement>(FOCUSABLE));
  const isOfState = (element: HTMLElement | undefined): boolean => state != null && element?.dataset['state'] === state;
  const successor = isOfState(there[index]) ? there[index] : (there.find(isOfState) ?? there[index]);
  successor?.focus({ preventScroll: true });
}

/**
 * Makes `parent` hold these children in this order. What is there already isn't taken out, so that it keeps the focus.
 */
export function setChildren(parent: Element, children: readonly Element[]): void {
  const wanted = new Set(children);
  for (const child of Array.from(parent.children)) if (!wanted.has(child)) child.remove();
  children.forEach((child, index) => {
    const there = parent.children[index];
    if (there !== child) parent.insertBefore(child, there ?? null);
  });
}

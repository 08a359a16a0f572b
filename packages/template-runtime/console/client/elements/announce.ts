import { h } from './element';

let region: HTMLElement | undefined;

/** Has a screen reader say something that is seen elsewhere on the page. */
export function announce(text: string): void {
  if (!region) document.body.append((region = h('p', { class: 'hidden', role: 'status' })));
  const place = region;
  place.textContent = '';
  requestAnimationFrame(() => (place.textContent = text)); // a change is said, the same text again isn't
}

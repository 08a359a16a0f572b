import { h, setText } from './element';
import { clockOrMoment, isoMoment } from './words';

/** A time of today, or with its date; its zone on hover. */
export function timeElement(ms?: number): HTMLTimeElement {
  const element = h('time');
  if (ms !== undefined) showTime(element, ms);
  return element;
}

/** Also shows the date once the day is over. */
export function showTime(element: HTMLTimeElement, ms: number): void {
  setText(element, clockOrMoment(ms, Date.now()));
  const iso = new Date(ms).toISOString();
  if (element.dateTime === iso) return;
  element.dateTime = iso;
  element.title = isoMoment(ms);
}

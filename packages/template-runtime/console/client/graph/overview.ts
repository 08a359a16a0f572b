import { h, svg } from '../elements/element';
import type { Layout } from './layout';

export interface Overview {
  readonly element: HTMLElement;
  /** Shows the whole graph and the part in the frame; nothing where the frame holds it all. */
  show(layout: Layout, scale: number): void;
}

const WIDTH = 150;
const HEIGHT = 110;
/** A frame less wide than this has no room for it. */
const NARROW = 480;

/** The whole of a graph that is larger than its frame, small; a press moves the frame there. For the eye alone. */
export function overview(frame: HTMLElement): Overview {
  const element = h('div', { class: 'overview', 'aria-hidden': 'true', hidden: true });
  const view = svg('rect', { class: 'in-frame' });
  let ratio = 1; // of the overview to the graph in the frame

  const mark = (): void => {
    const { scrollLeft, scrollTop, clientWidth, clientHeight } = frame;
    const place = { x: scrollLeft, y: scrollTop, width: clientWidth, height: clientHeight };
    for (const [name, value] of Object.entries(place)) view.setAttribute(name, String(value * ratio));
  };
  const move = (event: PointerEvent): void => {
    const { left, top } = element.getBoundingClientRect();
    frame.scrollLeft = (event.clientX - left) / ratio - frame.clientWidth / 2;
    frame.scrollTop = (event.clientY - top) / ratio - frame.clientHeight / 2;
  };
  frame.addEventListener('scroll', mark, { passive: true });
  element.addEventListener('pointerdown', (event) => {
    element.setPointerCapture(event.pointerId);
    move(event);
  });
  element.addEventListener('pointermove', (event) => event.buttons > 0 && move(event));

  return {
    element,
    show({ width, height, boxes }, scale) {
      const isLarger = width * scale > frame.clientWidth + 1 || height * scale > frame.clientHeight + 1;
      element.hidden = !isLarger || frame.clientWidth < NARROW;
      if (element.hidden) return;
      const small = Math.min(WIDTH / width, HEIGHT / height);
      ratio = small / scale;
      const states = boxes.map(({ x, y, width: wide, height: high }) =>
        svg('rect', { x: x * small, y: y * small, width: wide * small, height: high * small }),
      );
      element.replaceChildren(svg('svg', { width: width * small, height: height * small }, ...states, view));
      mark();
    },
  };
}

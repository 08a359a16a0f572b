import { h, setText } from '../elements/element';
import { duration } from '../elements/words';

const EVERY_MS = 250;

export interface Elapsed {
  readonly element: HTMLElement;
  /** @param durationMs undefined while it goes on */
  show(startMs: number, durationMs: number | undefined): void;
  stop(): void;
}

/** How long something takes, counting while it goes on. A reader finds it, and isn't told of each change. */
export function elapsed(): Elapsed {
  const element = h('span', { class: 'elapsed' });
  let timer: number | undefined;
  const stop = (): void => clearInterval(timer);
  return {
    element,
    show(startMs, durationMs) {
      stop();
      const write = (): void => setText(element, duration(durationMs ?? Math.max(0, Date.now() - startMs)));
      write();
      if (durationMs === undefined) timer = window.setInterval(write, EVERY_MS);
    },
    stop,
  };
}

import { post } from '../api';
import { h, setChildren, setText } from '../elements/element';
import { icon } from '../elements/icons';
import { badge } from '../elements/parts';
import type { StatusWords } from '../elements/words';

/** What the stores' route tells of one. */
interface Store {
  readonly host: string;
  readonly port: number;
  /** Whether it can be stopped from here. */
  readonly embedded: boolean;
  readonly state?: State;
}

type State = 'running' | 'stopped' | 'frozen' | 'ended';

interface StateWords extends StatusWords {
  /** What its clients meet. */
  readonly about: string;
  /** What may be done to it then. */
  readonly actions: readonly Action[];
}

type Action = 'stop' | 'freeze' | 'start';

const STATES: Readonly<Record<State, StateWords>> = {
  running: { icon: 'check', text: 'Running', look: 'succeeded', about: 'Answers', actions: ['stop', 'freeze'] },
  stopped: { icon: 'square', text: 'Stopped', look: 'failed', about: 'Refuses connections', actions: ['start'] },
  frozen: {
    ...{ icon: 'pause', text: 'Frozen', look: 'running', actions: ['start', 'stop'] },
    about: 'Takes connections, never answers',
  },
  ended: { icon: 'cross', text: 'Ended', look: 'failed', about: 'Its thread has died', actions: ['start'] },
};

const ACTION_WORDS: Readonly<Record<Action, string>> = { stop: 'Stop', freeze: 'Freeze', start: 'Start' };

const OPEN_MS = 1000;
const CLOSED_MS = 3000;
const CHOICE = 'stores-panel';
const WIDE = '(width > 40rem)';

/**
 * Shows the stores' states in the header, and in a panel below it that stays while one turns pages: there stores are
 * stopped, frozen and started. What others do to them shows within a moment.
 */
export function startStores(path: string, header: Element, panel: HTMLElement): void {
  const summary = h('span');
  const button = h(
    'button',
    { type: 'button', 'aria-expanded': 'false', 'aria-controls': panel.id, click: () => toggle() },
    summary,
  );
  const list = h('ul', { class: 'stores' });
  const result = h('p', { class: 'result', role: 'status' });
  const cards = new Map<string, StoreCard>();
  let timer: number | undefined;

  const refresh = async (): Promise<void> => {
    clearTimeout(timer);
    try {
      if (!document.hidden) show(await storesAt(path));
    } catch {
      setText(summary, 'Stores: no answer');
    }
    clearTimeout(timer);
    timer = window.setTimeout(() => void refresh(), panel.hidden ? CLOSED_MS : OPEN_MS);
  };
  const act = async (name: string, action: Action): Promise<void> => {
    setText(result, `${ACTION_WORDS[action]} ${name} …`);
    try {
      const { message } = await post<{ message: string }>(`${path}/${encodeURIComponent(name)}/${action}`, {});
      setText(result, message);
    } catch (error) {
      setText(result, error instanceof Error ? error.message : String(error));
    }
    await refresh();
  };
  const show = (stores: Readonly<Record<string, Store>>): void => {
    button.replaceChildren(...summaryOf(stores));
    for (const [name, store] of Object.entries(stores)) {
      let card = cards.get(name);
      if (!card) cards.set(name, (card = storeCard(name, store, (action) => act(name, action))));
      card.show(store);
    }
    setChildren(
      list,
      Object.keys(stores).flatMap((name) => cards.get(name)?.element ?? []),
    );
  };
  const setOpen = (isOpen: boolean): void => {
    panel.hidden = !isOpen;
    button.setAttribute('aria-expanded', String(isOpen));
    void refresh();
  };
  const toggle = (): void => {
    const isOpen = panel.hidden !== false;
    sessionStorage.setItem(CHOICE, isOpen ? 'open' : 'closed');
    setOpen(isOpen);
  };
  /** Where nobody has chosen, it is open on the page of the counters if that has room. */
  const followPage = (): void => {
    const chosen = sessionStorage.getItem(CHOICE);
    const isUsual = location.hash.startsWith('#/counters') && matchMedia(WIDE).matches;
    setOpen(chosen === null ? isUsual : chosen === 'open');
  };
  header.replaceChildren(button);
  panel.replaceChildren(
    h(
      'div',
      { class: 'panel-head' },
      h('p', { class: 'about' }, 'Stop or freeze a store, and watch what becomes of executions, counters and metrics.'),
      result,
    ),
    list,
  );
  addEventListener('hashchange', followPage);
  followPage();
}

async function storesAt(path: string): Promise<Readonly<Record<string, Store>>> {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`The stores' states are not told: ${response.status}`);
  return (await response.json()) as Record<string, Store>;
}

/** Those that don't run, by name. */
function summaryOf(stores: Readonly<Record<string, Store>>): (Node | string)[] {
  const troubled = Object.entries(stores).flatMap(([name, { state = 'running' }]) =>
    state === 'running'
      ? []
      : [
          h(
            'span',
            { class: STATES[state].look },
            icon(STATES[state].icon),
            `${name} ${STATES[state].text.toLowerCase()}`,
          ),
        ],
  );
  if (troubled.length > 0) return ['Stores: ', ...troubled];
  return [h('span', { class: 'succeeded' }, icon('check')), 'Stores'];
}

interface StoreCard {
  readonly element: HTMLElement;
  show(store: Store): void;
}

/** A store with what may be done to it. Until a press is answered, another does nothing. */
function storeCard(name: string, { host, port, embedded }: Store, act: (action: Action) => Promise<void>): StoreCard {
  const state = h('span');
  const about = h('span', { class: 'quiet' });
  const buttons = new Map<Action, HTMLButtonElement>();
  let shown: State | undefined;
  let isActing = false;
  const press = async (action: Action): Promise<void> => {
    if (isActing) return;
    isActing = true;
    await act(action);
    isActing = false;
  };
  for (const action of ['stop', 'freeze', 'start'] as const) {
    const text = ACTION_WORDS[action];
    const attributes = { type: 'button', 'aria-label': `${text} ${name}`, click: () => void press(action) };
    buttons.set(action, h('button', attributes, text));
  }
  /** A button that goes passes the focus on. */
  const offer = (actions: readonly Action[]): void => {
    const focused = Array.from(buttons.values()).find((button) => button === document.activeElement);
    for (const [action, button] of buttons) button.hidden = !actions.includes(action);
    if (focused?.hidden)
      Array.from(buttons.values())
        .find((button) => !button.hidden)
        ?.focus();
  };
  const heading = h('div', { class: 'store-name' }, h('b', {}, name), state);
  const address = h('span', { class: 'quiet id' }, `${host}:${port}`);
  const actions = embedded
    ? h('div', { class: 'actions' }, ...buttons.values())
    : h('span', { class: 'quiet' }, 'A server of your own: stop it yourself');
  return {
    element: h('li', {}, heading, actions, h('div', { class: 'facts-line' }, about, address)),
    show(store) {
      if (store.state === shown) return;
      shown = store.state;
      if (shown === undefined) return;
      state.replaceChildren(badge(STATES[shown]));
      setText(about, STATES[shown].about);
      offer(STATES[shown].actions);
    },
  };
}

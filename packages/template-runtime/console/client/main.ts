import { executionLink } from './links';
import { clearProblem, showProblem } from './elements/problem';
import { startStores } from './faults/stores';
import { system } from './system';
import type { OpenView, View } from './view';
import { openCounters } from './views/counters';
import { openExecution } from './views/execution';
import { openExecutions } from './views/executions';
import { openMachine } from './views/machine';
import { openMachines } from './views/machines';
import { openMetrics } from './views/metrics';

const VIEWS: Readonly<Record<string, OpenView>> = {
  executions: openExecutions,
  execution: openExecution,
  counters: openCounters,
  machines: openMachines,
  machine: openMachine,
  metrics: openMetrics,
};

const main = find<HTMLElement>('#main');
let current: View | undefined;

function find<T extends Element>(selector: string): T {
  const element = document.querySelector<T>(selector);
  if (!element) throw new Error(`The page has no ${selector}`);
  return element;
}

/** Shows the view of the address. `#main` and other places within the page change nothing. */
function show(): void {
  const hash = location.hash === '' ? '#/executions' : location.hash;
  const [, path = '', query = ''] = /^#\/([^?]*)(?:\?(.*))?$/.exec(hash) ?? [];
  if (!hash.startsWith('#/')) return;
  const open = (Object.hasOwn(VIEWS, path) ? VIEWS[path] : undefined) ?? openExecutions;
  const isFirst = current === undefined;
  current?.close();
  clearProblem();
  current = open(new URLSearchParams(query));
  document.title = `${current.title} – atomic-counter`;
  main.replaceChildren(current.element);
  markCurrent(path);
  if (!isFirst) main.focus({ preventScroll: true }); // or the reader would stay on a link that is gone
  scrollTo(0, 0);
}

function markCurrent(path: string): void {
  for (const link of Array.from(document.querySelectorAll('header nav a'))) {
    const isCurrent = link.getAttribute('href') === `#/${path === '' ? 'executions' : path}`;
    if (isCurrent) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
}

find<HTMLFormElement>('#open').addEventListener('submit', (event) => {
  event.preventDefault();
  const input = find<HTMLInputElement>('#open-arn');
  location.hash = executionLink(arnIn(input.value));
  input.value = '';
});

/** The ARN, also where the whole header line was pasted. */
function arnIn(text: string): string {
  return /arn:aws\S*/.exec(text)?.[0] ?? text.trim();
}

system()
  .then(({ storesPath }) => {
    if (storesPath !== undefined) startStores(storesPath, find('#stores'), find('#stores-panel'));
  })
  .catch(showProblem);
addEventListener('hashchange', show);
show();

import type { ExecutionDetails, MachineDetails } from '../../shapes';
import { read } from '../api';
import { copyButton } from '../elements/copy';
import { definitionView } from '../execution/definition';
import { h, replaceChildren } from '../elements/element';
import { waysList } from '../execution/ways';
import { readDefinition } from '../graph/model';
import { type GraphView, openGraph } from '../graph/view';
import { executionsLink } from '../links';
import { startForm } from '../machine/start-form';
import { facts } from '../elements/parts';
import { payload } from '../elements/payload';
import { showProblem } from '../elements/problem';
import { tabs } from '../elements/tabs';
import type { View } from '../view';
import { counted, moment } from '../elements/words';

/** One state machine: its graph, its definition, and a form that starts an execution. */
export function openMachine(parameters: URLSearchParams): View {
  const arn = parameters.get('arn') ?? '';
  const like = parameters.get('like');
  const element = h('section', {}, h('p', {}, 'Loading …'));
  let graph: GraphView | undefined;
  const load = async (): Promise<void> => {
    const [machine, original] = await Promise.all([
      read<MachineDetails>('machine', { arn }),
      like === null ? undefined : read<ExecutionDetails>('execution', { arn: like }),
    ]);
    const parts = sections(machine, original?.input ?? machine.latestInput ?? '{}');
    graph = parts.graph;
    element.replaceChildren(...parts.elements);
    if (like !== null) element.querySelector('textarea')?.focus({ preventScroll: true });
  };
  load().catch((error: unknown) => {
    element.replaceChildren(h('h1', {}, 'State machine'));
    showProblem(error);
  });
  return { title: 'State machine', element, close: () => graph?.close() };
}

function sections(machine: MachineDetails, input: string): { readonly elements: readonly Node[]; graph: GraphView } {
  const { arn, name, type, definition, executions, createdMs } = machine;
  const model = readDefinition(definition);
  const whole = definitionView(definition);
  const own = h('div', { class: 'data', 'aria-live': 'polite' }, h('p', {}, 'Choose a state to see its definition.'));
  const choose = (state: string): void => {
    const part = model.definitions.get(state);
    graph.choose(state);
    whole.choose(state);
    replaceChildren(
      own,
      h('h2', {}, state),
      ...waysList(part, choose),
      payload(`Definition of ${state}`, JSON.stringify(part)),
    );
    sides.choose('state');
  };
  const graph = openGraph(model, { onChoose: choose });
  const sides = tabs('Beside the graph', [
    { id: 'start', label: 'Start an execution', panel: h('div', {}, startForm(machine, input)) },
    { id: 'state', label: 'The chosen state', panel: own },
  ]);
  return {
    graph,
    elements: [
      h(
        'div',
        { class: 'first-view' },
        h('h1', {}, name),
        ...(model.comment === undefined ? [] : [h('p', { class: 'about' }, model.comment)]),
        facts(
          ['Type', type === 'EXPRESS' ? 'Express' : 'Standard'],
          [
            'Executions',
            h('a', { href: executionsLink({ machine: arn }) }, `${counted(executions, 'execution')} in memory`),
          ],
          ['States', String(model.definitions.size)],
          ['Created', moment(createdMs)],
          [
            'ARN',
            h(
              'span',
              { class: 'arn' },
              h('code', { title: arn }, arn),
              copyButton('ARN', () => arn),
            ),
          ],
        ),
        h('div', { class: 'beside machine' }, graph.element, h('section', { class: 'state' }, sides.element)),
      ),
      whole.element,
    ],
  };
}

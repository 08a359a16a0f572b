import type { ExecutionDetails, MachineDetails, StartAnswer, StartBody } from '../../shapes';
import { read, send } from '../api';
import { h, setText } from '../element';
import { openGraph } from '../graph/view';
import { readDefinition } from '../graph/model';
import { executionLink, executionsLink } from '../links';
import { facts, jsonBox } from '../parts';
import { showProblem } from '../problem';
import type { View } from '../view';
import { counted, moment } from '../words';

/** One state machine: start an execution, its graph, its definition. */
export function openMachine(parameters: URLSearchParams): View {
  const arn = parameters.get('arn') ?? '';
  const like = parameters.get('like');
  const element = h('section', {}, h('p', {}, 'Loading …'));
  const load = async (): Promise<void> => {
    const [machine, original] = await Promise.all([
      read<MachineDetails>('machine', { arn }),
      like === null ? undefined : read<ExecutionDetails>('execution', { arn: like }),
    ]);
    element.replaceChildren(...sections(machine, original?.input ?? machine.latestInput ?? '{}'));
  };
  load().catch((error: unknown) => {
    element.replaceChildren(h('h1', {}, 'State machine'));
    showProblem(error);
  });
  return { title: 'State machine', element, close: () => undefined };
}

function sections(machine: MachineDetails, input: string): Node[] {
  const { arn, name, type, definition, executions, createdMs } = machine;
  const chosen = h(
    'div',
    { class: 'state', 'aria-live': 'polite' },
    h('p', {}, 'Choose a state to see its definition.'),
  );
  const model = readDefinition(definition);
  const graph = openGraph(model, {
    onChoose(state) {
      graph.choose(state);
      chosen.replaceChildren(
        h('h3', {}, state),
        jsonBox(`Definition of ${state}`, JSON.stringify(model.definitions.get(state))),
      );
    },
  });
  return [
    h('h1', {}, name),
    facts(
      ['Type', type === 'EXPRESS' ? 'Express' : 'Standard'],
      [
        'Executions',
        h('a', { href: executionsLink({ machine: arn }) }, `${counted(executions, 'execution')} in memory`),
      ],
      ['Created', moment(createdMs)],
      ['ARN', h('code', {}, arn)],
    ),
    h('h2', {}, 'Start an execution'),
    ...(model.comment === undefined ? [] : [h('p', { class: 'about' }, model.comment)]),
    startForm(machine, input),
    h('h2', {}, 'Graph'),
    h('div', { class: 'beside' }, graph.element, chosen),
    h('h2', {}, 'Definition'),
    jsonBox('Definition', definition),
  ];
}

function startForm({ arn, type }: MachineDetails, latest: string): HTMLElement {
  const input = h('textarea', { id: 'input', rows: 8, spellcheck: 'false', 'aria-describedby': 'start-problem' });
  input.value = JSON.stringify(JSON.parse(latest), null, 2);
  const name = h('input', { id: 'name', autocomplete: 'off', placeholder: 'random', maxlength: 80 });
  const button = h('button', { type: 'submit', class: 'main' }, 'Start execution');
  const problem = h('p', { id: 'start-problem', role: 'alert', class: 'problem' });
  const start = async (): Promise<void> => {
    setText(problem, '');
    button.disabled = true;
    try {
      const body: StartBody = {
        stateMachineArn: arn,
        input: input.value,
        ...(name.value !== '' && { name: name.value }),
      };
      const { executionArn } = await send<StartAnswer>('executions', body);
      location.hash = executionLink(executionArn);
    } catch (error) {
      setText(problem, error instanceof Error ? error.message : String(error));
    } finally {
      button.disabled = false;
    }
  };
  const how =
    type === 'EXPRESS'
      ? 'Synchronously: on AWS an asynchronous Express execution may run twice, and count twice.'
      : 'It opens at once, and is updated while it runs.';
  return h(
    'form',
    {
      class: 'start',
      'aria-label': 'Start an execution',
      submit: (event) => {
        event.preventDefault();
        void start();
      },
    },
    h('div', { class: 'field' }, h('label', { for: 'input' }, 'Input, JSON'), input),
    h('div', { class: 'field' }, h('label', { for: 'name' }, 'Name, optional'), name),
    h('p', { class: 'about' }, how),
    button,
    problem,
  );
}

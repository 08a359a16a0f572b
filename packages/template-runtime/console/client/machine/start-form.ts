import type { MachineDetails, StartAnswer, StartBody } from '../../shapes';
import { send } from '../api';
import { h, setText } from '../elements/element';
import { executionLink } from '../links';

/** A form that starts an execution, and then opens it. @param latest the input to begin with, JSON text */
export function startForm({ arn, type }: MachineDetails, latest: string): HTMLElement {
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

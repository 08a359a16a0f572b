import type { ExecutionDetails, StopBody } from '../../shapes';
import { announce } from '../elements/announce';
import { send } from '../api';
import { h, setText } from '../elements/element';

/** A button that stops an execution once that is confirmed. */
export function stopButton({ arn, type }: Pick<ExecutionDetails, 'arn' | 'type'>, onStopped: () => void): HTMLElement {
  const error = h('input', { id: 'stop-error', maxlength: 256, autocomplete: 'off' });
  const cause = h('textarea', { id: 'stop-cause', maxlength: 32_768, rows: 3 });
  const problem = h('p', { role: 'alert', class: 'problem' });
  const stop = async (): Promise<void> => {
    setText(problem, '');
    const body: StopBody = {
      executionArn: arn,
      ...(error.value !== '' && { error: error.value }),
      ...(cause.value !== '' && { cause: cause.value }),
    };
    try {
      await send<StopBody>('stop', body);
      dialog.close();
      announce('The execution was stopped');
      onStopped();
    } catch (failure) {
      setText(problem, failure instanceof Error ? failure.message : String(failure));
    }
  };
  const dialog = h(
    'dialog',
    { 'aria-labelledby': 'stop-title' },
    h(
      'form',
      {
        class: 'start',
        submit: (event) => {
          event.preventDefault();
          void stop();
        },
      },
      h('h2', { id: 'stop-title' }, 'Stop this execution?'),
      h('p', {}, 'It ends as aborted. What a call has changed stays changed, and may still come to its end.'),
      type === 'EXPRESS' &&
        h(
          'p',
          { class: 'about' },
          'On AWS an Express execution can’t be stopped: there it runs to its end or its timeout.',
        ),
      h('div', { class: 'field' }, h('label', { for: 'stop-error' }, 'Error, optional'), error),
      h('div', { class: 'field' }, h('label', { for: 'stop-cause' }, 'Cause, optional'), cause),
      problem,
      h(
        'div',
        { class: 'buttons' },
        h('button', { type: 'submit', class: 'main' }, 'Stop execution'),
        h('button', { type: 'button', click: () => dialog.close() }, 'Cancel'),
      ),
    ),
  );
  const button = h('button', { type: 'button', click: () => dialog.showModal() }, 'Stop …');
  return h('div', {}, button, dialog);
}

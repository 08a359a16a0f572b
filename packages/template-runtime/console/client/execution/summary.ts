import type { ExecutionDetails } from '../../shapes';
import { announce } from '../elements/announce';
import { copyButton } from '../elements/copy';
import { h, replaceChildren } from '../elements/element';
import { machineLink } from '../links';
import { badge, facts } from '../elements/parts';
import { payload } from '../elements/payload';
import { EXECUTION_WORDS, moment, OUTCOME_WORDS } from '../elements/words';
import { elapsed } from './elapsed';
import { stopButton } from './stop';

export interface Summary {
  readonly element: HTMLElement;
  show(execution: ExecutionDetails): void;
  close(): void;
}

/** What happened, at the top: how it ended, of which counter, when, and why if it isn't what was asked. */
export function summary(execution: ExecutionDetails, onStopped: () => void): Summary {
  const { arn, name, machine, machineArn, store, counterId, type } = execution;
  const subject = counterId === undefined ? name : [store, counterId].filter((part) => part !== undefined).join(' / ');
  const outcome = h('span', { class: 'outcome' });
  const figures = h('div');
  const trouble = h('div');
  const took = elapsed();
  const stop = stopButton(execution, onStopped);
  let status: string | undefined;
  return {
    element: h(
      'div',
      { class: 'summary' },
      h(
        'div',
        { class: 'heading' },
        h(
          'div',
          {},
          h(
            'p',
            { class: 'eyebrow' },
            `${type === 'EXPRESS' ? 'Express' : 'Standard'} execution of `,
            h('a', { href: machineLink(machineArn) }, machine),
          ),
          h('h1', {}, outcome, ' ', h('span', { class: 'subject' }, subject)),
        ),
        h(
          'div',
          { class: 'buttons' },
          stop,
          h(
            'a',
            {
              class: 'button',
              href: machineLink(machineArn, arn),
              'aria-label': `New execution of ${machine} with this input`,
            },
            'New execution',
          ),
        ),
      ),
      trouble,
      figures,
    ),
    show(now) {
      outcome.replaceChildren(outcomeBadge(now));
      took.show(now.startMs, now.durationMs);
      stop.hidden = now.status !== 'RUNNING';
      replaceChildren(figures, figuresOf(now, took.element));
      replaceChildren(trouble, ...troubleParts(now));
      if (status === 'RUNNING' && now.status !== status) {
        announce(`The execution has ended: ${EXECUTION_WORDS[now.status].text}, ${OUTCOME_WORDS[now.kind].text}`);
      }
      status = now.status;
    },
    close: took.stop,
  };
}

/** The machine's own word for the outcome is more exact than that for its kind. */
function outcomeBadge({ kind, outcome, status }: ExecutionDetails): HTMLElement {
  if (kind === 'failed') return badge(EXECUTION_WORDS[status]);
  const words = OUTCOME_WORDS[kind];
  const own = status === 'SUCCEEDED' && outcome !== undefined ? sentence(outcome) : words.text;
  return badge({ ...words, text: kind === 'unknown' ? words.text : own });
}

/** `limit-reached` as `Limit reached`. */
function sentence(outcome: string): string {
  const text = outcome.replaceAll('-', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function figuresOf(execution: ExecutionDetails, took: HTMLElement): HTMLElement {
  const { arn, status, store, counterId, counter, max, startMs, stopMs } = execution;
  return facts(
    ['AWS status', badge(EXECUTION_WORDS[status])],
    ['Store', store],
    ['Counter id', counterId],
    ['Counter value', counter === undefined ? undefined : String(counter)],
    ['Limit', max === undefined ? undefined : String(max)],
    ['Duration', took],
    ['Started', moment(startMs)],
    ['Ended', stopMs === undefined ? undefined : moment(stopMs)],
    [
      'ARN',
      h(
        'span',
        { class: 'arn' },
        h('code', { title: arn }, arn),
        copyButton('ARN', () => arn),
      ),
    ],
  );
}

function troubleParts({ trouble, kind, status }: ExecutionDetails): HTMLElement[] {
  if (!trouble) return [];
  const { state, error, cause } = trouble;
  const { look } = OUTCOME_WORDS[kind];
  const where = state === undefined ? undefined : h('span', {}, ` in “${state}”`);
  const message = cause === undefined ? undefined : messageIn(cause);
  const whole = payload('Cause of the failure', cause ?? '');
  return [
    h(
      'section',
      { class: `trouble ${look}`, 'aria-label': status === 'SUCCEEDED' ? 'Why' : 'Why it failed' },
      h('p', {}, h('strong', {}, error ?? 'Reason'), where, message !== undefined && h('span', {}, `: ${message}`)),
      cause !== undefined &&
        message !== cause &&
        (message === undefined ? whole : h('details', {}, h('summary', {}, 'The whole cause'), whole)),
    ),
  ];
}

/** What a cause says: that of a function's error is JSON with a message in it. @returns undefined for other JSON */
function messageIn(cause: string): string | undefined {
  try {
    const { errorMessage, message = errorMessage } = Object(JSON.parse(cause)) as Readonly<Record<string, unknown>>;
    return typeof message === 'string' ? message : undefined;
  } catch {
    return cause; // it is plain text
  }
}

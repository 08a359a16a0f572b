import { h } from '../elements/element';
import { choice } from '../elements/parts';

/** What the address says of a range of time: `last` minutes, or two local times as their fields write them. */
export interface TimeRange {
  readonly last?: string | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

const SPANS = [
  ['', 'At any time'],
  ['5', 'Last 5 minutes'],
  ['15', 'Last 15 minutes'],
  ['60', 'Last hour'],
  ['1440', 'Last 24 hours'],
  ['between', 'Between …'],
] as const;

export interface TimeRangeFields {
  readonly elements: readonly HTMLElement[];
  show(range: TimeRange): void;
}

/** Fields for a range of time: the last minutes, or from and to. */
export function timeRangeFields(onChange: (range: Required<TimeRange>) => void): TimeRangeFields {
  const time = (id: string, label: string): { field: HTMLElement; input: HTMLInputElement } => {
    const input = h('input', { id, type: 'datetime-local', step: 1, change: () => between() });
    return { field: h('div', { class: 'field', hidden: true }, h('label', { for: id }, label), input), input };
  };
  const since = time('since', 'From');
  const until = time('until', 'To');
  const between = (): void => onChange({ last: '', since: since.input.value, until: until.input.value });
  const span = choice('last', 'Started', SPANS, (value) => {
    const isBetween = value === 'between';
    since.field.hidden = until.field.hidden = !isBetween;
    if (isBetween) since.input.focus();
    else onChange({ last: value, since: '', until: '' });
  });
  return {
    elements: [span.element, since.field, until.field],
    show(range) {
      const isBetween = (range.since ?? '') !== '' || (range.until ?? '') !== '';
      since.field.hidden = until.field.hidden = !isBetween;
      since.input.value = range.since ?? '';
      until.input.value = range.until ?? '';
      span.select.value = isBetween ? 'between' : (range.last ?? '');
    },
  };
}

/** For the API, which knows no zone. What isn't a time restricts nothing. */
export function rangeParameters({
  last,
  since,
  until,
}: TimeRange): Record<'last' | 'since' | 'until', number | undefined> {
  const minutes = Number(last);
  return {
    last: last !== undefined && Number.isInteger(minutes) && minutes > 0 ? minutes : undefined,
    since: millisecondsOf(since),
    until: millisecondsOf(until),
  };
}

function millisecondsOf(local: string | undefined): number | undefined {
  const ms = local === undefined || local === '' ? NaN : new Date(local).getTime();
  return Number.isNaN(ms) || ms < 0 ? undefined : ms;
}

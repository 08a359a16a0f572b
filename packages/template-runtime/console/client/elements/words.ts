import type { ExecutionStatus, OutcomeKind, StateStatus } from '../../shapes';
import type { IconName } from './icons';

/** A status in words, with a sign besides its colour. */
export interface StatusWords {
  readonly icon: IconName;
  readonly text: string;
  /** The CSS class that colours it. */
  readonly look: StateStatus | OutcomeKind;
}

export const STATE_WORDS: Readonly<Record<StateStatus, StatusWords>> = {
  running: { icon: 'clock', text: 'Running', look: 'running' },
  succeeded: { icon: 'check', text: 'Succeeded', look: 'succeeded' },
  caught: { icon: 'exclamation', text: 'Caught error', look: 'caught' },
  failed: { icon: 'cross', text: 'Failed', look: 'failed' },
  'timed-out': { icon: 'clock', text: 'Timed out', look: 'timed-out' },
  aborted: { icon: 'slash', text: 'Aborted', look: 'aborted' },
};

export const EXECUTION_WORDS: Readonly<Record<ExecutionStatus, StatusWords>> = {
  RUNNING: STATE_WORDS.running,
  SUCCEEDED: STATE_WORDS.succeeded,
  FAILED: STATE_WORDS.failed,
  TIMED_OUT: STATE_WORDS['timed-out'],
  ABORTED: STATE_WORDS.aborted,
};

/** What an execution means; its own word for it, such as `limit-reached`, is more exact. */
export const OUTCOME_WORDS: Readonly<Record<OutcomeKind, StatusWords>> = {
  running: STATE_WORDS.running,
  done: { icon: 'check', text: 'Done', look: 'done' },
  refused: { icon: 'ceiling', text: 'Limit reached', look: 'refused' },
  invalid: { icon: 'cross', text: 'Invalid', look: 'invalid' },
  'not-done': { icon: 'bar', text: 'Not counted', look: 'not-done' },
  unknown: { icon: 'question', text: 'Unknown', look: 'unknown' },
  failed: STATE_WORDS.failed,
};

const WHOLE = new Intl.NumberFormat('en');

export const count = (number: number): string => WHOLE.format(number);

/** `1 visit`, `2 visits`. */
export const counted = (number: number, noun: string): string => `${count(number)} ${noun}${number === 1 ? '' : 's'}`;

/** Milliseconds below ten seconds, then seconds, then minutes. */
export function duration(ms: number): string {
  if (ms < 10_000) return `${count(Math.round(ms))} ms`;
  if (ms < 600_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${count(Math.round(ms / 60_000))} min`;
}

const CLOCK = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
});
const DAY = new Intl.DateTimeFormat('en-CA', { year: 'numeric', month: '2-digit', day: '2-digit' });
const MINUTE = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });

/** Of the day, or with its date where that is another day than `now`. */
export const clockOrMoment = (ms: number, now: number): string =>
  DAY.format(ms) === DAY.format(now) ? CLOCK.format(ms) : moment(ms);

/** The local time in ISO 8601, with its offset and the zone's name. */
export function isoMoment(ms: number): string {
  const offset = -new Date(ms).getTimezoneOffset();
  const local = new Date(ms + offset * 60_000).toISOString().slice(0, -1);
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60].map((part) =>
    String(part).padStart(2, '0'),
  );
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  return `${local}${offset < 0 ? '-' : '+'}${hours}:${minutes} (${timeZone})`;
}

export const clock = (ms: number): string => CLOCK.format(ms);
export const clockMinute = (ms: number): string => MINUTE.format(ms);
export const moment = (ms: number): string => `${DAY.format(ms)} ${CLOCK.format(ms)}`;

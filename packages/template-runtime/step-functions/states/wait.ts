import { StateError } from '../errors';
import { numberProblem, READS_INPUT } from '../definition/fields';
import type { Fields } from '../definition/fields';
import type { State } from '../execution/interpreter';
import { typedField } from '../definition/typed-field';
import { Visit } from '../execution/visit';
import { LONGEST_SECONDS } from './task';

/** 24,855 days are accepted and 24,856 refused (recorded on AWS): it counts the seconds in 31 bits. */
const LONGEST_WAIT_SECONDS = 2_147_483_647;

/** RFC 3339 with an offset: `T` and `Z` (or `+01:00`) are required. */
const TIMESTAMP = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;

/**
 * A Wait state.
 *
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/state-wait.html
 */
export function compileWait(name: string, fields: Fields): State {
  fields.requireOneOf('SecondsPath', 'Seconds', 'TimestampPath', 'Timestamp');
  const seconds = typedField(fields, 'Seconds', 'number', {
    evaluated: secondsProblem,
    written: (value) => numberProblem(value, { least: 0, most: LONGEST_SECONDS }),
  });
  const timestamp = typedField(fields, 'Timestamp', 'string', {
    evaluated: timestampProblem,
    written: (value) => (isTimestamp(value) ? undefined : 'String does not match RFC3339 timestamp'),
  });
  const templates = { output: fields.template('Output', READS_INPUT), assign: fields.assign(READS_INPUT) };
  const next = fields.next();
  return {
    name,
    type: 'Wait',
    async run(frame, input) {
      const visit = new Visit(frame, 'Wait', name, input);
      const delayMs = seconds
        ? (await seconds.read(visit)) * 1000
        : Date.parse((await timestamp?.read(visit)) ?? '') - frame.execution.clock.now();
      if (delayMs > LONGEST_WAIT_SECONDS * 1000) {
        throw new StateError('States.Runtime', visit.describe('Wait state delay is too long.'));
      }
      frame.abortable = 'Wait';
      if (delayMs > 0) await frame.sleep(delayMs);
      return visit.leave(await visit.result(templates, input, visit.bindings(), next));
    },
  };
}

function secondsProblem(seconds: number): string | undefined {
  if (Number.isInteger(seconds) && seconds >= 0) return undefined;
  return `The Seconds field must be a whole number of at least 0, but was: ${seconds}`;
}

const isTimestamp = (value: unknown): boolean =>
  typeof value !== 'string' || (TIMESTAMP.test(value) && !Number.isNaN(Date.parse(value)));

function timestampProblem(timestamp: string): string | undefined {
  if (isTimestamp(timestamp)) return undefined;
  return `The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: ${timestamp}`;
}

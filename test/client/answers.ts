import type { Step } from './scripted-api';

/** The API's answers, as its mapping templates write them, to requests for `dynamo/votes`. */
export const TARGET = { store: 'dynamo', id: 'votes' };
export const ARN = 'arn:aws:states:us-east-1:000000000000:express:Increment:1:2';

const ran = { 'X-Execution-Arn': ARN };
const later = { ...ran, 'Retry-After': '1' };

export const incremented = (counter: unknown = 7): Step => ({
  status: 200,
  headers: ran,
  body: { ...TARGET, counter, useConditionalWrites: true },
});
export const replayed = (counter: unknown = 7): Step => ({
  status: 200,
  headers: { ...ran, 'Idempotent-Replay': 'true' },
  body: { ...TARGET, counter, useConditionalWrites: true },
});
/** An increment where a limit holds. */
export const incrementedBelow = (limit: object, counter = 7): Step => ({
  status: 200,
  headers: ran,
  body: { ...TARGET, counter, useConditionalWrites: true, ...limit },
});
export const LIMIT_REACHED: Step = {
  status: 409,
  headers: ran,
  body: {
    error: 'Counter has reached its maximum value of: 10',
    ...TARGET,
    useConditionalWrites: true,
    max: 10,
    remaining: 0,
  },
};
export const TWO_REMAIN: Step = {
  status: 409,
  headers: ran,
  body: {
    error: 'Counter has only 2 left up to its maximum value of: 10',
    ...TARGET,
    useConditionalWrites: true,
    max: 10,
    remaining: 2,
  },
};
export const UNAVAILABLE: Step = {
  status: 503,
  headers: later,
  body: { error: 'Store dynamo is unavailable: the counter was not incremented', retryable: true },
};
export const NO_ROOM: Step = {
  status: 503,
  headers: { ...ran, 'Retry-After': '30' },
  body: { error: 'The counter has no room for another idempotency key: it was not incremented', retryable: true },
};
export const THROTTLED: Step = {
  status: 429,
  headers: { 'Retry-After': '1' },
  body: { error: 'Too many requests: this one was not carried out', retryable: true },
};
export const UNKNOWN: Step = {
  status: 504,
  body: { error: 'The outcome is unknown: the counter may have been incremented', outcome: 'unknown' },
};
export const BAD_ID: Step = { status: 400, headers: ran, body: { error: 'id must be …' } };
export const NO_KEY: Step = { status: 403, body: { error: 'The header X-Api-Key must have a valid API key' } };
/** API Gateway's own, to a path where it finds no stage. */
export const FORBIDDEN: Step = { status: 403, body: { message: 'Forbidden' } };
export const NO_STORE: Step = { status: 404, headers: ran, body: { error: 'Unknown store' } };
export const READ = { status: 200, headers: ran, body: { ...TARGET, counter: 3, consistency: 'strong' } };
export const READ_UNKNOWN: Step = {
  status: 504,
  body: { error: 'The store did not answer: the counter could not be read', retryable: true },
};

/** What a proxy or a wrong address answers. */
export const page = (status: number): Step => ({ status, headers: { 'Content-Type': 'text/html' }, body: '<html>' });

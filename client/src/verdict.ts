import type { Answer, NoAnswer } from './exchange.js';

/** What one attempt is known to have done. */
export type Verdict<Settled> =
  /** Tells how the whole call ended, whatever earlier attempts did. */
  | { readonly kind: 'settled'; readonly result: Settled }
  /** This attempt did nothing, nor would the next. */
  | { readonly kind: 'refused'; readonly error: string; readonly status: number }
  /** This attempt did nothing, the next may. */
  | { readonly kind: 'not-applied'; readonly error: string }
  /** No proof of anything. `lasting`: the next attempt would be answered alike. */
  | { readonly kind: 'unknown'; readonly error: string; readonly lasting: boolean };

/** The API's refusals: API Gateway's own, and those of the state machine's validation. All come before a store is asked. */
const REFUSALS = [400, 401, 403, 404, 405, 413, 415];

/** Answers of the 4xx class that a proxy gives for a passing reason. */
const PASSING = [408, 425, 429];

/** Judges whatever doesn't settle the call. Without the API's own words it proves nothing. */
export function judgeUnsettled(answer: Answer | NoAnswer): Verdict<never> {
  if ('noAnswer' in answer) return { kind: 'unknown', error: answer.noAnswer, lasting: false };
  const { status, body } = answer;
  const own = [body['error'], body['message']].find((text) => typeof text === 'string');
  const error = own ?? `Status ${status} with a body that isn't the API's`;
  if (own !== undefined && REFUSALS.includes(status)) return { kind: 'refused', error, status };
  if (own !== undefined && isNotApplied(answer)) return { kind: 'not-applied', error };
  return {
    kind: 'unknown',
    error,
    lasting: status === 0 || (status >= 300 && status < 500 && !PASSING.includes(status)),
  };
}

/** 503 where the API says so, and API Gateway's throttle. */
function isNotApplied({ status, body }: Answer): boolean {
  return status === 503 ? body['retryable'] === true : status === 429;
}

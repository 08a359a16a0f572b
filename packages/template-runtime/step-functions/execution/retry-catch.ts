import { StateError } from '../errors';
import type { Frame } from './frame';
import { Payload } from './payload';
import { Retriable } from './probe';
import type { Exit, ResultTemplates, Visit } from './visit';

/**
 * When and how often a state is tried again.
 *
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html, "Retrying after an error"
 */
export interface Retrier {
  readonly errorEquals: readonly string[];
  readonly intervalSeconds: number;
  readonly backoffRate: number;
  readonly maxAttempts: number;
  readonly maxDelaySeconds?: number | undefined;
  readonly fullJitter: boolean;
}

export interface Catcher extends ResultTemplates {
  readonly errorEquals: readonly string[];
  readonly next: string;
}

export interface ErrorPolicies {
  readonly retry: readonly Retrier[];
  readonly catch: readonly Catcher[];
}

/** Errors that the wildcards don't match. `States.Runtime` isn't matched even by its own name. */
const TERMINAL = new Set(['States.Runtime', 'States.DataLimitExceeded']);

/**
 * Whether a retrier or catcher applies to an error.
 *
 * A recording from 2024 shows `States.ALL` catching `States.DataLimitExceeded` of a task; AWS's page excludes it in so many
 * words, and the page is followed.
 *
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html, "Error names"
 */
export function matches(errorEquals: readonly string[], error: string | undefined): boolean {
  if (error === 'States.Runtime') return false;
  return errorEquals.some((name) => {
    if (name === error) return true;
    if (error !== undefined && TERMINAL.has(error)) return false;
    if (name === 'States.ALL') return true;
    return name === 'States.TaskFailed' && error !== 'States.Timeout';
  });
}

/** @returns seconds to wait before the retry number `retry`, counted from 0 */
export function delaySeconds(retrier: Retrier, retry: number, random: () => number): number {
  const backedOff = retrier.intervalSeconds * retrier.backoffRate ** retry;
  const capped = Math.min(backedOff, retrier.maxDelaySeconds ?? Infinity);
  return retrier.fullJitter ? capped * random() : capped;
}

/**
 * Carries out what a state does, again where a retrier says so, and leads on to a catcher's state where that has failed.
 *
 * @param attempt one try
 * @param onFailure called once no retrier is left, before a catcher is looked for
 */
export async function withRetryAndCatch(
  visit: Visit,
  policies: ErrorPolicies,
  attempt: () => Promise<Exit>,
  onFailure?: () => void,
): Promise<Exit> {
  const used = new Map<Retrier, number>();
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof StateError)) throw error;
      if (await retries(visit.frame, policies.retry, used, error)) {
        visit.retryCount = sum(used.values());
        continue;
      }
      onFailure?.();
      return await caught(visit, policies.catch, error);
    }
  }
}

/** Waits and says true where the state is to be tried again. */
async function retries(
  frame: Frame,
  retriers: readonly Retrier[],
  used: Map<Retrier, number>,
  failure: StateError,
): Promise<boolean> {
  const retrier = retriers.find(({ errorEquals }) => matches(errorEquals, failure.error));
  if (!retrier) return false;
  const { probe } = frame.execution;
  const retry = used.get(retrier) ?? probe?.usedRetries ?? 0;
  if (probe) probe.inspection.errorDetails = { retryIndex: retriers.indexOf(retrier) };
  if (retry >= retrier.maxAttempts) return false;
  if (probe?.inspection.errorDetails) {
    probe.inspection.errorDetails.retryBackoffIntervalSeconds = delaySeconds(retrier, retry, frame.execution.random);
    throw new Retriable(failure);
  }
  used.set(retrier, retry + 1);
  await frame.sleep(delaySeconds(retrier, retry, frame.execution.random) * 1000);
  return true;
}

async function caught(visit: Visit, catchers: readonly Catcher[], error: StateError): Promise<Exit> {
  const catcher = catchers.find(({ errorEquals }) => matches(errorEquals, error.error));
  if (!catcher) throw error;
  const { probe } = visit.frame.execution;
  if (probe) {
    const { errorDetails } = probe.inspection;
    probe.inspection.errorDetails = { ...errorDetails, catchIndex: catchers.indexOf(catcher) };
  }
  const { errorOutput } = error;
  const exit = await visit.result(catcher, new Payload(errorOutput), visit.bindings({ errorOutput }));
  return { ...exit, next: catcher.next, caught: error };
}

function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}

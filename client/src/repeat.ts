import { backoffMs, retryAfterMs } from './backoff.js';
import type { Clock } from './clock.js';
import { type Answer, exchange, type NoAnswer, type Request } from './exchange.js';
import type { Verdict } from './verdict.js';

/** What the client takes from the machine. */
export interface Machine {
  readonly clock: Clock;
  /** From 0 to below 1. */
  random(): number;
}

export interface Repetition<Settled> {
  judge(answer: Answer | NoAnswer): Verdict<Settled>;
  /** Whether an attempt that may have counted is safe to repeat. */
  readonly repeatsUnknown: boolean;
  /** For all attempts and the pauses between them. */
  readonly deadlineMs: number;
  readonly attemptTimeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/** How the attempts ended. */
export interface End<Settled> {
  /** Of the last attempt. */
  readonly verdict: Verdict<Settled>;
  /** Whether any attempt may have counted. */
  readonly uncertain: boolean;
  readonly attempts: number;
  readonly executionArn: string | undefined;
}

/**
 * Sends a request until it is settled, no attempt is left that is safe and may help, or the deadline is near.
 *
 * @throws the signal's reason when it aborts
 */
export async function repeat<Settled>(
  request: Request,
  repetition: Repetition<Settled>,
  { clock, random }: Machine,
): Promise<End<Settled>> {
  const { judge, repeatsUnknown, deadlineMs, attemptTimeoutMs, signal } = repetition;
  const elapsed = clock.stopwatch();
  let uncertain = false;
  let executionArn: string | undefined;
  for (let attempts = 1; ; attempts++) {
    const timeoutMs = Math.min(attemptTimeoutMs, deadlineMs - elapsed());
    const answer = await exchange(request, { timeoutMs, clock, signal });
    const verdict = judge(answer);
    uncertain ||= verdict.kind === 'unknown';
    executionArn = headerOf(answer, 'X-Execution-Arn') ?? executionArn;
    const end = { verdict, uncertain, attempts, executionArn };
    if (!mayRepeat(verdict, repeatsUnknown)) return end;

    const pause = retryAfterMs(headerOf(answer, 'Retry-After'), clock.date()) + backoffMs(attempts, random());
    if (elapsed() + pause >= deadlineMs) return end;
    await clock.wait(pause, signal);
    if (elapsed() >= deadlineMs) return end; // the timer was late, or the machine slept
  }
}

function mayRepeat(verdict: Verdict<unknown>, repeatsUnknown: boolean): boolean {
  return verdict.kind === 'not-applied' || (verdict.kind === 'unknown' && repeatsUnknown && !verdict.lasting);
}

function headerOf(answer: Answer | NoAnswer, name: string): string | null {
  return 'noAnswer' in answer ? null : answer.headers.get(name);
}

import { type Context, checkTarget, limitsOf, unsent } from './call.js';
import { keyProblem, newKey } from './idempotency-key.js';
import { judgeIncrement, type SettledIncrement, type Target } from './judge.js';
import type { IncrementOptions } from './options.js';
import { type End, repeat } from './repeat.js';
import { requestFor, targetProblem } from './request.js';
import type { IncrementCall, IncrementResult } from './results.js';
import { limit, step, text } from './settings.js';

/** Adds one to a counter, or `by`: `CounterClient.increment`. */
export async function increment(
  target: Target,
  options: IncrementOptions,
  { machine, settings }: Context,
): Promise<IncrementResult> {
  checkTarget(target);
  const limits = limitsOf(options, settings);
  const query = { max: limit(options.max), by: step(options.by) };
  const idempotencyKey = keyOf(options.idempotencyKey);
  const problem = targetProblem(target) ?? keyProblem(idempotencyKey);
  if (problem !== undefined) return { ...unsent(problem), idempotencyKey };

  const end = await repeat(
    requestFor('POST', target, settings, {
      query,
      headers: idempotencyKey === undefined ? {} : { 'Idempotency-Key': idempotencyKey },
    }),
    {
      ...limits,
      judge: (answer) => judgeIncrement(answer, target, query.by ?? 1),
      repeatsUnknown: idempotencyKey !== undefined,
    },
    machine,
  );
  return resultOf(end, idempotencyKey);
}

/** Each call's own, unless the caller brings one or wants none. */
function keyOf(key: IncrementOptions['idempotencyKey']): string | undefined {
  if (key === false) return undefined;
  return key === undefined ? newKey() : text('idempotencyKey', key);
}

/**
 * What is known after all attempts. Once one of them is unknown, a later one that did nothing doesn't change that: only an
 * answer about the key itself does.
 */
function resultOf({ verdict, uncertain, ...sent }: End<SettledIncrement>, idempotencyKey?: string): IncrementResult {
  const call: IncrementCall = { ...sent, idempotencyKey };
  if (verdict.kind === 'settled') return { ...verdict.result, ...call };
  const { kind, error } = verdict;
  if (kind === 'unknown') return { outcome: 'unknown', error, ...call };
  if (uncertain)
    return { outcome: 'unknown', error: `An earlier attempt may have counted. The last: ${error}`, ...call };
  if (kind === 'not-applied') return { outcome: 'not-applied', error, ...call };
  return { outcome: 'invalid', error, status: verdict.status, ...call };
}

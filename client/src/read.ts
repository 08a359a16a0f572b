import { type Context, checkTarget, limitsOf, unsent } from './call.js';
import { judgeRead, type Target } from './judge.js';
import type { ReadOptions } from './options.js';
import { repeat } from './repeat.js';
import { requestFor, targetProblem } from './request.js';
import type { ReadResult } from './results.js';
import { limit } from './settings.js';

/** Reads a counter: `CounterClient.read`. It changes nothing, so that every attempt is safe to repeat. */
export async function read(target: Target, options: ReadOptions, { machine, settings }: Context): Promise<ReadResult> {
  checkTarget(target);
  const limits = limitsOf(options, settings);
  const max = limit(options.max);
  const problem = targetProblem(target);
  if (problem !== undefined) return unsent(problem);

  const { verdict, attempts, executionArn } = await repeat(
    requestFor('GET', target, settings, { query: { max } }),
    { ...limits, judge: (answer) => judgeRead(answer, target), repeatsUnknown: true },
    machine,
  );
  if (verdict.kind === 'settled') return { ...verdict.result, attempts, executionArn };
  const { error } = verdict;
  if (verdict.kind !== 'refused') return { outcome: 'unavailable', error, attempts, executionArn };
  return { outcome: 'invalid', error, status: verdict.status, attempts, executionArn };
}

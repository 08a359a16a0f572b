import { type Difference, type Gap, type Group, judge } from './call';

/** The result of the calls. */
export interface Outcome {
  /** How many calls AWS answers differently. */
  readonly differing: number;
  readonly differences: readonly Difference[];
  readonly gaps: readonly Gap[];
}

/** Makes the calls one by one, with a line of progress for each group. */
export async function askAll(groups: readonly Group[], signal: AbortSignal): Promise<Outcome> {
  const differences: Difference[] = [];
  const gaps: Gap[] = [];
  let count = 0;
  for (const { action, about, calls, gaps: known } of groups) {
    process.stdout.write(`${action}, ${about}: ${calls.length} calls … `);
    const verdicts = [];
    for (const call of calls) verdicts.push(await judge(call, signal));
    const open = verdicts.flatMap((verdict) => ('gap' in verdict ? verdict.gap : []));
    const different = verdicts.flatMap((verdict) => ('differences' in verdict ? [verdict.differences] : []));
    const differing = different.filter(({ length }) => length > 0);
    console.log(
      `${different.length - differing.length} agree, ${differing.length} differ, ${open.length + known.length} not verified`,
    );
    count += differing.length;
    differences.push(...differing.flat());
    gaps.push(...known, ...open);
  }
  return { differing: count, differences, gaps };
}

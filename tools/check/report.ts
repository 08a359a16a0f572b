import type { CheckVerdict } from './verdict';

/** The verdict, a line for each question, each with the operations that show a no. */
export function reportLines({ atomic, limit, retries, isExact }: CheckVerdict): string[] {
  return [
    ...Object.entries({ atomic, limit, retries }).flatMap(([question, { decision, reason, offending }]) => [
      `${`${question}:`.padEnd(8)} ${decision}: ${reason}`,
      ...offending.map((operation) => `         ${operation}`),
    ]),
    isExact
      ? 'exact'
      : [atomic, limit, retries].some(({ decision }) => decision === 'no')
        ? 'not exact'
        : 'not decidable',
  ];
}

import type { Ceiling } from '../report/comparison';
import { startOwnProcess } from './own-process';
import type { Generator } from './start-generator';

const LONGEST_MS = 2000;

export interface CeilingOptions {
  readonly generator: Generator;
  /** Measured that long, but no longer than two seconds. */
  readonly durationMs: number;
  readonly signal?: AbortSignal;
}

/**
 * How fast a generator is against a server that does nothing: what comes near it says more of the generator than of what it
 * called.
 *
 * @throws Error where the generator's own record isn't exact
 */
export async function measureCeiling(
  concurrency: number,
  { generator, durationMs: longest, signal }: CeilingOptions,
): Promise<Ceiling> {
  const durationMs = Math.min(LONGEST_MS, longest);
  const server = startOwnProcess<never, { readonly port: number }>('empty-server.js', 'the empty server');
  try {
    const { port } = await server.next();
    const target = {
      kind: 'http',
      method: 'POST',
      url: `http://127.0.0.1:${port}/{id}`,
      headers: {},
      valuePath: '$.counter',
    } as const;
    const load = { kind: 'closed', concurrency } as const;
    const job = { target, load, ids: ['ceiling'], warmUpMs: durationMs / 2, durationMs };
    const round = await generator.run(job, signal ? { signal } : {});
    const [violation] = round.verdict.violations;
    if (violation) throw new Error(`the generator is wrong about a server that is exact: ${violation.message}`);
    return { concurrency, callsPerSecond: round.outcomes.incremented / (round.durationMs / 1000) };
  } finally {
    await server.close();
  }
}

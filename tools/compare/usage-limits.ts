import { type CellKey, type Round, throughputOf } from '../../compare/report';

/** What a deployed API lets through, by the settings that it was deployed with. */
export interface UsageLimits {
  readonly ratePerSecond: number;
  readonly burst: number;
  readonly quotaPerDay: number;
}

/** What was measured of a cell so far. */
export interface Measured {
  readonly key: CellKey;
  readonly rounds: readonly Round[];
}

/** The share of a limit that a measurement keeps below: API Gateway applies its limits on a best-effort basis. */
export const KEPT_BELOW = 0.8;

/**
 * Why a round would be throttled, by what the rounds before it have shown; undefined where it wouldn't.
 *
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
 */
export function wouldBeThrottled(
  key: CellKey,
  durationMs: number,
  measured: readonly Measured[],
  { ratePerSecond, quotaPerDay }: UsageLimits,
): string | undefined {
  const expected = expectedRate(key, measured);
  if (expected > ratePerSecond * KEPT_BELOW) {
    return `not sent: about ${Math.round(expected)} calls a second come too close to the usage plan's ${ratePerSecond}`;
  }
  const sent = measured.flatMap(({ rounds }) => rounds).reduce((sum, { verdict }) => sum + verdict.counts.attempted, 0);
  if (sent + (expected * durationMs) / 1000 > quotaPerDay * KEPT_BELOW) {
    return `not sent: with the ${sent} calls before it, it comes too close to the usage plan's ${quotaPerDay} a day`;
  }
  return undefined;
}

/** Calls per second: those of the fewest callers, by as many more. 0 where nothing is known. */
function expectedRate({ load, store, mode }: CellKey, measured: readonly Measured[]): number {
  if (load.kind === 'open') return load.ratePerSecond;
  const known = measured.flatMap(({ key, rounds }) => {
    const [round] = rounds.filter(({ invalid }) => invalid === undefined);
    if (!round || key.load.kind !== 'closed' || key.store !== store || key.mode !== mode) return [];
    return [{ callers: key.load.concurrency, ratePerSecond: throughputOf(round) }];
  });
  const [fewest] = known.sort((a, b) => a.callers - b.callers);
  return fewest ? (fewest.ratePerSecond / fewest.callers) * load.concurrency : 0;
}

/** The limits in words. */
export function describeLimits({ ratePerSecond, burst, quotaPerDay }: UsageLimits): string {
  return `usage plan of the settings: ${ratePerSecond} calls a second, bursts of ${burst}, ${quotaPerDay} a day`;
}

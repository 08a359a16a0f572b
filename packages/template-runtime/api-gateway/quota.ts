import type { Properties } from './properties';

export interface QuotaSettings {
  readonly limit: number;
  /** The day that a period starts on: for WEEK 0 is Sunday, for MONTH 0 is the 1st. */
  readonly offset: number;
  readonly period: 'DAY' | 'WEEK' | 'MONTH';
}

/** Counts the requests of a period. Periods begin at midnight UTC. */
export class Quota {
  private period: { readonly start: number; readonly end: number };
  private used = 0;

  /** @param now milliseconds since 1970 */
  constructor(
    private readonly settings: QuotaSettings,
    private readonly now: () => number,
  ) {
    this.period = periodOf(settings, now());
  }

  /** Counts a request; false where the limit of the period is used up. */
  take(): boolean {
    const now = this.now();
    if (now < this.period.start || now >= this.period.end) {
      this.period = periodOf(this.settings, now);
      this.used = 0;
    }
    if (this.used >= this.settings.limit) return false;
    this.used++;
    return true;
  }
}

function periodOf({ period, offset }: QuotaSettings, now: number): { start: number; end: number } {
  const date = new Date(now);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  if (period === 'MONTH') {
    const first = day <= offset ? month - 1 : month;
    return { start: Date.UTC(year, first, offset + 1), end: Date.UTC(year, first + 1, offset + 1) };
  }
  const first = period === 'DAY' ? day : day - ((date.getUTCDay() - offset + 7) % 7);
  return { start: Date.UTC(year, month, first), end: Date.UTC(year, month, first + (period === 'DAY' ? 1 : 7)) };
}

/**
 * Reads `Quota` of a usage plan.
 *
 * @throws UnsupportedTemplateError
 */
export function readQuota(properties: Properties): QuotaSettings {
  const limit = properties.optionalNumber('Limit');
  if (limit === undefined) throw properties.refuse('Limit', 'is missing');
  const quota = {
    limit,
    offset: properties.optionalNumber('Offset') ?? 0,
    period: properties.choice('Period', ['DAY', 'WEEK', 'MONTH'], 'DAY'),
  };
  properties.refuseOthers();
  return quota;
}

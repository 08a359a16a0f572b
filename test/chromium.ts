import { findChromium } from '../tools/chromium';

const canRun = findChromium() !== undefined || process.env['REAL_SERVERS'] === 'required';
const describeOrSkip = canRun ? describe : describe.skip;
const titled = (name: string): string => (canRun ? name : `${name} (no Chromium is installed)`);

/**
 * Describes what needs a browser. Where no Chromium is installed that is skipped, and says why, or with
 * REAL_SERVERS=required it fails.
 */
export const describeInChromium = Object.assign(
  (name: string, body: () => void): void => describeOrSkip(titled(name), body),
  {
    each:
      <T>(cases: readonly T[]) =>
      (name: string, body: (value: T) => void): void =>
        describeOrSkip.each(cases)(titled(name), body),
  },
);

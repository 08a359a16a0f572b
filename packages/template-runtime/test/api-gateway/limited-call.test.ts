import { callWithin } from '../../api-gateway/limited-call';
import { Scope } from '../../scope';

describe('a call of what stands behind a method', () => {
  it('is given up and ended once it has taken as long as it may', async () => {
    const timers: [delayMs: number, fire: () => void][] = [];
    const clock = {
      now: () => 0,
      after: (delayMs: number, fire: () => void) => (timers.push([delayMs, fire]), () => undefined),
    };
    const limits = { timeoutMs: 29_000, closing: new Scope(), clock };
    let called: Scope | undefined;
    const call = callWithin(limits, (scope) => ((called = scope), new Promise<never>(() => undefined)));

    for (const [, fire] of timers) fire();

    await expect(call).rejects.toMatchObject({ type: 'INTEGRATION_TIMEOUT' });
    expect(timers.map(([delayMs]) => delayMs)).toEqual([29_000]);
    expect(called?.reason).toMatchObject({ type: 'INTEGRATION_TIMEOUT' });
  });
});

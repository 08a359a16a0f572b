import { callWithin } from '../../api-gateway/limited-call';

describe('a call of what stands behind a method', () => {
  it('is given up and aborted once it has taken as long as it may', async () => {
    const timers: [delayMs: number, fire: () => void][] = [];
    const clock = {
      now: () => 0,
      after: (delayMs: number, fire: () => void) => (timers.push([delayMs, fire]), () => undefined),
    };
    let signal: AbortSignal | undefined;
    const limits = { timeoutMs: 29_000, closing: new AbortController().signal, clock };
    const call = callWithin(limits, (abort) => ((signal = abort.signal), new Promise<never>(() => undefined)));

    for (const [, fire] of timers) fire();

    await expect(call).rejects.toMatchObject({ type: 'INTEGRATION_TIMEOUT' });
    expect(timers.map(([delayMs]) => delayMs)).toEqual([29_000]);
    expect(signal?.aborted).toBe(true);
  });
});

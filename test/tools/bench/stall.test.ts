import { measureStall, stallRow, writes } from '../../../tools/bench/stall';

describe('the longest stall of a store', () => {
  it('is looked for while each counter is written once, and every second one again', () => {
    const batches = [...writes(7, 3)];

    expect(batches.map(([written]) => written)).toEqual([0, 3, 6, 7, 10]);
    expect(batches.flatMap(([, ids]) => ids)).toEqual([
      ...['counter-0', 'counter-1', 'counter-2', 'counter-3', 'counter-4', 'counter-5', 'counter-6'],
      ...['counter-0', 'counter-2', 'counter-4', 'counter-6'],
    ]);
  });

  it('is that of a caller who calls all the while, beside an idle store, and of a thread that is watched', async () => {
    const parts: number[] = [];

    const stall = await measureStall('redis', { keys: 500, isKept: true, onPart: (part) => parts.push(part) });

    expect(parts).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(stall.busy.calls).toBeGreaterThan(100);
    expect(stall.idle.calls).toBe(stall.busy.calls);
    expect(stall.busy.longestMs).toBeGreaterThan(0);
    expect(stall.longestDelayMs).toBeGreaterThan(0);
    if (process.platform === 'linux') expect(stall.longestTurnMs).toBeGreaterThan(0);
    expect(stall.restartMs).toBeGreaterThan(0);
  });

  it('ends when it is interrupted', async () => {
    const interrupted = new AbortController();
    const onPart = (part: number): void => {
      if (part === 1) interrupted.abort(new Error('interrupted'));
    };

    const measuring = measureStall('redis', { keys: 500, isKept: false, signal: interrupted.signal, onPart });

    await expect(measuring).rejects.toThrow('interrupted');
  });

  it('is a row of the table', () => {
    const row = stallRow('redis', 1_000_000, true, {
      busy: { calls: 100, longestMs: 62.4, stalls: 2 },
      idle: { calls: 100, longestMs: 9.6, stalls: 0 },
      fillSeconds: 20.4,
      longestDelayMs: 60.1,
      longestTurnMs: 41.6,
      longestPauseMs: 8.2,
      restartMs: 512.3,
    });

    expect(row).toEqual(['redis', '1,000,000', 'kept', '20', '62', '2', '10', '0', '60', '42', '8', '512']);
  });
});

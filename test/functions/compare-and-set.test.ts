import { compareAndSet, type Write } from '../../functions/compare-and-set';
import { NotAppliedError } from '../../functions/counter-store';
import { storeErrors } from '../../functions/store-errors';
import { ATTEMPTS_MS } from '../../functions/timeouts';
import { errorOf } from '../counter-store.contract';
import { startTiming } from './timing';

/** A counter in memory that others increment between each read and its write, so many times. */
function meeting(rivals: number, timing: ReturnType<typeof startTiming>) {
  let value = 0;
  let writes = 0;
  const read = (): Promise<Write> => {
    timing.read();
    const counter = value + 1;
    if (rivals-- > 0) value += 1;
    const store = (): Promise<boolean> => {
      writes += 1;
      const isStored = value === counter - 1;
      if (isStored) value = counter;
      return Promise.resolve(isStored);
    };
    return Promise.resolve({ counter, store });
  };
  return { increment: () => compareAndSet(storeErrors('docdb'), read, timing), writes: () => writes };
}

describe('compare-and-set', () => {
  it('writes what comes after the value that it has read', async () => {
    const { increment } = meeting(0, startTiming());

    expect([await increment(), await increment()]).toEqual([
      { status: 'incremented', counter: 1 },
      { status: 'incremented', counter: 2 },
    ]);
  });

  it('reads and writes again when another call was faster, after a longer pause each time', async () => {
    const timing = startTiming();

    const outcome = await meeting(3, timing).increment();

    expect(outcome).toEqual({ status: 'incremented', counter: 4, conflicts: 3 });
    expect(timing.pauses).toEqual([64, 128, 256]);
  });

  it('is not applied when time runs out, and its last pause is not longer than half a second', async () => {
    const timing = startTiming();
    const counter = meeting(Infinity, timing);

    const error = await errorOf(counter.increment());

    expect(error).toBeInstanceOf(NotAppliedError);
    expect(timing.pauses).toEqual([64, 128, 256, 512, 512]);
    expect(counter.writes()).toBe(5);
  });

  it('writes nothing after a read that took all the time', async () => {
    const counter = meeting(0, startTiming(ATTEMPTS_MS + 1));

    expect(await errorOf(counter.increment())).toBeInstanceOf(NotAppliedError);
    expect(counter.writes()).toBe(0);
  });

  it('ends as the value that was read decides', async () => {
    const read = (): Promise<{ status: 'late' } | Write> => Promise.resolve({ status: 'late' });

    expect(await compareAndSet(storeErrors('docdb'), read)).toEqual({ status: 'late' });
  });
});

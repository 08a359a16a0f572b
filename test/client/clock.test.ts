import { systemClock } from '../../client/src/clock';

afterEach(() => jest.restoreAllMocks());

/** Sets both clocks of the machine, in milliseconds since the first call. */
function setClocks(): (steady: number, date: number) => void {
  const [performanceNow, dateNow] = [jest.spyOn(performance, 'now'), jest.spyOn(Date, 'now')];
  const set = (steady: number, date: number): void => {
    performanceNow.mockReturnValue(50 + steady);
    dateNow.mockReturnValue(1_800_000_000_000 + date);
  };
  set(0, 0);
  return set;
}

describe('the stopwatch', () => {
  it('counts the time that the machine slept', () => {
    const set = setClocks();
    const elapsed = systemClock.stopwatch();

    set(10, 600_010);

    expect(elapsed()).toBe(600_010);
  });

  it('is not set back with the date', () => {
    const set = setClocks();
    const elapsed = systemClock.stopwatch();

    set(10, -3_600_000);

    expect(elapsed()).toBe(10);
  });
});

describe('a wait', () => {
  it('ends after its time', async () => {
    const elapsed = systemClock.stopwatch();

    await systemClock.wait(20, undefined);

    expect(elapsed()).toBeGreaterThanOrEqual(19); // a timer may be a fraction early
  });

  it('ends when its signal aborts', async () => {
    const stopped = new AbortController();
    const waiting = systemClock.wait(2 ** 31 - 1, stopped.signal);

    stopped.abort();

    await expect(waiting).resolves.toBeUndefined();
  });
});

describe('a timeout', () => {
  it('expires, unless cancelled', async () => {
    const expired: string[] = [];

    systemClock.timeout(1, () => expired.push('cancelled'))();
    await new Promise<void>((resolve) => {
      systemClock.timeout(5, () => {
        expired.push('not cancelled');
        resolve();
      });
    });

    expect(expired).toEqual(['not cancelled']);
  });
});

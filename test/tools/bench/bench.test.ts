import { type Bench, runBench } from '../../../tools/bench/bench';
import { measure } from '../../../tools/bench/measure';

const AGAIN = 'npm run bench -- path';

/** Runs a benchmark, and collects what it prints. */
async function printed(run: (bench: Bench) => Promise<void>, signal = new AbortController().signal) {
  const [output, progress]: string[][] = [[], []];
  const log = jest.spyOn(console, 'log').mockImplementation((line: string) => void output?.push(line));
  const error = jest.spyOn(console, 'error').mockImplementation((line: string) => void progress?.push(line));
  const failure = await runBench(run, { signal, again: AGAIN }).then(
    () => undefined,
    (reason: Error) => reason.message.split('\n'),
  );
  log.mockRestore();
  error.mockRestore();
  return { output: output?.join('\n'), progress, failure };
}

describe('a benchmark', () => {
  it('says at once what it measures, and which of how many', async () => {
    const { output, progress, failure } = await printed(({ next, table }) => {
      const { add } = table(['store', 'ms']);
      for (const [index, store] of ['redis', 'tidb'].entries()) {
        next(store, index, 2);
        add([store, '1']);
      }
      return Promise.resolve();
    });

    expect(progress).toEqual([
      expect.stringMatching(/^\[0\.0 s\] 1 of 2: redis …$/),
      expect.stringMatching(/^\[0\.\d s\] 2 of 2: tidb …, about \d+ s left$/),
    ]);
    expect(output).toBe('store  ms\n-----  --\nredis  1\ntidb   1\n');
    expect(failure).toBeUndefined();
  });

  it('that is invalid prints what it has, and what to do', async () => {
    const { output, failure } = await printed(({ table }) => {
      table(['store', 'ms']).add(['redis', '1']);
      throw new Error('the run is invalid: a call was answered 429');
    });

    expect(output).toContain('redis  1');
    expect(failure).toEqual([
      'the run is invalid: a call was answered 429',
      `The 1 rows above are whole, the rest is missing. To measure again: ${AGAIN}`,
    ]);
  });

  it('that is interrupted ends within a call, and does the same', async () => {
    const interrupted = new AbortController();
    let calls = 0;
    const { failure } = await printed(async ({ signal, table }) => {
      table(['store', 'ms']);
      const call = (): Promise<void> => {
        if ((calls += 1) === 5) interrupted.abort(new Error('interrupted'));
        return Promise.resolve();
      };
      await measure(call, 1, 1000, signal);
    }, interrupted.signal);

    expect(calls).toBe(5);
    expect(failure).toEqual(['interrupted', `Nothing was measured. To measure again: ${AGAIN}`]);
  });
});

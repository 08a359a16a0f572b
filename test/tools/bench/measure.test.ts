import { byTurns, compared, measure } from '../../../tools/bench/measure';

const round = (other: number, ours: number) => ({ other, ours });

describe('a comparison', () => {
  it('takes its samples by turns, the other first', async () => {
    const taken: string[] = [];
    const take = (what: string) => () => Promise.resolve(taken.push(what));

    const rounds = await byTurns(take('other'), take('ours'));

    expect(rounds).toHaveLength(7);
    expect(rounds[6]).toEqual(round(13, 14));
    expect(taken.slice(0, 4)).toEqual(['other', 'ours', 'other', 'ours']);
  });

  it('is the median of both, and of the ratio of each round, with the lowest and the highest', () => {
    const rounds = [round(10, 8), round(20, 18), round(30, 30)];

    expect(compared(rounds, (sample) => sample, 1)).toEqual(['20.0', '18.0', '0.90 (0.80–1.00)']);
  });

  it('says when the ratios differ too much', () => {
    const rounds = [round(10, 5), round(10, 6), round(10, 9)];

    expect(compared(rounds, (sample) => sample, 0)).toEqual(['10', '6', '0.60 (0.50–0.90) noisy']);
  });
});

it("what a call takes from the processor is its own share of this process's", async () => {
  const work = (): Promise<void> => {
    const until = performance.now() + 5;
    while (performance.now() < until);
    return Promise.resolve();
  };

  const { processorUs } = await measure(work, 1, 20);

  expect(processorUs).toBeGreaterThan(100);
});

import { startProgress } from '../../local/progress';

describe('the progress of long work', () => {
  it('is told at once, and again while a step takes long', async () => {
    const lines: string[] = [];
    const { during } = startProgress((line) => lines.push(line), 1);
    let end = (): void => undefined;
    const until = new Promise<void>((resolve) => (end = resolve));

    const step = during('Synthesizing', () => until);
    expect(lines).toEqual([expect.stringMatching(/^\[0\.\d s\] Synthesizing …$/)]);
    while (lines.length < 3) await new Promise((resolve) => setImmediate(resolve));
    end();
    await step;
    const told = lines.length;
    await new Promise((resolve) => setTimeout(resolve, 20));

    expect(lines[1]).toMatch(/^\[\d+\.\d s\] Synthesizing: goes on …$/);
    expect(lines).toHaveLength(told);
  });

  it('ends with a step that fails', async () => {
    const lines: string[] = [];
    const { during } = startProgress((line) => lines.push(line), 1);

    await expect(during('Synthesizing', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await new Promise((resolve) => setTimeout(resolve, 20));

    expect(lines).toHaveLength(1);
  });
});

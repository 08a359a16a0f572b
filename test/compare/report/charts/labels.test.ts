import fc from 'fast-check';
import { shortened, spreadApart } from '../../../../compare/report/charts/labels';

describe('labels at the ends of lines', () => {
  it('stay where they belong when there is room', () => {
    expect(spreadApart([100, 20, 60], 16, 300)).toEqual([100, 20, 60]);
  });

  it('never overlap, and keep their order', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 40, max: 380, noNaN: true }), { maxLength: 15 }), (wanted) => {
        const placed = spreadApart(wanted, 16, 380);

        const sorted = [...placed].sort((a, b) => a - b);
        sorted.slice(1).forEach((y, index) => expect(y - (sorted[index] ?? 0)).toBeGreaterThanOrEqual(16 - 1e-9));
        expect(Math.max(0, ...placed)).toBeLessThanOrEqual(380);
        wanted.forEach((a, i) =>
          wanted.forEach((b, j) => {
            if (a < b) expect(placed[i]).toBeLessThan(placed[j] ?? 0);
          }),
        );
      }),
    );
  });

  it('are cut where they are too long', () => {
    expect(shortened('momento')).toBe('momento');
    expect(shortened('x'.repeat(200))).toHaveLength(30);
  });
});

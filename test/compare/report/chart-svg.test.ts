import { chartSvg, type Comparison, type Scheme } from '../../../compare/report';
import { cellOf, comparisonOf, realisticComparison } from './fixture';

const comparison = realisticComparison({ rounds: 2 });

describe('the throughput chart as a file', () => {
  it.each<[Scheme, string]>([
    ['light', '#ffffff'],
    ['dark', '#181d25'],
  ])('has the colours of the %s scheme, and needs no page for them', async (scheme, paper) => {
    const svg = await chartSvg(comparison, { scheme });

    expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/);
    expect(svg).toContain(`fill="${paper}"`);
    expect(svg.match(/var\(|<script|<style|inherit/)).toBeNull();
  });

  it('says in words what it shows', async () => {
    const [, label = ''] = /aria-label="([^"]*)"/.exec(await chartSvg(comparison, { scheme: 'light' })) ?? [];

    expect(label).toMatch(
      /^Line chart of calls per second against concurrent callers\. unconditional: dynamo up to \d+; redis/,
    );
  });

  it('is the same for the same comparison', async () => {
    expect(await chartSvg(comparison, { scheme: 'dark' })).toBe(await chartSvg(comparison, { scheme: 'dark' }));
  });

  it.each<[string, Comparison]>([
    [
      'one concurrency',
      { ...comparison, cells: comparison.cells.filter(({ load }) => 'concurrency' in load && load.concurrency === 4) },
    ],
    ['no ceiling', { ...comparison, ceilings: [] }],
    ['a ceiling far above', { ...comparison, ceilings: [{ concurrency: 8, callsPerSecond: 50_000 }] }],
    ['one mode', { ...comparison, cells: comparison.cells.filter(({ mode }) => mode === 'conditional') }],
    ['one cell', { ...comparison, cells: comparison.cells.slice(0, 1) }],
  ])('is drawn of %s', async (_, of) => {
    const svg = await chartSvg(of, { scheme: 'light' });

    expect(svg.match(/NaN|Infinity|undefined|⚠/)).toBeNull();
  });

  it('is well-formed, whatever a store calls itself', async () => {
    const store = `<script>a()</script>"'&lt;`;
    const [first] = comparison.cells;
    if (!first) throw new Error('no cell');

    const svg = await chartSvg(comparisonOf([{ ...first, store }]), { scheme: 'light' });

    expect(svg).not.toMatch('<script');
    expect(svg).toMatch(
      'aria-label="Line chart of calls per second against concurrent callers. unconditional: &lt;script&gt;',
    );
    expect(svg).toMatch('&lt;/script&gt;&quot;&#39;&amp;lt; up to');
  });

  it.each([
    ['nothing', comparisonOf([])],
    ['an invalid cell', comparisonOf([cellOf()])],
  ])('can’t be drawn of %s', async (_, of) => {
    await expect(chartSvg(of, { scheme: 'light' })).rejects.toThrow('no valid cell in a closed loop');
  });
});

import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { chartSvg, comparisonCsv, parseComparison, reportHtml } from '../../../compare/report';
import { projectRoot } from '../../../lib/project-root';
import { accessibilityProblems } from '../../../packages/template-runtime/test/console/accessibility';
import { launchChromium } from '../../../tools/chromium';

const read = (name: string): string => readFileSync(path.join(projectRoot(), 'docs', 'comparison', name), 'utf8');
const comparison = parseComparison(read('comparison.json'), 'comparison.json');

describe('the committed comparison', () => {
  it('measured each store in both modes on real servers, and Momento on its stand-in', () => {
    const { servers, cells } = comparison;

    expect(new Set(cells.map(({ store, mode }) => `${store} ${mode}`)).size).toBe(10);
    expect(Object.entries(servers).filter(([, { kind }]) => kind === 'stand-in')).toEqual([
      ['momento', expect.anything()],
    ]);
    expect(comparison.partial).toBeUndefined();
  });

  it('found every cell exact but the textbook strategy of Momento', () => {
    const broken = comparison.cells.filter(({ rounds }) => rounds.some(({ verdict }) => !verdict.isExact));

    expect(broken.map(({ store, strategy }) => [store, strategy])).toEqual([['momento', 'set-if-not-equal']]);
  });

  it('is what its JSON says, and nothing else', async () => {
    expect(await reportHtml(comparison)).toBe(read('comparison.html'));
    expect(comparisonCsv(comparison)).toBe(read('comparison.csv'));
    expect(await chartSvg(comparison, { scheme: 'light' })).toBe(read('throughput-light.svg'));
    expect(await chartSvg(comparison, { scheme: 'dark' })).toBe(read('throughput-dark.svg'));
  });

  describe('in a browser', () => {
    let browser: Browser;
    let page: Page;
    const requests: string[] = [];
    beforeAll(async () => {
      browser = await launchChromium();
      page = await browser.newPage();
      page.on('request', (request) => requests.push(request.url()));
      await page.setContent(read('comparison.html'));
    }, 60_000);
    afterAll(() => browser?.close());

    it.each(['light', 'dark'] as const)('is accessible, %s', async (colorScheme) => {
      await page.emulateMedia({ colorScheme });

      expect(await accessibilityProblems(page)).toEqual([]);
    });

    it('asks for nothing', () => {
      expect(requests).toEqual([]);
    });

    it('prints on A4', async () => {
      const pdf = await page.pdf({ format: 'A4' });

      expect(pdf.toString('latin1').match(/\/Type \/Page\b/g)?.length).toBeGreaterThan(3);
    });
  });
});

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { parseComparison } from '../../../compare/report';
import { projectRoot } from '../../../lib/project-root';
import { accessibilityProblems } from '../../../packages/template-runtime/test/console/accessibility';
import { launchChromium } from '../../../tools/chromium';
import { describeInChromium } from '../../chromium';

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

  it('is what its JSON says, and nothing else', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'example-'));
    const command = path.join(projectRoot(), 'dist', 'bin', 'compare.js');
    const file = path.join(projectRoot(), 'docs', 'comparison', 'comparison.json');

    execFileSync(process.execPath, [command, '--render', file, '--output', folder], { cwd: projectRoot() });

    const files = readdirSync(folder);
    expect(files).toEqual(readdirSync(path.dirname(file)));
    for (const name of files) {
      expect([name, readFileSync(path.join(folder, name), 'utf8') === read(name)]).toEqual([name, true]);
    }
    rmSync(folder, { recursive: true });
  });

  describeInChromium('in a browser', () => {
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

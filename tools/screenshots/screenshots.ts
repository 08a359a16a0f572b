import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { DEFAULT_SETTINGS } from '../../lib/configuration';
import { projectRoot } from '../../lib/project-root';
import { type Local, startLocal } from '../../local/main';
import { chromiumPath, launchChromium } from '../chromium';
import { startProgress } from '../../local/progress';
import { synthesize } from '../../local/synthesize';
import { filmOutage } from './outage';
import { increment } from './traffic';

const FOLDER = path.join(projectRoot(), 'docs', 'images');
const SIZE = { width: 1280, height: 960 };
const LIMIT = 12;

/** `npm run screenshots`: takes the README's pictures of the console, and films an outage, from a running system. */
export async function takeScreenshots(): Promise<void> {
  const executablePath = chromiumPath(); // before the work that only it can finish
  const outputFolder = `cdk.out.screenshots-${process.pid}`;
  const { say, during } = startProgress();
  const assembly = await during('Synthesizing the CDK app', () =>
    synthesize({
      outputFolder,
      settings: { ...DEFAULT_SETTINGS, USE_CONDITIONAL_WRITES: 'true', MAX_COUNTER_VALUE: String(LIMIT) },
    }),
  );
  try {
    const local = await startLocal({ assembly, progress: say });
    try {
      say('Making traffic …');
      const limited = await makeTraffic(local);
      say('Taking the pictures …');
      await takePictures(local, limited, executablePath);
    } finally {
      await local.close();
    }
  } finally {
    await rm(path.join(projectRoot(), outputFolder), { recursive: true, force: true });
  }
}

/** Increments every store past the limit, one of them also while it is down. @returns ARN of an execution at the limit */
async function makeTraffic(local: Local): Promise<string> {
  const stores = Object.keys(local.stores);
  let limited = '';
  for (let call = 0; call < LIMIT + 3; call += 1) {
    for (const [index, store] of stores.entries()) {
      if (call < LIMIT - index) await increment(local, store, 'visits');
      const answer = await increment(local, store, 'votes');
      if (answer.status === 409 && store === 'dynamo') limited = answer.headers.get('x-execution-arn') ?? '';
    }
  }
  await local.stores['redis']?.stop();
  await increment(local, 'redis', 'visits');
  await local.stores['redis']?.start();
  for (const store of stores) await increment(local, store, 'likes');
  return limited;
}

/** All of them are written, or none. */
async function takePictures(local: Local, limited: string, executablePath: string): Promise<void> {
  const pictures = new Map<string, Uint8Array>();
  const browser = await launchChromium(executablePath);
  try {
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await browser.newPage({ viewport: SIZE, colorScheme, reducedMotion: 'reduce' });
      const url = `http://127.0.0.1:${local.port}/console`;
      const take = async (name: string): Promise<void> => {
        pictures.set(`console-${name}-${colorScheme}.png`, await page.screenshot());
      };

      await page.goto(`${url}#/executions`);
      await page.locator('tbody tr').first().waitFor();
      await take('executions');
      await openLimited(page, `${url}#/execution?arn=${encodeURIComponent(limited)}`);
      await take('execution');
      await page.goto(`${url}#/counters`);
      await page.locator('tbody tr').first().waitFor();
      await take('counters');
      await page.goto(`${url}#/metrics`);
      await page.locator('.legend li').first().waitFor();
      await take('metrics');
      await page.close();
    }
    pictures.set('console-outage.gif', await filmOutage(browser, local));
  } finally {
    await browser.close();
  }
  await mkdir(FOLDER, { recursive: true });
  for (const [name, picture] of pictures) await writeFile(path.join(FOLDER, name), picture);
}

/** An execution that met the limit: the state that reported it is chosen. */
async function openLimited(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.locator('.node[data-state="Increment in DynamoDB below the limit"][aria-pressed=true]').waitFor();
  await page.locator('.state .json').first().waitFor();
}

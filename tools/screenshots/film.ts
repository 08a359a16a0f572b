import type { Page } from 'playwright-core';
import { animatedGif, type Frame } from './animation';

const EVERY_MS = 400;

/** Films a page: a picture again and again. */
export class Film {
  readonly #frames: Frame[] = [];

  constructor(private readonly page: Page) {}

  /** Films what happens during so many milliseconds. */
  async roll(ms: number): Promise<void> {
    const end = performance.now() + ms;
    while (performance.now() < end) {
      const began = performance.now();
      const png = await this.page.screenshot();
      await this.page.waitForTimeout(Math.max(0, EVERY_MS - (performance.now() - began)));
      this.#frames.push({ png, showMs: Math.round((performance.now() - began) / 10) * 10 });
    }
  }

  get gif(): Uint8Array {
    return animatedGif(this.#frames);
  }
}

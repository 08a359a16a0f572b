import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** The installed Chromium: at the path in `CHROMIUM`, or found on `PATH`; undefined where there is none. */
export function findChromium(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  const candidates = NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name)));
  return process.env['CHROMIUM'] || candidates.find(isExecutable);
}

/** Starts the installed Chromium. @throws Error saying how to install it */
export function launchChromium(executablePath: string = chromiumPath()): Promise<Browser> {
  return chromium.launch({ executablePath });
}

/** Where the installed Chromium is. @throws Error saying how to install it */
export function chromiumPath(): string {
  const executablePath = findChromium();
  if (executablePath === undefined) {
    throw new Error('Chromium is missing. On Debian: apt-get install chromium. Elsewhere set CHROMIUM to its path.');
  }
  return executablePath;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false; // missing, or not executable
  }
}

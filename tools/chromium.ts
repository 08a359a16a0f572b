import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** Starts the installed Chromium. @throws Error saying how to install it */
export function launchChromium(executablePath: string = chromiumPath()): Promise<Browser> {
  return chromium.launch({ executablePath });
}

/**
 * Where the installed Chromium is: at the path in `CHROMIUM`, or found on `PATH`.
 *
 * @throws Error saying how to install it
 */
export function chromiumPath(): string {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  const candidates = NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name)));
  const executablePath = process.env['CHROMIUM'] || candidates.find(isExecutable);
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

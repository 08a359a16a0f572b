import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { startHttpServer } from 'template-runtime/http';
import { openDataDirectory } from './data-directory';
import { unanswered } from './open-stores';
import { projectRoot } from './project-root';
import { storeAddresses } from './store-address';
import type { StoreName } from './store-modules';

/** What is set for the laptop alone, read and tried. */
export interface LaptopSettings {
  readonly port: number;
  /** @default - the runtime's own */
  readonly apiKey: string | undefined;
  /** An absolute path. @default - nothing is kept */
  readonly dataDirectory: string | undefined;
  /** URLs of real servers, by setting. */
  readonly storeUrls: Readonly<Record<string, string | undefined>>;
}

const DEFAULT_PORT = 3000;

/** What a header can carry, and a shell leaves as it is in the double quotes of the commands that are printed. */
const API_KEY = /^(?:(?!["$\\`!])[\x21-\x7e]){1,128}$/;

/**
 * Reads the laptop's settings, and tries what they name, so that what can't work is known before the work: the port, the
 * folder, the servers. What it opens it closes.
 *
 * @param environment the settings, those of `.env` included
 * @param stores the names of those to deploy
 * @param problems gets a line for each that can't be used
 */
export async function readLaptopSettings(
  environment: Readonly<Record<string, string | undefined>>,
  stores: readonly StoreName[],
  problems: string[],
): Promise<LaptopSettings> {
  const port = readPort(environment['PORT']?.trim(), problems);
  const apiKey = environment['API_KEY'] || undefined;
  if (apiKey !== undefined && !API_KEY.test(apiKey)) {
    problems.push('API_KEY must be 1 to 128 visible ASCII characters, without spaces and none of " $ \\ ` !');
  }
  const addresses = storeAddresses(stores, environment, problems);
  const dataDirectory = environment['DATA_DIR'] ? path.resolve(projectRoot(), environment['DATA_DIR']) : undefined;
  const tried = [
    ...(port === undefined ? [] : [tryPort(port)]),
    ...(dataDirectory === undefined ? [] : [tryFolder(dataDirectory)]),
    unanswered(addresses),
  ];
  problems.push(...(await Promise.all(tried)).flat());
  return { port: port ?? DEFAULT_PORT, apiKey, dataDirectory, storeUrls: environment };
}

function readPort(text: string | undefined, problems: string[]): number | undefined {
  if (text === undefined || text === '') return DEFAULT_PORT;
  if (/^[1-9]\d{0,4}$/.test(text) && Number(text) <= 65_535) return Number(text);
  problems.push(`PORT must be a whole number from 1 to 65535, got "${text}"`);
  return undefined;
}

async function tryPort(port: number): Promise<string[]> {
  return problemOf(async () => {
    const server = await startHttpServer({ port, routes: [] }).catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'EACCES' ? new Error(`PORT ${port} needs more rights: choose one from 1024 on`) : error;
    });
    await server.close();
  });
}

/** Leaves no folder that wasn't there before, but one that somebody else has taken meanwhile. */
function tryFolder(folder: string): Promise<string[]> {
  const made = firstMissing(folder);
  return problemOf(async () => {
    await (await openDataDirectory(folder)).close();
    if (made !== undefined) rmSync(made, { recursive: true, force: true });
  });
}

/** The outermost of the folders that would be made. */
function firstMissing(folder: string): string | undefined {
  if (existsSync(folder)) return undefined;
  const parent = path.dirname(folder);
  return parent === folder ? folder : (firstMissing(parent) ?? folder);
}

async function problemOf(attempt: () => Promise<unknown>): Promise<string[]> {
  try {
    await attempt();
    return [];
  } catch (error) {
    return [(error as Error).message];
  }
}

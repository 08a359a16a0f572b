import { rm } from 'node:fs/promises';
import path from 'node:path';
import { projectRoot } from './project-root';
import { openDataDirectory } from './data-directory';
import { startHttpServer } from 'template-runtime/http';
import { type Local, startLocal } from './main';
import { parseStoreUrls } from './store-address';
import type { StoreName } from './store-modules';
import { synthesize } from './synthesize';

const DEFAULT_PORT = 3000;

/**
 * Synthesizes the CDK app and runs its template on this machine until Ctrl-C.
 *
 * @param environment the settings, those of `.env` included
 * @param stores the names of those to deploy
 */
export async function startOnLaptop(
  environment: Readonly<Record<string, string | undefined>>,
  stores: readonly StoreName[],
): Promise<void> {
  const began = Date.now();
  // Report what can't work before the work, not after it.
  const port = readPort(environment['PORT']);
  parseStoreUrls(stores, environment);
  await (await startHttpServer({ port, routes: [] })).close();

  const dataDirectory = environment['DATA_DIR'] ? path.resolve(projectRoot(), environment['DATA_DIR']) : undefined;
  if (dataDirectory !== undefined) await (await openDataDirectory(dataDirectory)).close();

  const progress = (step: string): void => console.log(`[${((Date.now() - began) / 1000).toFixed(1)} s] ${step}`);
  const outputFolder = `cdk.out.local-${port}`;
  const ending = new AbortController();
  let synthesizing: Promise<string> | undefined;
  let local: Local | undefined;
  const close = async (): Promise<void> => {
    ending.abort();
    await synthesizing?.catch(() => undefined); // it writes to the folder until it has ended
    await local?.close();
    await rm(path.join(projectRoot(), outputFolder), { recursive: true, force: true });
  };
  stopOnSignal(close);
  try {
    progress('Synthesizing the CDK app …');
    synthesizing = synthesize({ outputFolder, signal: ending.signal });
    local = await startLocal({
      assembly: await synthesizing,
      port,
      progress,
      ...(environment['API_KEY'] ? { apiKey: environment['API_KEY'] } : {}),
      storeUrls: environment,
      dataDirectory,
    });
  } catch (error) {
    if (ending.signal.aborted) return; // Ctrl-C: an interruption is not a failure
    await close();
    throw error;
  }

  progress('Ready');
  console.log(`
Base URL  ${local.url}
API key   ${local.apiKey}
Mode      ${local.mode}
Page      ${new URL('/', local.url).href}
Console   ${new URL('/console', local.url).href}

${local.curls.map(({ increment }) => increment).join('\n')}

${local.fate}`);
}

function readPort(text: string | undefined): number {
  if (text === undefined || text === '') return DEFAULT_PORT;
  if (/^[1-9]\d{0,4}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new Error(`PORT must be a whole number from 1 to 65535, got "${text}"`);
}

function stopOnSignal(close: () => Promise<void>): void {
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(1); // a second Ctrl-C doesn't wait
      stopping = true;
      void close().then(() => process.exit(0));
    });
  }
}

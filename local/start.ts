import { rm } from 'node:fs/promises';
import path from 'node:path';
import { startProgress } from './progress';
import { projectRoot } from './project-root';
import type { LaptopSettings } from './laptop-settings';
import { type Local, startLocal } from './main';
import { synthesize } from './synthesize';

/** Synthesizes the CDK app and runs its template on this machine until Ctrl-C. */
export async function startOnLaptop({ port, apiKey, dataDirectory, storeUrls }: LaptopSettings): Promise<void> {
  const { say: progress, during } = startProgress((line) => console.log(line));
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
    synthesizing = during('Synthesizing the CDK app', () => synthesize({ outputFolder, signal: ending.signal }));
    local = await startLocal({
      assembly: await synthesizing,
      port,
      progress,
      apiKey,
      storeUrls,
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

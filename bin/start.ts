import { rm } from 'node:fs/promises';
import path from 'node:path';
import { readEnvironment } from '../lib/configuration';
import { projectRoot } from '../lib/project-root';
import { openDataDirectory } from '../local/data-directory';
import { startHttpServer } from '../local/http-server';
import { startLocal } from '../local/main';
import { reportErrors } from './command-line';
import { synthesize } from './synthesize';

const DEFAULT_PORT = 3000;

/** `npm start`: synthesizes the CDK app and runs its template on this machine until Ctrl-C. */
async function main(): Promise<void> {
  const began = Date.now();
  const environment = readEnvironment(projectRoot());
  const port = readPort(environment['PORT']);
  await (await startHttpServer({ port, routes: [] })).close(); // a taken port is told before the work, not after it

  const dataDirectory = environment['DATA_DIR'] ? path.resolve(projectRoot(), environment['DATA_DIR']) : undefined;
  if (dataDirectory !== undefined) await (await openDataDirectory(dataDirectory)).close();

  const progress = (step: string): void => console.log(`[${((Date.now() - began) / 1000).toFixed(1)} s] ${step}`);
  progress('Synthesizing the CDK app …');
  const assembly = await synthesize({ outputFolder: `cdk.out.local-${port}` });
  const local = await startLocal({
    assembly,
    port,
    progress,
    ...(environment['API_KEY'] ? { apiKey: environment['API_KEY'] } : {}),
    storeUrls: environment,
    dataDirectory,
  });
  stopOnSignal(async () => {
    await local.close();
    await rm(assembly, { recursive: true, force: true });
  });

  progress('Ready');
  console.log(`
Base URL  ${local.url}
API key   ${local.apiKey}
Mode      ${local.mode}
Page      ${new URL('/', local.url).href}

${local.curls.map(({ command }) => command).join('\n')}

${dataDirectory === undefined ? 'Counters vanish on Ctrl-C.' : `Counters and executions are kept in ${dataDirectory}.`}`);
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

reportErrors(main());

import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { awsEndpoint, startHttpServer } from 'template-runtime/http';
import { startSecretsManager } from 'template-runtime/secrets-manager';
import { startStoreThread } from 'template-runtime/worker';
import { writeBundle } from '../../lib/bundling/function-bundle';
import { projectRoot } from '../../lib/project-root';
import { secretValue } from '../../local/store-address';
import { EMBEDDED_STORES } from '../../local/store-modules';
import type { Bench } from './bench';
import { OPEN } from './keyed-stores';
import { median } from './measure';

const STORES = ['redis', 'momento', 'docdb', 'tidb'] as const;
const ROUNDS = 15;

/**
 * Loads a function, connects ahead if that is asked for, and calls it twice, then prints the processor's milliseconds of
 * each of the four.
 */
const PROGRAM = `
  const [file, ahead] = process.argv.slice(1);
  console.log = () => undefined;
  const spent = async (work) => {
    const before = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
  (async () => {
    let bundle;
    const call = () => bundle.handler({ id: 'cold-start' }, { awsRequestId: 'cold-start' });
    const times = [];
    for (const work of [
      () => (bundle = require(file)),
      () => (ahead === 'ahead' ? bundle.connectAhead() : undefined),
      call,
      call,
    ]) {
      times.push(await spent(work));
    }
    process.stdout.write(JSON.stringify(times), () => process.exit());
  })();`;

/** What a function's first call takes from the processor, where it finds the connection and where it has to connect. */
export async function benchColdStart({ signal, next, table }: Bench): Promise<void> {
  const folder = await mkdtemp(path.join(projectRoot(), 'cdk.out.cold-start-')); // inside the project, as a bundle of `npm start`
  const { add } = table(['store', 'load', 'connect', 'first call', 'second', 'first call that connects']);
  try {
    for (const [index, store] of STORES.entries()) {
      next(store, index, STORES.length);
      const file = path.join(folder, `${store}.js`);
      writeBundle(`functions/${store}/handler.ts`, file);
      const thread = await startStoreThread(EMBEDDED_STORES[store]);
      const address = { host: '127.0.0.1', port: thread.port, tls: false, database: 'atomic_counter' };
      const secrets = await startSecrets(secretValue(store, address));
      try {
        await (await OPEN[store](address, 60)).close(); // sets the store up
        add([store, ...(await measure(file, secrets.environment, signal))]);
      } finally {
        await secrets.close();
        await thread.close();
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Medians of processes that each load the function once, by turns. */
async function measure(file: string, environment: NodeJS.ProcessEnv, signal: AbortSignal): Promise<string[]> {
  const rounds: number[][] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const run = async (ahead: string): Promise<number[]> => {
      const options = { env: { ...process.env, ...environment }, signal };
      const { stdout } = await promisify(execFile)(process.execPath, ['-e', PROGRAM, file, ahead], options);
      return JSON.parse(stdout) as number[];
    };
    const [load = NaN, connect = NaN, first = NaN, second = NaN] = await run('ahead');
    const [, , alone = NaN] = await run('');
    rounds.push([load, connect, first, second, alone]);
  }
  return [0, 1, 2, 3, 4].map((column) => median(rounds.map((times) => times[column] ?? NaN)).toFixed(1));
}

/** A Secrets Manager with one secret. */
async function startSecrets(value: Readonly<Record<string, unknown>>) {
  const name = 'cold-start';
  const secret = {
    logicalId: name,
    type: 'AWS::SecretsManager::Secret',
    physicalId: name,
    attributes: {},
    metadata: {},
  };
  const secretsManager = startSecretsManager({ resources: [{ ...secret, properties: {} }] });
  secretsManager.setValue(name, value);
  const handle = awsEndpoint({ secretsmanager: (action, body) => secretsManager.handle(action, body) });
  const { port, close } = await startHttpServer({ port: 0, routes: [handle] });
  return {
    environment: {
      AWS_ACCESS_KEY_ID: 'local',
      AWS_ENDPOINT_URL_SECRETS_MANAGER: `http://127.0.0.1:${port}`,
      AWS_REGION: 'eu-west-1',
      AWS_SECRET_ACCESS_KEY: 'local',
      MOMENTO_CACHE_NAME: 'atomic-counter',
      STORE_SECRET: name,
    },
    close,
  };
}

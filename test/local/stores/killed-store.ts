import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { EMBEDDED_STORES, type StoreName } from '../../../local/stores/store-modules';

/** A store in a process of its own, which can be killed. */
export interface StoreProcess {
  readonly port: number;
  /** As `kill -9` does: the process gets no word in. */
  kill(): Promise<void>;
}

const DIST = path.resolve(__dirname, '../../../dist/local/stores');

const SCRIPT = `
const { startStoreThread } = require(process.argv[1]);
startStoreThread(JSON.parse(process.argv[2])).then(({ port }) => console.log(port));
`;

export async function startProcess(
  store: StoreName,
  dataDirectory: string,
): Promise<StoreProcess & { process: ChildProcess }> {
  const module = { ...EMBEDDED_STORES[store], options: { dataDirectory } };
  const child = spawn(process.execPath, ['-e', SCRIPT, path.join(DIST, 'thread.js'), JSON.stringify(module)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const [line] = (await Promise.race([
    once(createInterface(child.stdout), 'line'),
    exited.then(() => Promise.reject(new Error(`the ${store} process ended at its start`))),
  ])) as [string];
  return {
    port: Number(line),
    process: child,
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

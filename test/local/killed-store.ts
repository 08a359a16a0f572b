import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { EMBEDDED_STORES, type StoreName } from '../../local/store-modules';

/** A store in a process of its own, which can be killed. */
export interface StoreProcess {
  readonly port: number;
  /** Once it has ended, by itself or not: what it printed on the error output. */
  readonly ended: Promise<string>;
  /** As `kill -9` does: the process gets no word in. */
  kill(): Promise<void>;
}

const SCRIPT = `
process.on('SIGXFSZ', () => {}); // a file that may not grow is an error of the write, as on a full disk
const { startStoreThread } = require('template-runtime/worker');
startStoreThread(JSON.parse(process.argv[1])).then(({ port }) => console.log(port));
`;

export async function startProcess(
  store: StoreName,
  dataDirectory: string,
  { largestFileBlocks = 'unlimited' }: { readonly largestFileBlocks?: number | 'unlimited' } = {},
): Promise<StoreProcess> {
  const module = { ...EMBEDDED_STORES[store], options: { dataDirectory } };
  const command = [process.execPath, '-e', SCRIPT, JSON.stringify(module)];
  const child = spawn('sh', ['-c', `ulimit -f ${largestFileBlocks} && exec "$@"`, 'sh', ...command], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const exited = once(child, 'close');
  const [line] = (await Promise.race([
    once(createInterface(child.stdout), 'line'),
    exited.then(() => Promise.reject(new Error(`the ${store} process ended at its start: ${errors}`))),
  ])) as [string];
  return {
    port: Number(line),
    ended: exited.then(() => errors),
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

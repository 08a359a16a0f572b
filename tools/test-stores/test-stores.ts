import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { projectRoot } from '../../lib/project-root';
import { startProgress } from '../../local/progress';
import { findServers } from './find-servers';
import { PROBES } from './probes';
import { textTable } from '../text-table';

/**
 * `npm run test:stores`: runs the stores' contract, and whatever else must hold on any server, on the servers that the
 * environment's URLs name and on those at compose.yaml's ports. It leaves the counters that it writes.
 */

/** The tests that can run on a real server, and the prefix of the names of those cases. */
const TESTS = [
  'test/functions/.*-store',
  'test/state-machines',
  'test/functions/tls-on-real-servers',
  'packages/stand-ins/test/tidb/statements',
];
const ON_A_SERVER = '^the server of ';

export async function testStores(jestArguments: readonly string[]): Promise<void> {
  startProgress().say('Looking for servers …');
  const servers = await findServers(process.env, PROBES);
  const rows = servers.map(({ setting, place, found }) => [setting, place, found?.is ?? 'none']);
  console.log(`${textTable(['setting', 'looked for at', 'found'], rows)}\n`);
  const urls = servers.flatMap(({ setting, found }) => (found ? [[setting, found.url] as const] : []));
  if (urls.length === 0) {
    throw new Error('No server was found: start one of compose.yaml, or name one by its URL, such as REDIS_URL=…');
  }
  const jest = spawn(
    process.execPath,
    [
      path.join(projectRoot(), 'node_modules/jest/bin/jest.js'),
      ...TESTS,
      '--testNamePattern',
      ON_A_SERVER,
      ...jestArguments,
    ],
    { cwd: projectRoot(), stdio: 'inherit', env: { ...process.env, ...Object.fromEntries(urls) } },
  );
  const [code] = (await once(jest, 'exit')) as [number | null];
  process.exitCode = code ?? 1;
}

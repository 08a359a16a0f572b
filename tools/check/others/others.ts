import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../free-port';
import { readTable, writeTable } from '../../markdown-table';
import { readArguments } from '../arguments';
import { check } from '../check';
import { reportLines } from '../report';
import type { Answer, CheckVerdict } from '../verdict';
import { OTHER_COUNTERS, type OtherCounter } from './counters';
import { install, type Installed, versionOf } from './installation';
import { type RunningServer, startServer } from './running-server';

const PAGE = 'docs/check.md';
const HEAD = ['counter', 'as it ran', 'atomic', 'limit of 20'];

/**
 * `npm run check:others [-- NAME…]`: checks counters that others wrote, and writes the table of docs/check.md. What isn't
 * checked keeps its row.
 *
 * @throws Error for an unknown name, or where nothing could be checked
 */
export async function checkOthers(names: readonly string[]): Promise<void> {
  const known = [...new Set(OTHER_COUNTERS.map(({ name }) => name))];
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`counter must be one of ${known.join(', ')}, got "${unknown}"`);
  const chosen = OTHER_COUNTERS.filter(({ name }) => names.length === 0 || names.includes(name));
  const folder = await mkdtemp(path.join(tmpdir(), 'check-others-'));
  try {
    const packages = chosen.flatMap((other) => (other.package ? [other.package] : []));
    const installed = await install(packages, folder, (line) => console.log(line));
    const rows: string[][] = [];
    for (const other of chosen) {
      const row = await checkOne(other, installed, folder).catch((error: unknown) => {
        console.log(`left out: ${error instanceof Error ? error.message : String(error)}`);
      });
      if (row) rows.push(row);
    }
    if (rows.length === 0) throw new Error('nothing could be checked');
    writeTable(PAGE, 'others', [HEAD, ...merge(readTable(PAGE, 'others'), rows)]);
    console.log(`\nwritten to ${PAGE}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function checkOne(other: OtherCounter, installed: Installed, folder: string): Promise<string[]> {
  console.log(`\n## ${other.name}, ${other.configuration}\n`);
  const servers: RunningServer[] = [];
  try {
    const data = await mkdtemp(path.join(folder, 'data-'));
    const redis = other.needsRedis === true ? await startRedis(data) : undefined;
    if (redis) servers.push(redis.server);
    const port = await freePort();
    const { file, args, env } = other.command({ port, installed, folder: data });
    const environment = { ...env, ...(redis ? { REDIS_URL: redis.url } : {}) };
    servers.push(await startServer({ file, args, env: environment, cwd: data, port }));
    const verdict = await checkAt(other, `http://127.0.0.1:${port}`);
    const version = other.package ? await versionOf(other.package, installed) : '';
    return [`${other.name} ${version}`.trim(), other.configuration, decided(verdict.atomic), decided(verdict.limit)];
  } finally {
    for (const server of servers.reverse()) await server.close();
  }
}

async function checkAt(other: OtherCounter, url: string): Promise<CheckVerdict> {
  await delay(1000); // of several processes, the first listens before the others
  await other.prepare?.(url);
  const args = other.check(url);
  console.log(`npm run check -- ${args.map(quoted).join(' ')}\n`);
  const request = readArguments(args);
  if (request.kind !== 'measure') throw new Error('these arguments measure nothing');
  const { verdict, file } = await check(request.plan, (line) => console.log(line));
  for (const line of reportLines(verdict)) console.log(line);
  await rm(file);
  return verdict;
}

function quoted(argument: string): string {
  return /^[\w./:-]+$/.test(argument) ? argument : `'${argument}'`;
}

async function startRedis(data: string): Promise<{ server: RunningServer; url: string }> {
  const port = await freePort();
  const folder = path.join(data, 'redis');
  await mkdir(folder);
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const server = await startServer({ file: 'redis-server', args, env: {}, cwd: folder, port });
  return { server, url: `redis://127.0.0.1:${port}` };
}

function decided({ decision, brief }: Answer): string {
  if (decision === 'not asked') return '–';
  return `${decision === 'yes' ? 'yes' : `**${decision}**`}${brief === undefined ? '' : `: ${brief}`}`;
}

/** In the order of the list; what wasn't checked this time stays. */
function merge(old: readonly (readonly string[])[], rows: readonly (readonly string[])[]): (readonly string[])[] {
  const is =
    ({ name, configuration }: OtherCounter) =>
    (row: readonly string[]) =>
      row[0]?.startsWith(name) === true && row[1] === configuration;
  return OTHER_COUNTERS.flatMap((other) => {
    const row = rows.find(is(other)) ?? old.find(is(other));
    return row ? [row] : [];
  });
}

import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { projectRoot } from '../../lib/project-root';
import { stackOutputs } from '../deployed-stack';
import { type Check, checkApi, checkStateMachine, warmUp } from './checks';
import { clientOptions, deploy, deployedApi } from './deployment';
import { EMULATORS, type Emulator } from './emulators';
import { agrees, markdown, type Opinion } from './report';
import { startEmulator } from './running-emulator';
import { install } from './virtual-environment';
import { startProgress } from '../../local/progress';
import { synthesize } from '../../local/synthesize';

const REPORT = 'docs/second-opinion.md';

/** The CloudFormation templates, each deployed to an emulator process of its own. */
const CONFIGURATIONS: readonly { settings: Readonly<Record<string, string>>; onlyAfterRefusal?: boolean }[] = [
  { settings: { STORES: 'dynamo' } },
  // The metrics' log transformer is newer than the other resources: without it, more emulators get further.
  { settings: { STORES: 'dynamo', EXECUTION_LOG_LEVEL: 'OFF' }, onlyAfterRefusal: true },
  { settings: { STORES: 'dynamo,redis,momento,docdb,tidb' } },
];

/**
 * `npm run second-opinion [-- EMULATOR…]`: deploys the synthesized template, unchanged, to third-party AWS emulators,
 * makes increments on each and writes their answers into docs/second-opinion.md.
 */
export async function askForSecondOpinions(names: readonly string[]): Promise<void> {
  const known = EMULATORS.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new Error(`Usage: npm run second-opinion [-- ${known.join('|')} …], got "${unknown}"`);
  }
  const interrupted = new AbortController();
  const interrupt = (): void => interrupted.abort(new Error('interrupted'));
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  const folder = await mkdtemp(path.join(tmpdir(), 'second-opinion-'));
  try {
    const templates = await synthesizeAll(folder);
    const opinions: Opinion[] = [];
    for (const emulator of EMULATORS.filter(({ name }) => names.length === 0 || names.includes(name))) {
      try {
        const said = await ask(emulator, templates, path.join(folder, emulator.name), interrupted.signal);
        await write(emulator, said);
        opinions.push(...said);
      } catch (error) {
        interrupted.signal.throwIfAborted();
        say(emulator.name, `left out: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    if (!opinions.some(({ checks: [first] }) => first !== undefined && agrees(first))) {
      throw new Error('No emulator answered POST /dynamo/x with 200 and counter 1');
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
    process.removeListener('SIGINT', interrupt).removeListener('SIGTERM', interrupt);
  }
}

interface Template {
  readonly settings: string;
  readonly onlyAfterRefusal: boolean;
  readonly assembly: string;
}

async function synthesizeAll(folder: string): Promise<Template[]> {
  const templates: Template[] = [];
  for (const { settings, onlyAfterRefusal = false } of CONFIGURATIONS) {
    const assembly = path.join(folder, `cdk.out-${templates.length}`);
    const typed = Object.entries(settings)
      .map(([name, value]) => `${name}=${value}`)
      .join(' ');
    await startProgress((line) => say('synth', line)).during(typed, () =>
      synthesize({ outputFolder: path.relative(projectRoot(), assembly), settings }),
    );
    templates.push({ settings: typed, onlyAfterRefusal, assembly });
  }
  return templates;
}

/** Every CloudFormation template gets an emulator process of its own, so that none finds what another left. */
async function ask(
  emulator: Emulator,
  templates: readonly Template[],
  folder: string,
  signal: AbortSignal,
): Promise<Opinion[]> {
  const progress = (line: string): void => say(emulator.name, line);
  await mkdir(folder);
  progress('installing …');
  const { commands, version } = await install(emulator, folder, signal);
  progress(`version ${version}`);
  const opinions: Opinion[] = [];
  for (const [index, { settings, onlyAfterRefusal, assembly }] of templates.entries()) {
    if (onlyAfterRefusal && opinions.at(-1)?.deployment.status === 'CREATE_COMPLETE') continue;
    const data = path.join(folder, String(index));
    await mkdir(data);
    await emulator.prepare?.({ folder: data, shared: folder, progress });
    const { endpoint, close } = await startEmulator(emulator, { commands, folder: data, signal });
    try {
      progress(`${settings}: deploying to ${endpoint}`);
      const deployment = await deploy(endpoint, assembly, { account: emulator.account, progress, signal });
      progress(`${settings}: ${deployment.status}`);
      const checks = deployment.status === 'CREATE_COMPLETE' ? await check(endpoint) : [];
      for (const each of checks) progress(`${agrees(each) ? 'as expected' : 'DIFFERS'}: ${each.what}: ${each.actual}`);
      opinions.push({ emulator: emulator.name, version, settings, deployment, checks });
    } finally {
      await close();
    }
  }
  return opinions;
}

async function check(endpoint: string): Promise<Check[]> {
  const client = new CloudFormationClient(clientOptions(endpoint));
  try {
    const outputs = await stackOutputs(client);
    const { IncrementStateMachineArn: stateMachine = '' } = outputs;
    await warmUp(endpoint, stateMachine);
    return [
      ...(await checkApi(await deployedApi(endpoint, outputs))),
      ...(await checkStateMachine(endpoint, stateMachine)),
    ];
  } finally {
    client.destroy();
  }
}

/** Replaces an emulator's last report; the other reports stay. */
async function write({ name }: Emulator, opinions: readonly Opinion[]): Promise<void> {
  const file = path.join(projectRoot(), REPORT);
  const report = markdown(opinions, new Date().toISOString().slice(0, 10));
  const section = new RegExp(`(<!-- ${name} -->\\n)[^]*(\\n<!-- /${name} -->)`);
  const text = (await readFile(file, 'utf8')).replace(section, (_, begin, end) => `${begin}\n${report}\n${end}`);
  await writeFile(file, await format(text, { ...(await resolveConfig(file)), filepath: file }));
  say(name, `written to ${REPORT}`);
}

function say(who: string, line: string): void {
  console.log(`${who.padEnd(10)} ${line}`);
}

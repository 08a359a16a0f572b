import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type RawTemplate, resolveTemplate, stackLocation } from 'template-runtime/cloudformation';
import { stateMachinesFromTemplate } from 'template-runtime/step-functions';
import { projectRoot } from '../../lib/project-root';
import { type Local, startLocal } from '../../local/main';
import { startProgress } from '../../local/progress';
import { synthesize } from '../../local/synthesize';
import { stackName } from '../deployed-stack';
import { textTable } from '../text-table';
import { apiGroup } from './api-gateway-calls';
import { askAll, type Outcome } from './ask-all';
import type { Group } from './call';
import { type Clients, connect } from './clients';
import { type Laptop, startLaptop } from './laptop';
import { readLogReaders } from './log-readers';
import { logsGroups } from './logs-calls';
import { callTable, differenceTable, gapTable } from './report';
import { testStateGroup, validationGroup } from './step-functions-calls';

const USAGE = `Usage: npm run verify:aws [-- --api-id ID]

Asks AWS about the synthesized template, without a stack, and compares its answers with the laptop's.

  --api-id ID  the id of the deployed REST API: calls its methods too, which counts one increment
  --help       prints this, and does nothing else

Region and credentials come from where the AWS SDK looks: AWS_REGION, AWS_PROFILE, AWS_ACCESS_KEY_ID, …`;

/**
 * `npm run verify:aws [-- --api-id ID]`: checks on AWS what only AWS can answer about the synthesized template, without
 * a stack, and compares it with the laptop runtime's answers to the same calls.
 *
 * @throws Error when an answer of AWS differs or is missing
 */
export async function verifyAws(args: readonly string[]): Promise<void> {
  const { help, apiId } = readArguments(args);
  if (help) return console.log(USAGE);
  const interrupted = new AbortController();
  const interrupt = (): void => interrupted.abort(new Error('interrupted'));
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  const clients = await connect();
  const folder = await mkdtemp(path.join(tmpdir(), 'verify-aws-'));
  try {
    const outputFolder = path.relative(projectRoot(), folder);
    const assembly = await startProgress((line) => console.log(line)).during('Synthesizing the CDK app', () =>
      synthesize({ outputFolder, signal: interrupted.signal }),
    );
    await verify({ assembly, apiId, clients, signal: interrupted.signal });
  } catch (error) {
    interrupted.signal.throwIfAborted();
    throw error;
  } finally {
    clients.close();
    await rm(folder, { recursive: true, force: true });
    process.removeListener('SIGINT', interrupt).removeListener('SIGTERM', interrupt);
  }
}

function readArguments(args: readonly string[]): { help: boolean; apiId: string | undefined } {
  try {
    const options = { help: { type: 'boolean', default: false }, 'api-id': { type: 'string' } } as const;
    const { values } = parseArgs({ args: [...args], options });
    return { help: values.help, apiId: values['api-id'] };
  } catch (error) {
    const [problem] = error instanceof Error ? error.message.split('. ') : [];
    throw new Error(`${problem ?? String(error)}: known are --api-id ID and --help`, { cause: error });
  }
}

export interface VerifyOptions {
  /** The cloud assembly's folder. */
  readonly assembly: string;
  /** The REST API whose methods are called. @default - none */
  readonly apiId: string | undefined;
  readonly clients: Clients;
  readonly signal: AbortSignal;
}

async function verify({ assembly, apiId, clients, signal }: VerifyOptions): Promise<void> {
  const name = stackName();
  const template = JSON.parse(readFileSync(path.join(assembly, `${name}.template.json`), 'utf8')) as RawTemplate;
  const location = { ...stackLocation(name), region: clients.region };
  const { resources, outputs } = resolveTemplate(template, location);
  const stateMachines = stateMachinesFromTemplate(resources);
  const stores = (outputs['Stores'] ?? '').split(',');
  const laptop: Laptop = startLaptop({ region: location.region, account: location.account, stateMachines });
  let local: Local | undefined;
  try {
    const both = { client: clients.stepFunctions, laptop };
    const groups: Group[] = [validationGroup(stateMachines, both)];
    for (const machine of stateMachines) groups.push(await testStateGroup(machine, both));
    const logReaders = await readLogReaders({ resources, stateMachines, stores, laptop });
    groups.push(...logsGroups(logReaders, clients.logs));
    if (apiId !== undefined) {
      local = await startLocal({ assembly });
      groups.push(apiGroup({ restApiId: apiId, resources, store: stores[0] ?? '', local, client: clients.apiGateway }));
    }
    const [head = [], ...rows] = callTable(groups);
    console.log(`${textTable(head, rows)}\n`);
    if (apiId === undefined) console.log('TestInvokeMethod is skipped: it needs a deployed API, see --api-id ID\n');
    report(groups, await askAll(groups, signal));
  } finally {
    await local?.close();
    await laptop.close();
  }
}

/** @throws Error unless everything agrees */
function report(groups: readonly Group[], { differing, differences, gaps }: Outcome): void {
  if (differences.length > 0) console.log(`\n${differenceTable(differences)}`);
  if (gaps.length > 0) console.log(`\n${gapTable(gaps)}`);
  const asked = groups.reduce((sum, { calls }) => sum + calls.length, 0);
  if (differences.length + gaps.length > 0) {
    throw new Error(`Of ${asked} calls ${differing} differ; ${gaps.length} are not verified`);
  }
  console.log(`\nAWS answers all ${asked} calls like the laptop.`);
}

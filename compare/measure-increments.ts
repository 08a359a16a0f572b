import type { Local } from '../local/main';
import type { LogEvent } from '../local/logs';
import type { TemplateResource } from '../local/template-resource';
import { functionOf, type MeasuredIncrement } from './cost';

/** Increments per store: the first begins its function's environment and is not counted. */
const INCREMENTS = 5;

/**
 * Measures what an increment needs, on the running system: each store is asked a few times, and its logs are weighed.
 *
 * @throws Error when an increment is not answered 200
 */
export async function measureIncrements(
  local: Local,
  resources: readonly TemplateResource[],
  stores: readonly string[],
): Promise<MeasuredIncrement[]> {
  const measured = [];
  for (const store of stores) measured.push(await measureStore(local, resources, store));
  return measured;
}

type Logs = Readonly<Record<string, readonly LogEvent[]>>;

async function measureStore(
  local: Local,
  resources: readonly TemplateResource[],
  store: string,
): Promise<MeasuredIncrement> {
  const machineLog = logGroup(resources, 'IncrementWorkflow');
  const functionLog = functionLogOf(resources, store);
  await increment(local, store);
  const before = await logsOf(local);
  for (let call = 0; call < INCREMENTS; call += 1) await increment(local, store);
  const after = await logsOf(local);

  const added = (group: string | undefined): readonly LogEvent[] =>
    group === undefined ? [] : (after[group] ?? []).slice(before[group]?.length ?? 0);
  const bytes = (events: readonly LogEvent[]): number =>
    events.reduce((sum, { message }) => sum + Buffer.byteLength(message), 0) / INCREMENTS;
  const billed = added(functionLog).flatMap(({ message }) => {
    const ms = /Billed Duration: (\d+) ms/.exec(message)?.[1];
    return ms === undefined ? [] : [Number(ms)];
  });
  return {
    store,
    executionMs: median(executionTimes(added(machineLog))),
    ...(billed.length > 0 ? { functionMs: median(billed) } : {}),
    executionLogBytes: bytes(added(machineLog)),
    functionLogBytes: bytes(added(functionLog)),
    accessLogBytes: bytes(added(logGroup(resources, 'AccessLog'))),
  };
}

async function increment(local: Local, store: string): Promise<void> {
  const headers = { 'x-api-key': local.apiKey };
  const response = await fetch(`${local.url}/${store}/cost-estimate`, { method: 'POST', headers });
  if (response.status !== 200) throw new Error(`an increment in ${store} was answered ${response.status}`);
}

async function logsOf(local: Local): Promise<Logs> {
  return (await (await fetch(new URL('/_local/logs', local.url))).json()) as Logs;
}

/** The group of a log by the construct that has it. */
function logGroup(resources: readonly TemplateResource[], construct: string): string | undefined {
  const group = resources.find(
    ({ logicalId, type }) => type === 'AWS::Logs::LogGroup' && logicalId.includes(construct),
  );
  return group?.physicalId;
}

function functionLogOf(resources: readonly TemplateResource[], store: string): string | undefined {
  const logging = functionOf(resources, store)?.properties['LoggingConfig'] as { LogGroup?: string } | undefined;
  return logging?.LogGroup;
}

/** Milliseconds from the first to the last event of each execution; 0 where the log doesn't tell. */
function executionTimes(events: readonly LogEvent[]): number[] {
  const times = new Map<string, number[]>();
  for (const { message } of events) {
    const { execution_arn: arn, event_timestamp: time } = JSON.parse(message) as Record<string, string>;
    if (arn !== undefined) times.set(arn, [...(times.get(arn) ?? []), Number(time)]);
  }
  return times.size === 0 ? [0] : [...times.values()].map((all) => Math.max(...all) - Math.min(...all));
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

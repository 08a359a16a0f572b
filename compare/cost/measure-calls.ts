import { randomBytes } from 'node:crypto';
import type { Local } from '../../local/main';
import type { LogEvent } from 'template-runtime/cloudwatch';
import type { TemplateResource } from 'template-runtime/cloudformation';
import { type CallKind, functionOf, type MeasuredCall, workflowOf } from './cost';

/**
 * Calls per store, beside a first one that starts its function's environment and is not counted. Of those with a key,
 * one of 32 looks for keys to forget.
 */
const CALLS: Readonly<Record<CallKind, number>> = {
  unconditional: 5,
  conditional: 5,
  keyed: 32,
  replayed: 5,
  read: 5,
};

/**
 * Measures what a call uses on the running system: calls each store a few times, and measures the size of its logs.
 *
 * @throws Error when a call is not answered 200
 */
export async function measureCalls(
  local: Local,
  resources: readonly TemplateResource[],
  stores: readonly string[],
  kind: CallKind,
): Promise<MeasuredCall[]> {
  const measured = [];
  for (const store of stores) measured.push(await measureStore(local, resources, store, kind));
  return measured;
}

type Logs = Readonly<Record<string, readonly LogEvent[]>>;

async function measureStore(
  local: Local,
  resources: readonly TemplateResource[],
  store: string,
  kind: CallKind,
): Promise<MeasuredCall> {
  const machineLog = logGroup(resources, workflowOf(kind));
  const functionLog = functionLogOf(resources, store);
  const calls = CALLS[kind];
  const known = newKey();
  const callOnce = (): Promise<void> =>
    call(local, store, kind, kind === 'keyed' ? newKey() : kind === 'replayed' ? known : undefined);
  await callOnce();
  const before = await logsOf(local);
  for (let made = 0; made < calls; made += 1) await callOnce();
  const after = await logsOf(local);

  const added = (group: string | undefined): readonly LogEvent[] =>
    group === undefined ? [] : (after[group] ?? []).slice(before[group]?.length ?? 0);
  const bytes = (events: readonly LogEvent[]): number =>
    events.reduce((sum, { message }) => sum + Buffer.byteLength(message), 0) / calls;
  const billed = added(functionLog).flatMap(({ message }) => {
    const ms = /Billed Duration: (\d+) ms/.exec(message)?.[1];
    return ms === undefined ? [] : [Number(ms)];
  });
  return {
    store,
    kind,
    executionMs: median(executionTimes(added(machineLog))),
    ...(billed.length > 0 ? { functionMs: median(billed) } : {}),
    executionEvents: added(machineLog).length / calls,
    executionLogBytes: bytes(added(machineLog)),
    functionLogBytes: bytes(added(functionLog)),
    accessLogBytes: bytes(added(logGroup(resources, 'AccessLog'))),
  };
}

/** As long as those that the client library makes. */
const newKey = (): string => randomBytes(16).toString('hex');

async function call(local: Local, store: string, kind: CallKind, key: string | undefined): Promise<void> {
  const method = kind === 'read' ? 'GET' : 'POST';
  const headers = { 'x-api-key': local.apiKey, ...(key === undefined ? {} : { 'Idempotency-Key': key }) };
  const response = await fetch(`${local.url}/${store}/cost-estimate`, { method, headers });
  if (response.status !== 200) throw new Error(`${method} /${store}/cost-estimate was answered ${response.status}`);
}

async function logsOf(local: Local): Promise<Logs> {
  return (await (await fetch(new URL('/_local/logs?limit=100000', local.url))).json()) as Logs;
}

/** The log group of a construct. */
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

/** Milliseconds from the first to the last event of each execution; 0 if the log lacks them. */
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

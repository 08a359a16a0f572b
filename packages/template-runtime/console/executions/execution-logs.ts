import type { Logs } from '../../cloudwatch/logs';
import type { Execution } from '../../step-functions';
import type { ExecutionLogs, LogLine, LogPart } from '../shapes';

type Events = ReturnType<Logs['events']>;

/** What CloudWatch Logs keeps of an execution: its own events, and the lines of the functions that it invoked. */
export function executionLogs(execution: Execution, logs: Pick<Logs, 'events'>): ExecutionLogs {
  return { parts: [...functionParts(execution, logs), ownPart(execution, logs)] };
}

function ownPart({ arn, machine }: Execution, logs: Pick<Logs, 'events'>): LogPart {
  const title = 'Execution';
  const { level = 'OFF', includeExecutionData = false, logGroupName: group = '' } = machine.source.logging ?? {};
  if (level === 'OFF') return { title, note: 'No logs: the log level of its state machine is OFF.', lines: [] };
  const text = JSON.stringify(arn);
  const lines = logs.events(group).filter(({ message }) => message.includes(text));
  const notes = [
    ...(level === 'ALL' ? [] : [`The level is ${level}: other events aren't logged.`]),
    ...(includeExecutionData ? [] : ['Inputs and outputs are left out, as the state machine asks.']),
    ...(lines.length === 0 && level === 'ALL' ? [DROPPED] : []),
  ];
  return { title, group, lines: lines.map(lineOf), ...(notes.length > 0 && { note: notes.join(' ') }) };
}

const DROPPED = 'Its log events have dropped off: the latest 10,000 of each group are kept, until the runtime ends.';

function functionParts({ invocations }: Execution, logs: Pick<Logs, 'events'>): LogPart[] {
  const groups = new Map<string, string[]>();
  for (const { logGroupName, requestId } of invocations) {
    groups.set(logGroupName, [...(groups.get(logGroupName) ?? []), requestId]);
  }
  return Array.from(groups, ([group, requestIds]): LogPart => {
    const lines = linesOfInvocations(logs.events(group), new Set(requestIds));
    return { title: 'Function', group, lines, ...(lines.length === 0 && { note: DROPPED }) };
  });
}

/**
 * The lines of these invocations. An environment writes a log stream and runs one invocation at a time: what stands between
 * two REPORT lines belongs to the second one, its own start (INIT_START) included.
 *
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-view.html
 */
function linesOfInvocations(events: Events, requestIds: ReadonlySet<string>): LogLine[] {
  const open = new Map<string, { lines: LogLine[]; isWanted: boolean }>();
  const found: LogLine[] = [];
  for (const event of events) {
    const { logStreamName: stream, message } = event;
    const block = open.get(stream) ?? { lines: [], isWanted: false };
    open.set(stream, block);
    block.lines.push(lineOf(event));
    const [, keyword, requestId = ''] = /^(START|REPORT) RequestId: (\S+)/.exec(message) ?? [];
    if (keyword === 'START') block.isWanted = requestIds.has(requestId);
    if (keyword !== 'REPORT') continue;
    if (block.isWanted) found.push(...block.lines);
    open.delete(stream);
  }
  for (const { lines, isWanted } of open.values()) if (isWanted) found.push(...lines);
  return found;
}

function lineOf({ timestamp, logStreamName, message }: Events[number]): LogLine {
  return { timestampMs: timestamp, stream: logStreamName, message: message.trimEnd() };
}

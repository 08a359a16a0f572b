import { randomUUID } from 'node:crypto';
import type { BusEvent } from './event';

/** An answer of the AWS JSON 1.1 protocol. */
export interface EventsAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface Entry {
  readonly Source?: string;
  readonly DetailType?: string;
  /** JSON. */
  readonly Detail?: string;
  readonly Resources?: readonly string[];
  /** Seconds since 1970. */
  readonly Time?: number;
  readonly EventBusName?: string;
}

type Result = { readonly EventId: string } | { readonly ErrorCode: string; readonly ErrorMessage: string };

/**
 * Carries out an action of EventBridge's API, for the unmodified SDK and CLI: PutEvents on the default bus. It answers
 * once the targets of each event have been tried once.
 *
 * Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
 *
 * @param bus where the events go
 * @param action such as `PutEvents`
 * @param body JSON
 */
export async function handleEventsCall(
  bus: { putEvent(event: BusEvent): Promise<unknown> },
  location: { readonly region: string; readonly account: string },
  action: string,
  body: string,
): Promise<EventsAnswer> {
  if (action !== 'PutEvents') return answer(400, refusal('UnknownOperationException', `${action} is not emulated`));
  const entries = readEntries(body);
  if (entries === undefined) return answer(400, refusal('ValidationException', 'Entries must be a list of objects'));
  const results: Result[] = [];
  for (const entry of entries) {
    const problem = problemOf(entry);
    const event = problem ?? eventOf(entry, location);
    if ('id' in event) await bus.putEvent(event);
    results.push('id' in event ? { EventId: event.id } : event);
  }
  return answer(200, { FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length, Entries: results });
}

function readEntries(body: string): Entry[] | undefined {
  try {
    const { Entries: entries } = JSON.parse(body) as { Entries?: unknown };
    return Array.isArray(entries) && entries.every((entry) => typeof entry === 'object' && entry !== null)
      ? (entries as Entry[])
      : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Why an entry is refused; the others of the request are not. */
function problemOf({ Source, DetailType, Detail, EventBusName = 'default' }: Entry): Result | undefined {
  const missing = Object.entries({ Source, DetailType, Detail }).find(([, value]) => !value);
  if (missing)
    return {
      ErrorCode: 'InvalidArgument',
      ErrorMessage: `Parameter ${missing[0]} is not valid. Reason: ${missing[0]} is a required argument.`,
    };
  if (detailOf(Detail) === undefined) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  if (EventBusName !== 'default' && !EventBusName.endsWith(':event-bus/default')) {
    return { ErrorCode: 'InvalidArgument', ErrorMessage: 'only the default event bus is emulated' };
  }
  return undefined;
}

function detailOf(text = ''): Readonly<Record<string, unknown>> | undefined {
  try {
    const detail: unknown = JSON.parse(text);
    return typeof detail === 'object' && detail !== null && !Array.isArray(detail)
      ? (detail as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function eventOf(entry: Entry, { region, account }: { readonly region: string; readonly account: string }): BusEvent {
  const { Source: source = '', DetailType: detailType = '', Detail, Resources: resources = [], Time: seconds } = entry;
  const time = seconds === undefined ? new Date() : new Date(seconds * 1000);
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': detailType,
    source,
    account,
    time: time.toISOString().replace(/\.\d+Z$/, 'Z'),
    region,
    resources,
    detail: detailOf(Detail) ?? {},
  };
}

const refusal = (name: string, message: string): Record<string, string> => ({ __type: name, message });

const answer = (status: number, body: unknown): EventsAnswer => ({
  status,
  headers: { 'Content-Type': 'application/x-amz-json-1.1' },
  body: JSON.stringify(body),
});

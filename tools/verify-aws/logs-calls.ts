import {
  type CloudWatchLogsClient,
  type Processor,
  TestMetricFilterCommand,
  TestTransformerCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import type { TemplateResource } from 'template-runtime/cloudformation';
import {
  type LogEvent,
  type MetricFilter,
  readMetricFilter,
  readTransformer,
  type Transformer,
} from 'template-runtime/cloudwatch';
import type { StateMachineDefinition } from 'template-runtime/step-functions';
import { type Call, type Gap, type Group, parsed } from './call';
import type { Laptop } from './laptop';
import { ENDINGS } from './samples';

export interface LogsOptions {
  readonly resources: readonly TemplateResource[];
  readonly stateMachines: readonly StateMachineDefinition[];
  /** The deployed stores. */
  readonly stores: readonly string[];
  readonly laptop: Laptop;
  readonly client: CloudWatchLogsClient;
}

/** How many events a test takes. Source: …/AmazonCloudWatchLogs/latest/APIReference/API_TestMetricFilter.html */
const MOST_EVENTS = 50;

/**
 * `TestTransformer` and `TestMetricFilter` of what the template does with its logs, on events that executions on the laptop
 * wrote. A filter on transformed logs gets what the laptop's transformer makes of them, as its test takes no transformer.
 */
export async function logsGroups(options: LogsOptions): Promise<Group[]> {
  const { resources, client } = options;
  const ofType = (type: string): TemplateResource[] => resources.filter((resource) => resource.type === type);
  const transformers = ofType('AWS::Logs::Transformer').map((resource) => ({ resource, ...readTransformer(resource) }));
  const filters = ofType('AWS::Logs::MetricFilter').map((resource) => ({ resource, ...readMetricFilter(resource) }));
  const read = new Set([...transformers, ...filters].map(({ logGroup }) => logGroup));
  const written = await eventsOf(options, read);
  const transformed = ({ logGroup }: { logGroup: string }, event: LogEvent): unknown => {
    const transformer = transformers.find((other) => other.logGroup === logGroup);
    return transformer ? transformedBy(transformer, event) : parsed(event.message);
  };
  const messageFor = (filter: MetricFilter, event: LogEvent): string =>
    filter.isOnTransformed ? JSON.stringify(transformed(filter, event)) : event.message;

  // What some filter matches, and of every type of event one that none does.
  const chosen = (logGroup: string): LogEvent[] => {
    const ofGroup = filters.filter((filter) => filter.logGroup === logGroup);
    const isMatched = (event: LogEvent): boolean =>
      ofGroup.some((filter) => matches(filter, messageFor(filter, event)));
    const others = new Map<unknown, LogEvent>();
    return (written.get(logGroup) ?? []).filter((event) => {
      if (isMatched(event)) return true;
      const type = typeOf(event.message);
      return !others.has(type) && others.set(type, event);
    });
  };
  const events = new Map(Array.from(written.keys(), (logGroup) => [logGroup, chosen(logGroup)]));
  const inGroup = (logGroup: string): LogEvent[] => events.get(logGroup) ?? [];

  const matchedNowhere = (filter: MetricFilter): boolean =>
    !inGroup(filter.logGroup).some((event) => matches(filter, messageFor(filter, event)));
  return [
    {
      action: 'TestTransformer',
      about: 'log transformer',
      gaps: [],
      calls: transformers.flatMap(({ resource, ...transformer }) =>
        chunks(inGroup(transformer.logGroup)).map((chunk) => testTransformer(resource, transformer, chunk, client)),
      ),
    },
    {
      action: 'TestMetricFilter',
      about: 'metric filters',
      gaps: filters
        .filter(matchedNowhere)
        .map(({ logicalId }): Gap => ({ what: logicalId, reason: 'it matches no event' })),
      calls: filters.flatMap(({ resource, ...filter }) =>
        chunks(inGroup(filter.logGroup).map((event) => messageFor(filter, event))).map((messages) =>
          testMetricFilter(resource, filter, messages, client),
        ),
      ),
    },
  ];
}

/** The log events of executions that end in each way, by log group: of the Express machines that write to the given ones. */
async function eventsOf(
  { stateMachines, stores, laptop }: LogsOptions,
  groups: ReadonlySet<string>,
): Promise<Map<string, LogEvent[]>> {
  const events = new Map<string, LogEvent[]>();
  const request = { id: 'votes', useConditionalWrites: true, max: '10' };
  const executions = [
    ...stores.flatMap((store) => ENDINGS.map((ending) => ({ store, ending }))),
    { store: 'nowhere', ending: 'incremented' as const },
  ];
  for (const machine of stateMachines) {
    if (!machine.logging || !groups.has(machine.logging.logGroupName) || machine.type !== 'EXPRESS') continue;
    const written: LogEvent[] = [];
    for (const { store, ending } of executions) {
      written.push(...(await laptop.execute(machine, { ...request, store }, ending)));
    }
    events.set(machine.logging.logGroupName, written);
  }
  return events;
}

function transformedBy(transformer: Transformer, event: LogEvent): unknown {
  return transformer.transform({ event, logGroup: transformer.logGroup, parsedMessage: parsed(event.message) });
}

function matches({ pattern }: MetricFilter, message: string): boolean {
  return pattern.matches(pattern.subject === 'text' ? message : parsed(message));
}

/** Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_TestTransformer.html */
function testTransformer(
  { logicalId, properties }: TemplateResource,
  transformer: Transformer,
  events: readonly LogEvent[],
  client: CloudWatchLogsClient,
): Call {
  const transformerConfig = asApiSpells(properties['TransformerConfig']) as Processor[];
  const logEventMessages = events.map(({ message }) => message);
  const label = labels(logEventMessages);
  return {
    what: `${logicalId}: ${events.length} events`,
    expect: () =>
      Promise.resolve(
        Object.fromEntries(events.map((event) => [label(event.message), transformedBy(transformer, event)])),
      ),
    async ask(abortSignal) {
      const command = new TestTransformerCommand({ transformerConfig, logEventMessages });
      const { transformedLogs = [] } = await client.send(command, { abortSignal });
      return Object.fromEntries(
        transformedLogs.map(({ eventMessage, transformedEventMessage }) => [
          label(eventMessage),
          parsed(transformedEventMessage),
        ]),
      );
    },
  };
}

/** Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_TestMetricFilter.html */
function testMetricFilter(
  { logicalId, properties }: TemplateResource,
  filter: MetricFilter,
  logEventMessages: string[],
  client: CloudWatchLogsClient,
): Call {
  const filterPattern = String(properties['FilterPattern']);
  const label = labels(logEventMessages);
  const answer = (matched: readonly (string | undefined)[]): Record<string, string> =>
    Object.fromEntries(matched.map((message) => [label(message), 'matches']));
  return {
    what: `${logicalId}: ${filterPattern}`,
    expect: () => Promise.resolve(answer(logEventMessages.filter((message) => matches(filter, message)))),
    async ask(abortSignal) {
      const command = new TestMetricFilterCommand({ filterPattern, logEventMessages });
      const { matches: matched = [] } = await client.send(command, { abortSignal });
      return answer(matched.map(({ eventMessage }) => eventMessage));
    },
  };
}

/** A short name for each message of a call, by its text: that is told back, and no two are the same. */
function labels(messages: readonly string[]): (message: string | undefined) => string {
  const names = new Map(
    messages.map((message, index) => [message, `event ${index + 1}, ${String(typeOf(message))}`] as const),
  );
  return (message = '') => names.get(message) ?? `an event that was not sent: ${message}`;
}

function typeOf(message: string): unknown {
  return (parsed(message) as { type?: unknown }).type;
}

/** CloudFormation's `ParseJSON: { Source }` is the API's `parseJSON: { source }`. */
function asApiSpells(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asApiSpells);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key.charAt(0).toLowerCase() + key.slice(1), asApiSpells(item)]),
  );
}

function chunks<Item>(items: readonly Item[]): Item[][] {
  return Array.from({ length: Math.ceil(items.length / MOST_EVENTS) }, (_, index) =>
    items.slice(index * MOST_EVENTS, (index + 1) * MOST_EVENTS),
  );
}

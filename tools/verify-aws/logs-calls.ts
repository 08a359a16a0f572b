import {
  type CloudWatchLogsClient,
  type Processor,
  TestMetricFilterCommand,
  TestTransformerCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import type { LogEvent } from 'template-runtime/cloudwatch';
import { type Call, type Group, parsed } from './call';
import {
  type LogReaders,
  matches,
  type ReadingFilter,
  type ReadingTransformer,
  transformedBy,
  typeOf,
} from './log-readers';

/** How many events a test accepts. Source: …/AmazonCloudWatchLogs/latest/APIReference/API_TestMetricFilter.html */
const MOST_EVENTS = 50;

/**
 * `TestTransformer` and `TestMetricFilter` for the CloudFormation template's transformers and filters. A filter on
 * transformed logs gets the output of the laptop's transformer, since its test accepts no transformer.
 */
export function logsGroups(
  { transformers, filters, eventsFor, messagesFor }: LogReaders,
  client: CloudWatchLogsClient,
): Group[] {
  const idle = transformers.filter(({ logGroup }) => eventsFor(logGroup).length === 0);
  const matchless = filters.filter((filter) => !messagesFor(filter).some((message) => matches(filter, message)));
  return [
    {
      action: 'TestTransformer',
      about: 'log transformer',
      gaps: idle.map(({ logicalId }) => ({ what: logicalId, reason: 'its log has no event' })),
      calls: transformers.flatMap((transformer) =>
        chunks(eventsFor(transformer.logGroup)).map((events) => testTransformer(transformer, events, client)),
      ),
    },
    {
      action: 'TestMetricFilter',
      about: 'metric filters',
      gaps: matchless.map(({ logicalId }) => ({ what: logicalId, reason: 'it matches no event' })),
      calls: filters.flatMap((filter) =>
        chunks(messagesFor(filter)).map((messages) => testMetricFilter(filter, messages, client)),
      ),
    },
  ];
}

/** Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_TestTransformer.html */
function testTransformer(
  transformer: ReadingTransformer,
  events: readonly LogEvent[],
  client: CloudWatchLogsClient,
): Call {
  const { logicalId, properties } = transformer;
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
function testMetricFilter(filter: ReadingFilter, logEventMessages: string[], client: CloudWatchLogsClient): Call {
  const { logicalId, properties } = filter;
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

/** A short name for each message of a call, by its text, which the answer repeats; no two are the same. */
function labels(messages: readonly string[]): (message: string | undefined) => string {
  const names = new Map(
    messages.map((message, index) => [message, `event ${index + 1}, ${String(typeOf(message))}`] as const),
  );
  return (message = '') => names.get(message) ?? `an event that was not sent: ${message}`;
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

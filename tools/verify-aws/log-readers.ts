import type { TemplateResource } from 'template-runtime/cloudformation';
import {
  type LogEvent,
  type MetricFilter,
  readMetricFilter,
  readTransformer,
  type Transformer,
} from 'template-runtime/cloudwatch';
import type { StateMachineDefinition } from 'template-runtime/step-functions';
import { parsed } from './call';
import type { Laptop } from './laptop';
import { ENDINGS } from './samples';

export type ReadingTransformer = Transformer & Pick<TemplateResource, 'logicalId' | 'properties'>;
export type ReadingFilter = MetricFilter & Pick<TemplateResource, 'properties'>;

/** The readers of the CloudFormation template's logs, and log events for them from executions on the laptop. */
export interface LogReaders {
  readonly transformers: readonly ReadingTransformer[];
  readonly filters: readonly ReadingFilter[];
  /** The events that some filter of the log group matches, and one of every type that none does. */
  eventsFor(logGroup: string): LogEvent[];
  /** Those events' messages as a filter sees them: transformed if the filter requires it. */
  messagesFor(filter: MetricFilter): string[];
}

export interface LogReadersOptions {
  readonly resources: readonly TemplateResource[];
  readonly stateMachines: readonly StateMachineDefinition[];
  /** The deployed stores. */
  readonly stores: readonly string[];
  readonly laptop: Laptop;
}

/** Reads the CloudFormation template, and runs executions with each of the endings. */
export async function readLogReaders(options: LogReadersOptions): Promise<LogReaders> {
  const ofType = (type: string): TemplateResource[] => options.resources.filter((resource) => resource.type === type);
  const transformers = ofType('AWS::Logs::Transformer').map((resource) => ({
    ...resource,
    ...readTransformer(resource),
  }));
  const filters = ofType('AWS::Logs::MetricFilter').map((resource) => ({ ...resource, ...readMetricFilter(resource) }));
  const logGroups = new Set([...transformers, ...filters].map(({ logGroup }) => logGroup));

  const messageFor = ({ logGroup, isOnTransformed }: MetricFilter, event: LogEvent): string => {
    const transformer = isOnTransformed ? transformers.find((other) => other.logGroup === logGroup) : undefined;
    return transformer ? JSON.stringify(transformedBy(transformer, event)) : event.message;
  };
  const chosen = (logGroup: string, written: readonly LogEvent[]): LogEvent[] => {
    const ofGroup = filters.filter((filter) => filter.logGroup === logGroup);
    const others = new Set<unknown>();
    return written.filter((event) => {
      if (ofGroup.some((filter) => matches(filter, messageFor(filter, event)))) return true;
      const type = typeOf(event.message);
      return !others.has(type) && others.add(type);
    });
  };
  const events = new Map<string, LogEvent[]>();
  for (const [logGroup, written] of await writtenEvents(options, logGroups))
    events.set(logGroup, chosen(logGroup, written));
  const eventsFor = (logGroup: string): LogEvent[] => events.get(logGroup) ?? [];
  return {
    transformers,
    filters,
    eventsFor,
    messagesFor: (filter) => eventsFor(filter.logGroup).map((event) => messageFor(filter, event)),
  };
}

/** By log group, the events of the Express machines that log there. */
async function writtenEvents(
  { stateMachines, stores, laptop }: LogReadersOptions,
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

/** An event as the laptop transforms it. */
export function transformedBy(transformer: Transformer, event: LogEvent): unknown {
  return transformer.transform({ event, logGroup: transformer.logGroup, parsedMessage: parsed(event.message) });
}

/** Whether a filter matches on the laptop. */
export function matches({ pattern }: MetricFilter, message: string): boolean {
  return pattern.matches(pattern.subject === 'text' ? message : parsed(message));
}

/** An execution event's type. */
export function typeOf(message: string): unknown {
  return (parsed(message) as { type?: unknown }).type;
}

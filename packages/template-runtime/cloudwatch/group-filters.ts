import { isScalar } from './json-pattern';
import type { LogEvent } from './logs';
import type { Measurement, MetricFilter } from './metric-filter';
import type { Selector } from './selector';
import type { Transformer } from './transformer';

type OnMeasured = (filter: MetricFilter, measurement: Measurement, event: LogEvent) => void;

/**
 * All metric filters of a log group as one function of an event. Most events match nothing: where an event's type is known,
 * only the filters of that type are looked at, and of those that want a field to be equal to something only the ones that
 * want what it is. Its JSON is parsed once, and only where nobody knows it unparsed.
 */
export function createGroupFilters(
  filters: readonly MetricFilter[],
  transformer: Transformer | undefined,
  onMeasured: OnMeasured,
): (event: LogEvent) => void {
  const ofType = new Map<string | undefined, OfType | undefined>();
  const filtersOf = (type: string | undefined): OfType | undefined => {
    if (!ofType.has(type)) ofType.set(type, ofTypeAmong(filters, type, transformer));
    return ofType.get(type);
  };
  return (event) => {
    const candidates = filtersOf(event.type);
    if (!candidates) return;
    const measure = (filter: MetricFilter, document: unknown): void => {
      const { pattern } = filter;
      if (!pattern.matches(pattern.subject === 'text' ? event.message : document)) return;
      const measurement = filter.measure(document);
      if (measurement) onMeasured(filter, measurement, event);
    };
    for (const filter of candidates.onText) measure(filter, undefined);
    if (!candidates.raw && !candidates.transformed) return;
    const document = event.document?.() ?? parseObject(event.message);
    // Filters on the event as it came go first: the transformer changes the parsed document in place.
    candidates.raw?.(document, measure);
    candidates.transformed?.(
      transformer
        ? transformer.transform({ event, logGroup: transformer.logGroup, parsedMessage: document })
        : document,
      measure,
    );
  };
}

type Measure = (filter: MetricFilter, document: unknown) => void;

/** The filters that events of one type may match. */
interface OfType {
  readonly onText: readonly MetricFilter[];
  /** @default - none is on the event's JSON */
  readonly raw: ((document: unknown, measure: Measure) => void) | undefined;
  /** @default - none is on the transformed event */
  readonly transformed: ((document: unknown, measure: Measure) => void) | undefined;
}

/** @param type undefined where it isn't known: then each filter may match */
function ofTypeAmong(
  filters: readonly MetricFilter[],
  type: string | undefined,
  transformer: Transformer | undefined,
): OfType | undefined {
  const mayHave = ({ isOnTransformed, pattern }: MetricFilter): boolean =>
    type === undefined ||
    (isOnTransformed && transformer !== undefined && !transformer.keepsType) ||
    pattern.equalities.every(({ field, value }) => field !== TYPE || value === type);
  const all = filters.filter(mayHave);
  if (all.length === 0) return undefined;
  const onJson = all.filter(({ pattern }) => pattern.subject === 'document');
  return {
    onText: all.filter(({ pattern }) => pattern.subject === 'text'),
    raw: byField(onJson.filter(({ isOnTransformed }) => !isOnTransformed)),
    transformed: byField(onJson.filter(({ isOnTransformed }) => isOnTransformed)),
  };
}

const TYPE = '$.type';

/** Finds those of the filters that a document may match: by a field of each that has to be equal to something. */
function byField(filters: readonly MetricFilter[]): OfType['raw'] {
  if (filters.length === 0) return undefined;
  const others: MetricFilter[] = [];
  const fields = new Map<string, { readonly get: Selector; readonly byValue: Map<string, MetricFilter[]> }>();
  for (const filter of filters) {
    const { equalities } = filter.pattern;
    const telling = equalities.find(({ field }) => field !== TYPE) ?? equalities[0];
    if (!telling) {
      others.push(filter);
      continue;
    }
    const { byValue } = fields.get(telling.field) ?? { byValue: new Map<string, MetricFilter[]>() };
    byValue.set(telling.value, [...(byValue.get(telling.value) ?? []), filter]);
    fields.set(telling.field, { get: telling.get, byValue });
  }
  const known = [...fields.values()];
  return (document, measure) => {
    for (const filter of others) measure(filter, document);
    for (const { get, byValue } of known) {
      const value = get(document);
      if (!isScalar(value)) continue;
      for (const filter of byValue.get(String(value)) ?? []) measure(filter, document);
    }
  };
}

/** The JSON document in a message; undefined where it is no object. */
function parseObject(message: string): unknown {
  if (!/^\s*\{/.test(message)) return undefined;
  try {
    return JSON.parse(message) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

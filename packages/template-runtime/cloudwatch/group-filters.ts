import type { LogEvent } from './logs';
import type { Measurement, MetricFilter } from './metric-filter';
import type { Transformer } from './transformer';

type OnMeasured = (filter: MetricFilter, measurement: Measurement, event: LogEvent) => void;

/** A filter, and which of the group's needles an event must contain. */
interface Prepared {
  readonly filter: MetricFilter;
  readonly needles: readonly number[];
}

/**
 * All metric filters of a log group as one function of an event. Most events match nothing: where an event's type is known,
 * only the filters of that type are looked at; then it is searched for the texts that a match needs, each once; its JSON is
 * parsed once, and only where a filter still may match and nobody knows it unparsed.
 */
export function createGroupFilters(
  filters: readonly MetricFilter[],
  transformer: Transformer | undefined,
  onMeasured: OnMeasured,
): (event: LogEvent) => void {
  const needles: string[] = [];
  const indexOf = (needle: string): number => {
    const index = needles.indexOf(needle);
    return index >= 0 ? index : needles.push(needle) - 1;
  };
  const prepare = (filter: MetricFilter): Prepared => {
    const isSearchable = !filter.isOnTransformed || !transformer || transformer.keepsTexts;
    return { filter, needles: isSearchable ? filter.pattern.needles.map(indexOf) : [] };
  };
  // Filters on the event as it came go first: the transformer changes the parsed document in place.
  const raw = filters.filter(({ isOnTransformed }) => !isOnTransformed).map(prepare);
  const transformed = filters.filter(({ isOnTransformed }) => isOnTransformed).map(prepare);
  const found = new Int8Array(needles.length); // of the event at hand: 0 not searched, 1 there, -1 not there

  const ofType = new Map<string, readonly [readonly Prepared[], readonly Prepared[]]>();
  const candidates = (type: string): readonly [readonly Prepared[], readonly Prepared[]] => {
    const known = ofType.get(type);
    if (known) return known;
    const mayHave = ({ filter }: Prepared): boolean => {
      if (filter.isOnTransformed && transformer && !transformer.keepsType) return true;
      return filter.pattern.type === undefined || filter.pattern.type === type;
    };
    const both = [raw.filter(mayHave), transformed.filter(mayHave)] as const;
    ofType.set(type, both);
    return both;
  };

  const evaluate = (event: LogEvent, ofRaw: readonly Prepared[], ofTransformed: readonly Prepared[]): void => {
    let text: string | undefined;
    const message = (): string => (text ??= event.message);
    found.fill(0);
    let isEscaped: boolean | undefined;
    const contains = (index: number): boolean => {
      if (found[index] === 0) found[index] = message().includes(needles[index] ?? '') ? 1 : -1;
      return found[index] === 1 || (isEscaped ??= message().includes('\\u'));
    };
    // What is of the type that a filter wants seldom lacks the rest: searching it would take longer than reading it.
    const mayMatch = ({ filter, needles }: Prepared): boolean =>
      (event.type !== undefined && filter.pattern.type === event.type) || needles.every(contains);
    const apply = ({ filter }: Prepared, document: unknown): void => {
      if (!filter.pattern.matches(filter.pattern.subject === 'text' ? message() : document)) return;
      const measurement = filter.measure(document);
      if (measurement) onMeasured(filter, measurement, event);
    };

    let parsed: { readonly document: unknown } | undefined;
    const document = (): unknown => (parsed ??= { document: event.document?.() ?? parseObject(message()) }).document;
    for (const prepared of ofRaw) {
      if (mayMatch(prepared)) apply(prepared, prepared.filter.pattern.subject === 'text' ? undefined : document());
    }
    let result: { readonly document: unknown } | undefined;
    for (const prepared of ofTransformed) {
      if (!mayMatch(prepared)) continue;
      result ??= {
        document: transformer
          ? transformer.transform({ event, logGroup: prepared.filter.logGroup, parsedMessage: document() })
          : document(),
      };
      apply(prepared, result.document);
    }
  };

  return (event) => {
    const [ofRaw, ofTransformed] = event.type === undefined ? [raw, transformed] : candidates(event.type);
    if (ofRaw.length > 0 || ofTransformed.length > 0) evaluate(event, ofRaw, ofTransformed);
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

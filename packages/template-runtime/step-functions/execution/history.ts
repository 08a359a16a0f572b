import { StateError } from '../errors';
import type { Payload } from './payload';

/**
 * The most events that an execution may have; the last one has to end it.
 *
 * AWS has no such limit for Express executions, whose history is only logged. Here their history is kept for inspection,
 * so the same limit bounds memory.
 *
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/bp-history-limit.html
 */
export const MAX_EVENTS = 25_000;

/** What an event says besides its type: strings, numbers and small objects, as the API and the execution log print them. */
export type EventDetails = Readonly<Record<string, unknown>>;

/**
 * One event of an execution's history.
 *
 * Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
 */
export interface HistoryEvent {
  readonly id: number;
  /** The event that led to this one, 0 for none. */
  readonly previousEventId: number;
  readonly type: string;
  /** Milliseconds since the epoch. */
  readonly timestampMs: number;
  readonly details?: EventDetails;
}

/** What stands beside a payload that is there as a whole. */
export const NOT_TRUNCATED = { truncated: false } as const;

export const inputDetails = (payload: Payload): EventDetails => ({ input: payload.text, inputDetails: NOT_TRUNCATED });

export const outputDetails = (payload: Payload): EventDetails => ({
  output: payload.text,
  outputDetails: NOT_TRUNCATED,
});

/** @param variables the new values by name, each printed as JSON */
export const assignedDetails = (variables: Readonly<Record<string, string>>): EventDetails => ({
  assignedVariables: variables,
  assignedVariablesDetails: NOT_TRUNCATED,
});

/** Leaves out what is undefined: a Fail state may have neither. */
export const errorDetails = ({ error, cause }: { error?: string; cause?: string }): EventDetails => ({
  ...(error !== undefined && { error }),
  ...(cause !== undefined && { cause }),
});

/** An event's own size besides its payloads, roughly. */
const BYTES_PER_EVENT = 100;

/**
 * The events of one execution, in the order in which they happened. They are kept in columns, and made when somebody reads
 * them: a garbage collection copies each object, and ten thousand executions are kept.
 */
export class History {
  readonly #types: string[] = [];
  readonly #previousEventIds: number[] = [];
  readonly #timestampsMs: number[] = [];
  readonly #details: (EventDetails | undefined)[] = [];

  /**
   * @param now milliseconds since the epoch
   * @param onEvent hears of each event at once
   */
  constructor(
    private readonly now: () => number,
    private readonly onEvent: (eventId: number, type: string, history: History) => void,
  ) {}

  /** The history of an execution that has ended. */
  static of(events: readonly HistoryEvent[]): History {
    const history = new History(Date.now, () => undefined);
    for (const event of events) history.#push(event.type, event.previousEventId, event.timestampMs, event.details);
    return history;
  }

  get events(): readonly HistoryEvent[] {
    return this.#types.map((_, index) => this.at(index + 1));
  }

  /** @param eventId of an event that there is */
  at(eventId: number): HistoryEvent {
    const details = this.#details[eventId - 1];
    return {
      id: eventId,
      previousEventId: this.#previousEventIds[eventId - 1] as number,
      type: this.#types[eventId - 1] as string,
      timestampMs: this.#timestampsMs[eventId - 1] as number,
      ...(details !== undefined && { details }),
    };
  }

  /** How much memory it takes, roughly: a text that one event takes over from another is held once. */
  get bytes(): number {
    let last: string | undefined;
    let bytes = BYTES_PER_EVENT * this.#types.length;
    for (const details of this.#details) {
      const text = details && textIn(details);
      if (text === undefined || text === last) continue;
      last = text;
      bytes += text.length;
    }
    return bytes;
  }

  /**
   * Adds an event and returns its id.
   *
   * @throws StateError `States.Runtime` when only one more event would fit, which is the execution's own end
   */
  add(type: string, previousEventId: number, details?: EventDetails): number {
    if (this.#types.length >= MAX_EVENTS - 1) throw historyLimitReached();
    return this.#push(type, previousEventId, this.now(), details);
  }

  /** Adds the event that ends the execution. */
  end(type: string, previousEventId: number, details: EventDetails): number {
    return this.#push(type, previousEventId, this.now(), details);
  }

  #push(type: string, previousEventId: number, timestampMs: number, details: EventDetails | undefined): number {
    const eventId = this.#types.push(type);
    this.#previousEventIds.push(previousEventId);
    this.#timestampsMs.push(timestampMs);
    this.#details.push(details);
    this.onEvent(eventId, type, this);
    return eventId;
  }
}

/** The payload of an event, as JSON. */
function textIn({ input, output, parameters }: EventDetails): string | undefined {
  const text = input ?? output ?? parameters;
  return typeof text === 'string' ? text : undefined;
}

const historyLimitReached = (): StateError =>
  new StateError('States.Runtime', `The execution reached the maximum number of history events (${MAX_EVENTS}).`);

/** The API names an event's details after its type; entering and leaving a state share one name for all kinds of states. */
function detailsField(type: string): string {
  if (type.endsWith('StateEntered')) return 'stateEnteredEventDetails';
  if (type.endsWith('StateExited')) return 'stateExitedEventDetails';
  return `${type.charAt(0).toLowerCase()}${type.slice(1)}EventDetails`;
}

/** An event as GetExecutionHistory prints it. */
export function toApiEvent(event: HistoryEvent, includeExecutionData: boolean): Record<string, unknown> {
  return {
    timestamp: event.timestampMs / 1000,
    type: event.type,
    id: event.id,
    previousEventId: event.previousEventId,
    ...(event.details !== undefined && {
      [detailsField(event.type)]: includeExecutionData ? event.details : withoutExecutionData(event.details),
    }),
  };
}

const EXECUTION_DATA = new Set([
  'input',
  'inputDetails',
  'output',
  'outputDetails',
  'parameters',
  'assignedVariables',
  'assignedVariablesDetails',
]);

/** Details as they are where execution data is left out: errors and causes stay (recorded on AWS). */
export function withoutExecutionData(details: EventDetails): EventDetails {
  return Object.fromEntries(Object.entries(details).filter(([name]) => !EXECUTION_DATA.has(name)));
}

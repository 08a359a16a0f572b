import { StateError } from '../errors';
import type { KeptText, TextArchive } from './kept-text';
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

/** From here on a history is long, and stays as it is: its events share texts, which printing would repeat. */
const LONG = { events: 100, text: 2000 };

/** An event's own size besides its payloads, roughly. */
const BYTES_PER_EVENT = 300;

const NO_EVENTS: HistoryEvent[] = [];

/** The events of one execution, in the order in which they happened. */
export class History {
  #live: HistoryEvent[] = [];
  #kept: KeptText | undefined;
  /** The events that were read last, for as long as anybody holds them. */
  #read: WeakRef<readonly HistoryEvent[]> | undefined;

  /**
   * @param now milliseconds since the epoch
   * @param onEvent hears of each event at once
   */
  constructor(
    private readonly now: () => number,
    private readonly onEvent: (event: HistoryEvent, history: History) => void,
  ) {}

  /** The history of an execution that has ended. */
  static of(events: readonly HistoryEvent[]): History {
    const history = new History(Date.now, () => undefined);
    history.#live = [...events];
    return history;
  }

  get events(): readonly HistoryEvent[] {
    if (!this.#kept) return this.#live;
    let events = this.#read?.deref();
    if (!events) {
      events = JSON.parse(this.#kept.read()) as readonly HistoryEvent[];
      this.#read = new WeakRef(events);
    }
    return events;
  }

  /** How much memory it takes, roughly. */
  get bytes(): number {
    return this.#kept?.bytes ?? sharedBytes(this.#live);
  }

  /** Once the execution has ended: puts the events into the archive, from where they are read when somebody asks. */
  keep(archive: TextArchive): void {
    if (this.#live.length >= LONG.events || this.#live.some(isLong)) return;
    this.#kept = archive.keep(JSON.stringify(this.#live));
    this.#live = NO_EVENTS;
  }

  /**
   * Adds an event and returns its id.
   *
   * @throws StateError `States.Runtime` when only one more event would fit, which is the execution's own end
   */
  add(type: string, previousEventId: number, details?: EventDetails): number {
    if (this.#live.length >= MAX_EVENTS - 1) throw historyLimitReached();
    return this.push(type, previousEventId, details);
  }

  /** Adds the event that ends the execution. */
  end(type: string, previousEventId: number, details: EventDetails): number {
    return this.push(type, previousEventId, details);
  }

  private push(type: string, previousEventId: number, details: EventDetails | undefined): number {
    const [id, timestampMs] = [this.#live.length + 1, this.now()];
    const event: HistoryEvent =
      details === undefined
        ? { id, previousEventId, type, timestampMs }
        : { id, previousEventId, type, timestampMs, details };
    this.#live.push(event);
    this.onEvent(event, this);
    return event.id;
  }
}

function isLong({ details }: HistoryEvent): boolean {
  const text = details && textIn(details);
  return text !== undefined && text.length >= LONG.text;
}

/** The payload of an event, as JSON. */
function textIn({ input, output, parameters }: EventDetails): string | undefined {
  const text = input ?? output ?? parameters;
  return typeof text === 'string' ? text : undefined;
}

/** A text that one event takes over from another is held once. */
function sharedBytes(events: readonly HistoryEvent[]): number {
  let last: string | undefined;
  let bytes = 0;
  for (const { details } of events) {
    bytes += BYTES_PER_EVENT;
    const text = details && textIn(details);
    if (text === undefined || text === last) continue;
    last = text;
    bytes += text.length;
  }
  return bytes;
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

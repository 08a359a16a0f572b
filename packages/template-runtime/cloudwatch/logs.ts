/** A log event in CloudWatch's shape. Source: …/AmazonCloudWatchLogs/latest/APIReference/API_FilteredLogEvent.html */
export interface LogEvent {
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly message: string;
  readonly ingestionTime: number;
  /** Unique, and ordered by arrival. */
  readonly id: string;
  readonly logStreamName: string;
}

export type LogListener = (event: LogEvent, group: string) => void;

export interface Logs {
  /** @param timestamp milliseconds since 1970. @default - now */
  put(group: string, stream: string, message: string, timestamp?: number): void;
  /** Calls back for every further event of a group, synchronously; the returned function unsubscribes. */
  subscribe(group: string, listener: LogListener): () => void;
  /**
   * The kept events of a group, the oldest first.
   *
   * @param options.limit only so many, the newest. @default - all
   * @param options.before only those that arrived before the event of this id. @default - all
   */
  events(group: string, options?: { readonly limit?: number; readonly before?: string | undefined }): LogEvent[];
  /** The names of the groups that have events. */
  groups(): string[];
}

export interface LogsOptions {
  /** How many events a group keeps; older ones drop off. @default 10,000 */
  readonly keep?: number;
  /** Milliseconds since 1970. @default - the machine's clock */
  readonly now?: () => number;
}

/** The last events of a group in a ring: `next` is the place of the next one. */
interface Ring {
  readonly events: LogEvent[];
  readonly listeners: Set<LogListener>;
  next: number;
}

/** CloudWatch Logs: keeps the latest events of each group in memory, and passes each event to the listeners. */
export function createLogs({ keep = 10_000, now = Date.now }: LogsOptions = {}): Logs {
  const rings = new Map<string, Ring>();
  let count = 0;
  const ringOf = (group: string): Ring => {
    const known = rings.get(group);
    if (known) return known;
    const ring: Ring = { events: [], listeners: new Set(), next: 0 };
    rings.set(group, ring);
    return ring;
  };
  return {
    put(group, stream, message, timestamp) {
      const ring = ringOf(group);
      const ingestionTime = now();
      count += 1;
      const event: LogEvent = {
        timestamp: timestamp ?? ingestionTime,
        message,
        ingestionTime,
        id: String(count).padStart(20, '0'),
        logStreamName: stream,
      };
      ring.events[ring.next] = event;
      ring.next = (ring.next + 1) % keep;
      for (const listener of ring.listeners) listener(event, group);
    },
    subscribe(group, listener) {
      const { listeners } = ringOf(group);
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    events(group, { limit = keep, before } = {}) {
      const { events = [], next = 0 } = rings.get(group) ?? {};
      const all = events.length < keep ? events : [...events.slice(next), ...events.slice(0, next)];
      const ordered = before === undefined ? all : all.filter(({ id }) => id < before);
      return ordered.slice(Math.max(0, ordered.length - limit));
    },
    groups: () => Array.from(rings.keys()).filter((group) => rings.get(group)?.events.length),
  };
}

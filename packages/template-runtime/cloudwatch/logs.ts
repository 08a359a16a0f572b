/** A log event in CloudWatch's shape. Source: …/AmazonCloudWatchLogs/latest/APIReference/API_FilteredLogEvent.html */
export interface LogEvent {
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly message: string;
  readonly ingestionTime: number;
  /** Unique, and ordered by arrival. */
  readonly id: string;
  readonly logStreamName: string;
  /** The field `type` of a message that is JSON, where that is known without printing it. */
  readonly type?: string | undefined;
  /** A message that is JSON as an object of the caller's own. @returns undefined where only its text is known */
  document?(): unknown;
}

/** Prints messages when they are read: most never are. */
export interface MessageSource {
  /** The message of this number, the same whenever it is asked for. */
  print(number: number): string;
  /** What `JSON.parse` makes of it, anew for each call. @default - the message has to be parsed */
  document?(number: number): unknown;
}

export type LogListener = (event: LogEvent, group: string) => void;

export interface Logs {
  /** @param timestamp milliseconds since 1970. @default - now */
  put(group: string, stream: string, message: string, timestamp?: number): void;
  /**
   * Puts a message that its source prints when somebody reads it.
   *
   * @param type the field `type` of a message that is JSON. @default - not known
   */
  putLater(group: string, stream: string, source: MessageSource, number: number, type?: string): void;
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

/** An event as it is read: its message is printed only then. */
class ReadEvent implements LogEvent {
  readonly #ordinal: number;
  readonly #source: MessageSource | string;
  readonly #number: number;

  constructor(
    readonly timestamp: number,
    readonly ingestionTime: number,
    readonly logStreamName: string,
    ordinal: number,
    source: MessageSource | string,
    number: number,
    readonly type?: string,
  ) {
    this.#ordinal = ordinal;
    this.#source = source;
    this.#number = number;
  }

  get message(): string {
    return typeof this.#source === 'string' ? this.#source : this.#source.print(this.#number);
  }

  document(): unknown {
    return typeof this.#source === 'string' ? undefined : this.#source.document?.(this.#number);
  }

  get id(): string {
    return String(this.#ordinal).padStart(20, '0');
  }

  toJSON(): Omit<LogEvent, 'type' | 'document'> {
    const { timestamp, message, ingestionTime, id, logStreamName } = this;
    return { timestamp, message, ingestionTime, id, logStreamName };
  }
}

/**
 * The last events of a group. Columns instead of an object for each event: a garbage collection would copy those, and there
 * are a dozen for every request.
 */
class Ring {
  readonly listeners = new Set<LogListener>();
  readonly #timestamps: number[] = [];
  readonly #ingestionTimes: number[] = [];
  readonly #streams: string[] = [];
  readonly #ordinals: number[] = [];
  readonly #sources: (MessageSource | string)[] = [];
  readonly #numbers: number[] = [];
  /** The place of the next event. */
  #next = 0;

  constructor(private readonly keep: number) {}

  get size(): number {
    return this.#sources.length;
  }

  put(
    timestamp: number,
    ingestionTime: number,
    stream: string,
    ordinal: number,
    source: MessageSource | string,
    number: number,
  ): void {
    const at = this.#next;
    this.#timestamps[at] = timestamp;
    this.#ingestionTimes[at] = ingestionTime;
    this.#streams[at] = stream;
    this.#ordinals[at] = ordinal;
    this.#sources[at] = source;
    this.#numbers[at] = number;
    this.#next = (at + 1) % this.keep;
  }

  /** The newest events that arrived before an ordinal, the oldest first. */
  read(limit: number, before: number): LogEvent[] {
    const { size } = this;
    const oldest = size < this.keep ? 0 : this.#next;
    let end = size;
    while (end > 0 && (this.#ordinals[(oldest + end - 1) % size] as number) >= before) end -= 1;
    const begin = Math.max(0, end - limit);
    return Array.from({ length: end - begin }, (_, index) => this.#at((oldest + begin + index) % size));
  }

  #at(place: number): LogEvent {
    return new ReadEvent(
      this.#timestamps[place] as number,
      this.#ingestionTimes[place] as number,
      this.#streams[place] as string,
      this.#ordinals[place] as number,
      this.#sources[place] as string,
      this.#numbers[place] as number,
    );
  }
}

/** CloudWatch Logs: keeps the latest events of each group in memory, and passes each event to the listeners. */
export function createLogs({ keep = 10_000, now = Date.now }: LogsOptions = {}): Logs {
  const rings = new Map<string, Ring>();
  let count = 0;
  const ringOf = (group: string): Ring => {
    const known = rings.get(group);
    if (known) return known;
    const ring = new Ring(keep);
    rings.set(group, ring);
    return ring;
  };
  const put = (
    group: string,
    stream: string,
    source: MessageSource | string,
    number: number,
    timestamp?: number,
    type?: string,
  ): void => {
    const ring = ringOf(group);
    const ingestionTime = now();
    count += 1;
    ring.put(timestamp ?? ingestionTime, ingestionTime, stream, count, source, number);
    if (ring.listeners.size === 0) return;
    const event = new ReadEvent(timestamp ?? ingestionTime, ingestionTime, stream, count, source, number, type);
    for (const listener of ring.listeners) listener(event, group);
  };
  return {
    put: (group, stream, message, timestamp) => put(group, stream, message, 0, timestamp),
    putLater: (group, stream, source, number, type) => put(group, stream, source, number, undefined, type),
    subscribe(group, listener) {
      const { listeners } = ringOf(group);
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    events: (group, { limit = keep, before } = {}) =>
      rings.get(group)?.read(limit, before === undefined ? Infinity : Number(before)) ?? [],
    groups: () => Array.from(rings.keys()).filter((group) => rings.get(group)?.size),
  };
}

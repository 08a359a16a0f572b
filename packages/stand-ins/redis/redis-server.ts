import type { Journal } from 'template-runtime/journal';
import { Keyspace } from './keyspace';
import { ScriptEngine } from './lua/script-engine';

const DATABASES = 16;

/**
 * A call that changed data: when it ran, in milliseconds since 1970, in which database, and its words. Every command gives
 * the same result for the same data at the same time, so carrying the calls out again makes the same data.
 */
export type WrittenCall = readonly [at: number, database: number, ...words: string[]];

/** What one request wrote. */
export type WriteRecord = readonly WrittenCall[];

/** What all clients share: data, scripts, the clock and the journal. */
export class RedisServer {
  readonly databases: readonly Keyspace[];
  readonly scripts = new ScriptEngine();
  readonly startedAt: number;
  /** How many clients are connected. */
  clients = 0;
  /** Where writes are kept. @default - nowhere */
  journal: Journal<WriteRecord> | undefined;
  private frozenAt: number | undefined;
  /** Of the request at hand. */
  private written: WrittenCall[] = [];

  /**
   * @param clock the time in milliseconds since 1970
   */
  constructor(private readonly clock: () => number) {
    this.startedAt = clock();
    this.databases = Array.from({ length: DATABASES }, () => new Keyspace(() => this.now()));
  }

  now(): number {
    return this.frozenAt ?? this.clock();
  }

  /** Time stands still in a script, so no key expires in its middle. */
  freezeTime<T>(run: () => T): T {
    return this.atTime(this.now(), run);
  }

  /** Does something at another time. */
  atTime<T>(time: number, run: () => T): T {
    const before = this.frozenAt;
    this.frozenAt = time;
    try {
      return run();
    } finally {
      this.frozenAt = before;
    }
  }

  /**
   * Notes a call for the journal, with the one time at which it runs, if it changes something.
   *
   * @param words the call
   * @param database the number of the database in which it runs
   */
  writing<T>(words: readonly string[], database: number, keys: Keyspace, run: () => T): T {
    if (this.journal === undefined) return run();
    return this.freezeTime(() => {
      const before = keys.revision;
      const result = run();
      if (keys.revision !== before) this.written.push([this.now(), database, ...words]);
      return result;
    });
  }

  /** All that a request wrote is one record: the writes of a script are kept wholly or not at all. */
  endRequest(): void {
    if (this.written.length === 0) return;
    this.journal?.append(this.written);
    this.written = [];
  }

  evictExpired(): void {
    for (const keyspace of this.databases) keyspace.evictExpired();
  }
}

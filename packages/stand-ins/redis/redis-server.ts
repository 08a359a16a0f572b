import type { Journal } from 'template-runtime/journal';
import type { Call, Command } from './commands/command';
import { Keyspace } from './keyspace';
import { ScriptEngine } from './lua/script-engine';
import { endWatch, type Session } from './session';
import type { WriteRecord, WrittenCall } from './write-record';

const DATABASES = 16;

/** The server without its listener: data, scripts and clients. */
export class RedisServer {
  readonly databases: readonly Keyspace[];
  readonly scripts: ScriptEngine;
  readonly sessions = new Set<Session>();
  readonly startedAt: number;
  /** Where writes are kept. @default - nowhere */
  journal: Journal<WriteRecord> | undefined;
  private frozenAt: number | undefined;
  private lastId = 0;
  /** Of the request at hand. */
  private written: WrittenCall[] = [];

  /**
   * @param clock the time in milliseconds since 1970
   * @param commands by name in lower case
   * @param findCall finds the command of a request, or throws a CommandError
   */
  constructor(
    private readonly clock: () => number,
    readonly commands: ReadonlyMap<string, Command>,
    readonly findCall: (words: readonly string[]) => Call,
  ) {
    this.startedAt = clock();
    this.databases = Array.from({ length: DATABASES }, () => new Keyspace(() => this.now()));
    this.scripts = new ScriptEngine();
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

  /** Notes a call for the journal, with the one time at which it runs, if it changes something. */
  writing<T>({ keys, database }: Session, { words }: Call, run: () => T): T {
    if (this.journal === undefined) return run();
    return this.freezeTime(() => {
      const before = keys.revision;
      const result = run();
      if (keys.revision !== before) this.written.push([this.now(), database, ...words]);
      return result;
    });
  }

  /** All that a request wrote is one record: the writes of a transaction or a script are kept wholly or not at all. */
  endRequest(): void {
    if (this.written.length === 0) return;
    this.journal?.append(this.written);
    this.written = [];
  }

  openSession(address: string): Session {
    const session = this.newSession(++this.lastId, address);
    this.sessions.add(session);
    return session;
  }

  /** The session of a script: its SELECT doesn't change the caller's database. */
  scriptSession(caller: Session): Session {
    return { ...this.newSession(caller.id, caller.address), database: caller.database, keys: caller.keys };
  }

  closeSession(session: Session): void {
    endWatch(session);
    this.sessions.delete(session);
  }

  evictExpired(): void {
    for (const keyspace of this.databases) keyspace.evictExpired();
  }

  private newSession(id: number, address: string): Session {
    const [keys] = this.databases;
    if (keys === undefined) throw new Error('there is no database');
    return {
      server: this,
      id,
      address,
      connectedAt: this.now(),
      name: '',
      libraryName: '',
      libraryVersion: '',
      protocol: 2,
      database: 0,
      keys,
      transaction: undefined,
      watch: undefined,
      quitting: false,
    };
  }
}

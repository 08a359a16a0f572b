import type { Call, Command } from './commands/command';
import { Keyspace } from './keyspace';
import { ScriptEngine } from './lua/script-engine';
import { endWatch, type Session } from './session';

const DATABASES = 16;

/** The server without its listener: data, scripts and clients. */
export class RedisServer {
  readonly databases: readonly Keyspace[];
  readonly scripts: ScriptEngine;
  readonly sessions = new Set<Session>();
  readonly startedAt: number;
  private frozenAt: number | undefined;
  private lastId = 0;

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
    this.frozenAt = this.clock();
    try {
      return run();
    } finally {
      this.frozenAt = undefined;
    }
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

import type { Socket } from 'node:net';
import type { Database } from '../database';
import { SqlError, syntaxError } from '../errors';
import { type Prepared, Session } from '../session';
import { DONE, type Result } from '../statements/plan';
import { greeting, type Login, readLogin } from './handshake';
import { PacketSplitter, PacketWriter } from './packets';
import { type BoundStatement, readParameters } from './parameters';
import { STATUS, writeError, writePrepared, writeResult } from './responses';

/** Commands of the protocol (MySQL, "Command Phase"). */
const COMMAND = {
  quit: 1,
  initDatabase: 2,
  query: 3,
  ping: 14,
  prepare: 22,
  execute: 23,
  closeStatement: 25,
  resetStatement: 26,
  resetConnection: 31,
} as const;

interface ClientStatement extends BoundStatement {
  readonly prepared: Prepared;
}

/** What a command is answered with; undefined where it is written already, or there is no answer. */
type Answer = Result | undefined;

/**
 * One client's connection: logs it in and answers its commands, one after the other.
 *
 * The server side of `mysql2` is not used: it guesses the types of a prepared statement's parameters from the bytes of
 * their values, takes a text `SET` for a prepared statement, writes binary rows as strings, and each packet by itself.
 */
export class Connection {
  private session: Session | undefined;
  private login: Login | undefined;
  private readonly statements = new Map<number, ClientStatement>();
  private nextStatementId = 1;
  private isBusy = false;
  private readonly queue: { payload: Buffer; sequence: number }[] = [];

  /** @param keepWrites called before an answer leaves: what it tells of is kept by then */
  constructor(
    private readonly socket: Socket,
    private readonly database: Database,
    private readonly id: number,
    private readonly keepWrites: () => void,
  ) {
    const splitter = new PacketSplitter((payload, sequence) => this.queue.push({ payload, sequence }));
    socket.on('data', (chunk: Buffer) => {
      splitter.push(chunk);
      void this.work();
    });
    socket.on('close', () => {
      this.queue.length = 0;
      this.session?.close();
    });
    socket.write(greeting(id));
  }

  private async work(): Promise<void> {
    if (this.isBusy) return;
    this.isBusy = true;
    for (let next = this.queue.shift(); next !== undefined; next = this.queue.shift()) {
      const { payload, sequence } = next;
      const writer = new PacketWriter(sequence + 1);
      try {
        const answer = this.handle(payload, writer);
        const result = answer instanceof Promise ? await answer : answer; // most are there at once, and leave in this turn
        if (result !== undefined) writeResult(writer, this.status, result, payload[0] === COMMAND.execute);
      } catch (error) {
        writeError(writer.clear(), toSqlError(error));
      }
      this.keepWrites();
      const bytes = writer.finish();
      if (bytes.length > 0 && this.socket.writable) this.socket.write(bytes);
      if (this.session === undefined) this.socket.end(); // refused
    }
    this.isBusy = false;
  }

  /** @returns a promise where the answer has to wait */
  private handle(payload: Buffer, writer: PacketWriter): Answer | Promise<Answer> {
    if (this.session === undefined) return this.logIn(payload);
    const { session, statements } = this;
    const body = payload.subarray(1);
    switch (payload[0]) {
      case COMMAND.quit:
        this.socket.end();
        return undefined;
      case COMMAND.initDatabase:
        session.use(body.toString());
        return DONE;
      case COMMAND.query: {
        const prepared = session.prepare(body.toString());
        if (prepared.parameterCount > 0) throw syntaxError('?');
        return session.execute(prepared, []);
      }
      case COMMAND.ping:
        return DONE;
      case COMMAND.prepare: {
        const prepared = session.prepare(body.toString());
        const { parameterCount, plan } = prepared;
        const id = this.nextStatementId++;
        statements.set(id, { prepared, parameterCount, types: undefined });
        writePrepared(writer, this.status, id, parameterCount, plan.columns ?? []);
        return undefined;
      }
      case COMMAND.execute: {
        const statement = this.statement(body);
        return session.execute(statement.prepared, readParameters(body.subarray(4), statement));
      }
      case COMMAND.closeStatement:
        statements.delete(body.readUInt32LE(0)); // has no answer
        return undefined;
      case COMMAND.resetStatement:
        this.statement(body);
        return DONE;
      case COMMAND.resetConnection:
        return this.restart(session.state.database);
      default:
        throw new SqlError(1047, `The embedded TiDB doesn't support command ${payload[0]} of the protocol`);
    }
  }

  /** `root` may enter, also with TiDB Cloud's prefix, and with any password: there is nothing to protect. @throws SqlError 1045 */
  private logIn(payload: Buffer): Answer {
    this.login = readLogin(payload);
    const { user, database } = this.login;
    if (/^(.*\.)?root$/.test(user)) return this.restart(database);
    throw new SqlError(1045, `Access denied for user '${user}'@'127.0.0.1' (the embedded TiDB knows only root)`);
  }

  /** A new session in the place of the old one. @throws SqlError 1049 */
  private restart(database: string | undefined): Answer {
    this.session?.close();
    this.statements.clear();
    const session = new Session(this.database, this.id, this.login);
    if (database !== undefined) session.use(database);
    this.session = session;
    return DONE;
  }

  private get status(): number {
    const { autocommit = true, inTransaction = false } = this.session ?? {};
    return (inTransaction ? STATUS.inTransaction : 0) | (autocommit ? STATUS.autocommit : 0);
  }

  /** @throws SqlError 1243 */
  private statement(body: Buffer): ClientStatement {
    const id = body.readUInt32LE(0);
    const statement = this.statements.get(id);
    if (statement !== undefined) return statement;
    throw new SqlError(1243, `Unknown prepared statement handler (${id}) given to EXECUTE`);
  }
}

function toSqlError(error: unknown): SqlError {
  if (error instanceof SqlError) return error;
  return new SqlError(1105, `The embedded TiDB failed: ${error instanceof Error ? error.message : String(error)}`);
}

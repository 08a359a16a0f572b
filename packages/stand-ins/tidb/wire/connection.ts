import type { Socket } from 'node:net';
import type { Database } from '../database';
import { SqlError, syntaxError } from '../errors';
import { type Prepared, Session } from '../session';
import { DONE, type Result } from '../statements/plan';
import { collationNumbered } from './collations';
import { greeting, type Login, readLogin } from './handshake';
import { PacketSplitter, PacketWriter } from './packets';
import { type BoundStatement, readParameters } from './parameters';
import { type Status, writeError, writeOk, writePrepared, writeRows } from './responses';

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
      this.work();
    });
    socket.on('close', () => {
      this.queue.length = 0;
      this.session?.close();
    });
    socket.write(greeting(id));
  }

  private work(): void {
    while (!this.isBusy) {
      const next = this.queue.shift();
      if (next === undefined) return;
      const writer = new PacketWriter(next.sequence + 1);
      try {
        const later = this.handle(next.payload, writer);
        if (later !== undefined) {
          this.isBusy = true;
          void this.finishLater(later, writer);
          return;
        }
      } catch (error) {
        fail(writer, error);
      }
      this.send(writer);
    }
  }

  private async finishLater(later: Promise<void>, writer: PacketWriter): Promise<void> {
    await later.catch((error: unknown) => fail(writer, error));
    this.send(writer);
    this.isBusy = false;
    this.work();
  }

  private send(writer: PacketWriter): void {
    const answer = writer.finish();
    this.keepWrites();
    if (answer.length > 0 && this.socket.writable) this.socket.write(answer);
    if (this.session === undefined) this.socket.end(); // refused
  }

  /** @returns a promise where the answer has to wait */
  private handle(payload: Buffer, writer: PacketWriter): Promise<void> | undefined {
    if (this.session === undefined) return this.logIn(payload, writer);
    const { session, statements } = this;
    const body = payload.subarray(1);
    switch (payload[0]) {
      case COMMAND.quit:
        this.socket.end();
        return undefined;
      case COMMAND.initDatabase:
        session.use(body.toString());
        return this.write(DONE, writer);
      case COMMAND.query: {
        const prepared = session.prepare(body.toString());
        if (prepared.parameterCount > 0) throw syntaxError('?');
        return this.answer(session.execute(prepared, []), writer, 'text');
      }
      case COMMAND.ping:
        return this.write(DONE, writer);
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
        const parameters = readParameters(body.subarray(4), statement);
        return this.answer(session.execute(statement.prepared, parameters), writer, 'binary');
      }
      case COMMAND.closeStatement:
        statements.delete(body.readUInt32LE(0)); // has no answer
        return undefined;
      case COMMAND.resetStatement:
        this.statement(body);
        return this.write(DONE, writer);
      case COMMAND.resetConnection:
        this.restart(session.state.database);
        return this.write(DONE, writer);
      default:
        throw new SqlError(1047, `The embedded TiDB doesn't support command ${payload[0]} of the protocol`);
    }
  }

  /** `root` may enter, also with TiDB Cloud's prefix, and with any password: there is nothing to protect. @throws SqlError 1045 */
  private logIn(payload: Buffer, writer: PacketWriter): undefined {
    this.login = readLogin(payload);
    const { user, database } = this.login;
    if (!/^(.*\.)?root$/.test(user)) {
      throw new SqlError(1045, `Access denied for user '${user}'@'127.0.0.1' (the embedded TiDB knows only root)`);
    }
    this.restart(database);
    return this.write(DONE, writer);
  }

  /** A new session in the place of the old one. @throws SqlError 1049 */
  private restart(database: string | undefined): void {
    const { id, login } = this;
    this.session?.close();
    this.statements.clear();
    const collation = collationNumbered(login?.collationId ?? 0);
    const options = { connectionId: id, collation, foundRows: login?.foundRows ?? false };
    const session = new Session(this.database, options);
    if (database !== undefined) session.use(database);
    this.session = session;
  }

  private get status(): Status {
    return {
      autocommit: this.session?.autocommit ?? true,
      inTransaction: this.session?.inTransaction ?? false,
    };
  }

  /** @throws SqlError 1243 */
  private statement(body: Buffer): ClientStatement {
    const id = body.readUInt32LE(0);
    const statement = this.statements.get(id);
    if (statement !== undefined) return statement;
    throw new SqlError(1243, `Unknown prepared statement handler (${id}) given to EXECUTE`);
  }

  private answer(
    result: Result | Promise<Result>,
    writer: PacketWriter,
    format: 'text' | 'binary',
  ): Promise<void> | undefined {
    if (!(result instanceof Promise)) return this.write(result, writer, format);
    return result.then((value) => this.write(value, writer, format));
  }

  private write(result: Result, writer: PacketWriter, format: 'text' | 'binary' = 'text'): undefined {
    if (result.kind === 'done') writeOk(writer, this.status, result);
    else writeRows(writer, this.status, result, format);
  }
}

function fail(writer: PacketWriter, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  writeError(
    writer.clear(),
    error instanceof SqlError ? error : new SqlError(1105, `The embedded TiDB failed: ${message}`),
  );
}

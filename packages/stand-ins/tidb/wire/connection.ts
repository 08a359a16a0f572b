import type { Socket } from 'node:net';
import { SqlError, syntaxError } from '../sql-error';
import { Session, type Prepared } from '../session';
import type { Catalog } from '../storage/catalog';
import type { Result } from '../statements/plan';
import { collationNumbered } from '../values/collation';
import { greeting, readChangeUser, readLogin, type Login } from './handshake';
import { PacketSplitter, PacketWriter } from './packets';
import { readParameters, type BoundStatement } from './parameters';
import { writeError, writeOk, writePrepared, writeRows, type Status } from './responses';

/** Commands of the protocol (MySQL, "Command Phase"). */
const COMMAND = {
  quit: 1,
  initDatabase: 2,
  query: 3,
  ping: 14,
  changeUser: 17,
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

  constructor(
    private readonly socket: Socket,
    private readonly catalog: Catalog,
    private readonly id: number,
    private readonly keepWrites: () => void,
  ) {
    const splitter = new PacketSplitter((payload, sequence) => {
      this.queue.push({ payload, sequence });
    });
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => {
      splitter.push(chunk);
      this.work();
    });
    socket.on('error', () => socket.destroy()); // 'close' follows and cleans up
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
        this.fail(writer, error);
      }
      this.send(writer);
    }
  }

  private async finishLater(later: Promise<void>, writer: PacketWriter): Promise<void> {
    try {
      await later;
    } catch (error) {
      this.fail(writer, error);
    }
    this.send(writer);
    this.isBusy = false;
    this.work();
  }

  private send(writer: PacketWriter): void {
    const answer = writer.finish();
    this.keepWrites(); // before anybody learns of them
    if (answer.length > 0 && this.socket.writable) this.socket.write(answer);
  }

  private fail(writer: PacketWriter, error: unknown): void {
    if (error instanceof SqlError) {
      writeError(writer, error);
    } else {
      const message = error instanceof Error ? error.message : String(error);
      writeError(writer, new SqlError(1105, `The embedded TiDB failed: ${message}`));
    }
  }

  /** @returns a promise where the answer has to wait */
  private handle(payload: Buffer, writer: PacketWriter): Promise<void> | undefined {
    const { session } = this;
    if (session === undefined) {
      this.logIn(payload, writer);
      return undefined;
    }
    const body = payload.subarray(1);
    switch (payload[0]) {
      case COMMAND.quit:
        this.socket.end();
        return undefined;
      case COMMAND.initDatabase:
        session.use(body.toString());
        this.ok(writer);
        return undefined;
      case COMMAND.query: {
        const prepared = session.prepare(body.toString());
        if (prepared.text.parameterCount > 0) throw syntaxError("near '?'");
        return this.answer(session.execute(prepared, []), prepared, writer, 'text');
      }
      case COMMAND.ping:
        this.ok(writer);
        return undefined;
      case COMMAND.prepare:
        this.prepare(session, body.toString(), writer);
        return undefined;
      case COMMAND.execute: {
        const statement = this.statement(body.readUInt32LE(0));
        const parameters = readParameters(body.subarray(4), statement);
        return this.answer(session.execute(statement.prepared, parameters), statement.prepared, writer, 'binary');
      }
      case COMMAND.closeStatement:
        this.statements.delete(body.readUInt32LE(0)); // has no answer
        return undefined;
      case COMMAND.resetStatement:
        this.statement(body.readUInt32LE(0));
        this.ok(writer);
        return undefined;
      case COMMAND.resetConnection:
        this.restart(this.login, session.state.database);
        this.ok(writer);
        return undefined;
      case COMMAND.changeUser: {
        const change = readChangeUser(body);
        const login = { ...change, foundRows: this.login?.foundRows ?? false };
        checkUser(login.user);
        this.restart(login, login.database);
        this.ok(writer);
        return undefined;
      }
      default:
        throw new SqlError(1047, `The embedded TiDB doesn't support command ${payload[0]} of the protocol`);
    }
  }

  private logIn(payload: Buffer, writer: PacketWriter): void {
    try {
      const login = readLogin(payload);
      checkUser(login.user);
      this.restart(login, login.database);
      this.ok(writer);
    } catch (error) {
      this.session?.close();
      this.session = undefined;
      this.fail(writer, error);
      this.socket.end(writer.finish());
    }
  }

  /** A new session in the place of the old one. */
  private restart(login: Login | undefined, database: string | undefined): void {
    this.session?.close();
    this.statements.clear();
    this.login = login;
    this.session = new Session(this.catalog, {
      connectionId: this.id,
      user: login?.user ?? '',
      collation: collationNumbered(login?.collationId ?? 0),
      foundRows: login?.foundRows ?? false,
    });
    if (database !== undefined) this.session.use(database);
  }

  private get status(): Status {
    return {
      autocommit: this.session?.variables.autocommit ?? true,
      inTransaction: this.session?.inTransaction ?? false,
    };
  }

  private ok(writer: PacketWriter): void {
    writeOk(writer, this.status, { kind: 'done', affectedRows: 0 });
  }

  private statement(id: number): ClientStatement {
    const statement = this.statements.get(id);
    if (statement === undefined)
      throw new SqlError(1243, `Unknown prepared statement handler (${id}) given to EXECUTE`);
    return statement;
  }

  private prepare(session: Session, sql: string, writer: PacketWriter): void {
    const prepared = session.prepare(sql);
    const { parameterCount, itemTexts } = prepared.text;
    const id = this.nextStatementId++;
    this.statements.set(id, { prepared, parameterCount, types: undefined });
    writePrepared(writer, this.status, id, parameterCount, prepared.plan?.columns ?? [], itemTexts);
  }

  private answer(
    result: Result | Promise<Result>,
    { text }: Prepared,
    writer: PacketWriter,
    format: 'text' | 'binary',
  ): Promise<void> | undefined {
    if (result instanceof Promise) {
      return result.then((value) => this.write(value, text.itemTexts, writer, format));
    }
    this.write(result, text.itemTexts, writer, format);
    return undefined;
  }

  private write(result: Result, itemTexts: readonly string[], writer: PacketWriter, format: 'text' | 'binary'): void {
    if (result.kind === 'done') writeOk(writer, this.status, result);
    else writeRows(writer, this.status, result, itemTexts, format);
  }
}

/** `root` may enter, also with TiDB Cloud's prefix, and with any password: there is nothing to protect. @throws SqlError 1045 */
function checkUser(user: string): void {
  if (user !== 'root' && !user.endsWith('.root')) {
    throw new SqlError(1045, `Access denied for user '${user}'@'127.0.0.1' (the embedded TiDB knows only root)`);
  }
}

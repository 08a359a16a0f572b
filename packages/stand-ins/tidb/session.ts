import { INFORMATION_SCHEMA } from './catalog';
import { BINARY } from './column';
import type { Database } from './database';
import { SqlError } from './errors';
import { Cursor } from './sql/cursor';
import type { SessionState } from './sql/expression';
import { type Token, tokenize } from './sql/lexer';
import { CONTROL, planControl } from './statements/control';
import { planDefinition } from './statements/define';
import type { Context, Plan, Result } from './statements/plan';
import { planSelect } from './statements/select';
import { planShow } from './statements/show';
import { planDelete, planInsert, planUpdate } from './statements/write';
import type { Value } from './value';

/** A statement that is ready to be run any number of times. */
export interface Prepared {
  readonly sql: string;
  readonly tokens: readonly Token[];
  readonly parameterCount: number;
  /** The first word in upper case; empty for an empty statement. */
  readonly verb: string;
  /** In use when it was prepared: where tables without a database are looked for. */
  readonly database: string | undefined;
  /** For `version` of the schema. */
  plan: Plan;
  version: number;
}

/** What a client has logged in with. */
export interface SessionOptions {
  readonly collation: string;
  readonly foundRows: boolean;
}

/** Statements that read or write tables. */
const PLANNERS = new Map<string, (cursor: Cursor, context: Context) => Plan>([
  ['SELECT', planSelect],
  ['SHOW', planShow],
  ['INSERT', planInsert],
  ['UPDATE', planUpdate],
  ['DELETE', planDelete],
]);
const DEFINITIONS = new Set(['ALTER', 'CREATE', 'DROP', 'TRUNCATE']);

/** One connection's view of the server: its database, settings and transaction. */
export class Session {
  readonly state: SessionState;
  /** Whether statements commit by themselves. */
  autocommit = true;
  /** How long a statement waits for another's transaction. */
  lockWaitMs = 50_000;
  /** Whether a transaction has begun, and whether it has the turn, which it takes with its first statement. */
  inTransaction = false;
  private hasTurn = false;
  private readonly cancelled = new AbortController();

  constructor(
    readonly database: Database,
    connectionId = 0,
    private readonly options: SessionOptions = { collation: BINARY, foundRows: false },
  ) {
    const { collation } = options;
    const counts = { lastInsertId: 0n, statementInsertId: 0n, rowCount: 0 };
    this.state = { connectionId, collation, database: undefined, ...counts };
  }

  /** @throws SqlError 1049 */
  use(name: string): void {
    const isInformation = name.toLowerCase() === INFORMATION_SCHEMA;
    this.state.database = isInformation ? INFORMATION_SCHEMA : this.database.catalog.schema(name).name;
  }

  /** @throws SqlError for what can't be read, names what isn't there, or isn't carried out here */
  prepare(sql: string): Prepared {
    const tokens = tokenize(sql);
    const parameterCount = tokens.filter(({ kind }) => kind === 'parameter').length;
    const verb = tokens[0]?.kind === 'word' ? tokens[0].text : '';
    const { version } = this.database.catalog;
    const statement = { sql, tokens, parameterCount, verb, database: this.state.database, version };
    return Object.assign(statement, { plan: this.plan(statement) });
  }

  /**
   * @param parameters the values of its `?`
   * @returns a promise only where another's transaction has to be waited for
   * @throws SqlError, also by the promise
   */
  execute(prepared: Prepared, parameters: readonly Value[]): Result | Promise<Result> {
    const { state, database } = this;
    if (parameters.length !== prepared.parameterCount) throw new SqlError(1210, 'Incorrect arguments to EXECUTE');
    if (state.statementInsertId > 0n) state.lastInsertId = state.statementInsertId;
    state.statementInsertId = 0n;
    if (DEFINITIONS.has(prepared.verb)) this.commit();
    const isFree = CONTROL.has(prepared.verb) || database.turn.isFreeFor(this);
    return isFree ? this.attempt(prepared, parameters) : this.attemptLater(prepared, parameters);
  }

  private async attemptLater(prepared: Prepared, parameters: readonly Value[]): Promise<Result> {
    const { turn } = this.database;
    const deadline = performance.now() + this.lockWaitMs;
    while (!turn.isFreeFor(this)) {
      await turn.freed(Math.max(0, Math.ceil(deadline - performance.now())), this.cancelled.signal);
    }
    return this.attempt(prepared, parameters);
  }

  private plan({ sql, tokens, verb, database: current }: Omit<Prepared, 'plan'>): Plan {
    if (tokens.length === 0) throw new SqlError(1065, 'Query was empty');
    const cursor = new Cursor(sql, tokens);
    const context = { database: this.database, current };
    if (DEFINITIONS.has(verb)) return planDefinition(cursor, context);
    const planner = PLANNERS.get(verb);
    if (planner === undefined && !CONTROL.has(verb)) throw cursor.refusal();
    cursor.position = 1;
    return planner?.(cursor, context) ?? planControl(verb, cursor, this);
  }

  /** Carries the statement out once, wholly or not at all. @throws SqlError */
  private attempt(prepared: Prepared, parameters: readonly Value[]): Result {
    const { database, state, options } = this;
    const { version } = database.catalog;
    const mark = database.mark();
    state.rowCount = -1;
    try {
      if (prepared.version !== version) Object.assign(prepared, { plan: this.plan(prepared), version });
      const usesTables = PLANNERS.has(prepared.verb);
      if (usesTables) this.takeTurn();
      const run = { session: state, parameters, foundRows: options.foundRows, row: [], proposed: [] };
      const result = prepared.plan.run(run);
      if (usesTables && !this.hasTurn) database.commit();
      if (result.kind === 'rows') return result;
      state.rowCount = result.affectedRows;
      const { kind, affectedRows, message } = result;
      return { kind, affectedRows, insertId: state.statementInsertId, ...(message !== undefined && { message }) };
    } catch (error) {
      database.undo(mark);
      throw error;
    }
  }

  private takeTurn(): void {
    this.inTransaction ||= !this.autocommit;
    if (!this.inTransaction || this.hasTurn) return;
    this.database.turn.holder = this;
    this.hasTurn = true;
  }

  setAutocommit(autocommit: boolean): void {
    this.autocommit = autocommit;
    if (autocommit) this.commit();
  }

  begin(): void {
    this.commit();
    this.inTransaction = true;
  }

  commit(): void {
    if (this.hasTurn) this.database.commit();
    this.endTransaction();
  }

  rollback(): void {
    if (this.hasTurn) this.database.undo();
    this.endTransaction();
  }

  private endTransaction(): void {
    this.inTransaction = this.hasTurn = false;
    this.database.turn.release(this);
  }

  /** Gives up what waits, and rolls back: the client is gone. */
  close(): void {
    this.cancelled.abort();
    this.rollback();
  }
}

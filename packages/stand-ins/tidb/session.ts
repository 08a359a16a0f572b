import { SqlError, syntaxError, unsupported } from './sql-error';
import { type SessionState } from './session-state';
import { readStatement, type StatementText } from './sql/statement-text';
import type { Catalog } from './storage/catalog';
import type { Definition } from './storage/table';
import { LockConflict, wakeNext, type Transaction } from './storage/transaction';
import { DONE, type Plan, type Result, type Run } from './statements/plan';
import { planStatement } from './statements/planner';
import { set } from './statements/settings';
import { show } from './statements/show';
import { SessionVariables } from './system-variables';
import type { Collation } from './values/collation';
import type { Value } from './values/value';

/** A statement that is ready to be run any number of times. */
export interface Prepared {
  readonly sql: string;
  readonly text: StatementText;
  /** In use when it was prepared: where tables without a database are looked for. */
  readonly database: string | undefined;
  /** For `version` of the schema; undefined for statements that are not planned. */
  plan: Plan | undefined;
  version: number;
}

export interface SessionOptions {
  readonly connectionId: number;
  readonly user: string;
  readonly collation: Collation;
  readonly foundRows: boolean;
}

const PLANNED = new Set(['SELECT', 'INSERT', 'REPLACE', 'UPDATE', 'DELETE', 'CREATE', 'DROP', 'TRUNCATE']);
const CONTROL = new Set(
  ',SET,SHOW,DESC,DESCRIBE,USE,START,BEGIN,COMMIT,ROLLBACK,SAVEPOINT,RELEASE'.split(','), // '' for an empty statement
);
/** Statements of TiDB's that the stand-in knows by name only. */
const REFUSED = new Set(
  'ADMIN,ALTER,ANALYZE,BATCH,CALL,DEALLOCATE,DO,EXECUTE,EXPLAIN,FLUSH,GRANT,IMPORT,KILL,LOAD,LOCK,PREPARE,RENAME,REVOKE,SPLIT,TABLE,TRACE,UNLOCK,WITH'.split(
    ',',
  ),
);
const IMPLICIT_COMMIT = new Set(['CREATE', 'DROP', 'TRUNCATE']);

/** One connection's view of the server: its database, variables and transaction. */
export class Session {
  readonly state: SessionState;
  readonly variables = new SessionVariables();
  /** Set by FOR UPDATE NOWAIT for the statement at hand. */
  failInsteadOfWaiting = false;
  private transaction: Transaction | undefined;
  private readonly savepoints = new Map<string, number>();
  private readonly cancelled = new AbortController();

  constructor(
    readonly catalog: Catalog,
    options: SessionOptions,
  ) {
    this.state = {
      ...options,
      database: undefined,
      lastInsertId: 0n,
      statementInsertId: 0n,
      rowCount: 0n,
      userVariables: new Map(),
      systemVariables: this.variables,
    };
    this.variables.set('collation_connection', options.collation.name);
  }

  get inTransaction(): boolean {
    return this.transaction !== undefined;
  }

  /** @throws SqlError 1049 */
  use(database: string): void {
    const isInformation = database.toLowerCase() === 'information_schema';
    this.state.database = isInformation ? 'information_schema' : this.catalog.database(database).name;
  }

  /** @throws SqlError for what can't be read or names what isn't there */
  prepare(sql: string): Prepared {
    const text = readStatement(sql);
    const { database } = this.state;
    if (!PLANNED.has(text.verb)) refuseUnknown(text.verb, sql);
    const plan = PLANNED.has(text.verb) ? planStatement(text.shape, this.catalog, database) : undefined;
    return { sql, text, database, plan, version: this.catalog.version };
  }

  /**
   * @param parameters the values of its `?`
   * @returns a promise only where a lock has to be waited for
   * @throws SqlError, also by the promise
   */
  execute(prepared: Prepared, parameters: readonly Value[]): Result | Promise<Result> {
    const { text } = prepared;
    if (parameters.length !== text.parameterCount) throw new SqlError(1210, 'Incorrect arguments to EXECUTE');
    if (this.state.statementInsertId > 0n) this.state.lastInsertId = this.state.statementInsertId;
    this.state.statementInsertId = 0n;
    if (!PLANNED.has(text.verb)) return this.finish(this.control(prepared, parameters));
    if (IMPLICIT_COMMIT.has(text.verb)) return this.define(prepared, parameters);
    if (this.transaction === undefined && !this.variables.autocommit) this.begin();
    const values = valuesOf(text, parameters);
    this.failInsteadOfWaiting = false;
    try {
      return this.finish(this.attempt(prepared, values));
    } catch (error) {
      if (!(error instanceof LockConflict)) throw this.afterError(error);
      return this.retry(error, prepared, values);
    }
  }

  /** Changes a schema. A statement that fails may have done a part, as DROP TABLE does, so it is told of too. */
  private define(prepared: Prepared, parameters: readonly Value[]): Result {
    this.commit();
    const definition: Definition = { sql: prepared.sql, database: this.state.database, parameters };
    try {
      return this.finish(this.attempt(prepared, valuesOf(prepared.text, parameters), definition));
    } catch (error) {
      throw this.afterError(error);
    } finally {
      this.catalog.onDefinition?.(definition);
    }
  }

  /** The statement's plan for the schema as it is now. */
  private planOf(prepared: Prepared): Plan {
    const isCurrent = prepared.version === this.catalog.version && !isInformation(prepared);
    if (prepared.plan !== undefined && isCurrent) return prepared.plan;
    prepared.plan = planStatement(prepared.text.shape, this.catalog, prepared.database);
    prepared.version = this.catalog.version;
    return prepared.plan;
  }

  /** Carries the statement out once, wholly or not at all. @throws LockConflict, SqlError */
  private attempt(prepared: Prepared, values: readonly Value[], definition?: Definition): Result {
    const plan = this.planOf(prepared);
    const transaction = this.transaction ?? this.catalog.log.begin(false);
    const mark = transaction.mark();
    this.state.statementInsertId = 0n; // an attempt before may have set it
    const run: Run = { session: this, transaction, values, definition };
    try {
      const result = plan.run(run);
      if (transaction !== this.transaction) transaction.commit();
      return result;
    } catch (error) {
      if (transaction === this.transaction) transaction.undoTo(mark);
      else transaction.rollback();
      throw error;
    }
  }

  /** Waits for the lock and tries again, as TiDB does, until the statement goes through or its time is over. */
  private async retry(first: LockConflict, prepared: Prepared, values: readonly Value[]): Promise<Result> {
    const deadline = performance.now() + this.variables.lockWaitMs;
    let conflict = first;
    for (;;) {
      const { slot } = conflict;
      if (this.failInsteadOfWaiting) {
        throw new SqlError(
          3572,
          'Statement aborted because lock(s) could not be acquired immediately and NOWAIT is set.',
        );
      }
      const waiter = this.transaction ?? this.catalog.log.begin(false);
      try {
        await waiter.waitFor(slot, Math.max(0, deadline - performance.now()), this.cancelled.signal);
        return this.finish(this.attempt(prepared, values));
      } catch (error) {
        if (!(error instanceof LockConflict)) throw this.afterError(error);
        conflict = error;
      } finally {
        wakeNext(slot); // if this statement didn't take the lock after all, the next in the queue may
      }
    }
  }

  /** A deadlock ends the transaction, other errors only the statement. */
  private afterError(error: unknown): unknown {
    this.state.rowCount = -1n;
    if (error instanceof SqlError && error.code === 1213) this.rollback();
    return error;
  }

  private finish(result: Result): Result {
    if (result.kind === 'rows') {
      this.state.rowCount = -1n;
      return result;
    }
    this.state.rowCount = BigInt(result.affectedRows);
    if (this.state.statementInsertId === 0n && result.insertId !== undefined)
      this.state.statementInsertId = result.insertId;
    return { ...result, insertId: this.state.statementInsertId };
  }

  /** Statements about the session itself. */
  private control({ sql, text }: Prepared, parameters: readonly Value[]): Result {
    const { tokens, verb } = text;
    const words = tokens.map((token) => token.text).join(' ');
    switch (verb) {
      case '':
        throw new SqlError(1065, 'Query was empty');
      case 'SET':
        return set(sql, tokens, this, parameters);
      case 'SHOW':
      case 'DESC':
      case 'DESCRIBE':
        return show(sql, tokens, this);
      case 'USE': {
        const name = tokens[1];
        if (name === undefined || tokens.length > 2) throw syntaxError("near 'USE'");
        this.use(name.kind === 'quoted' ? name.text : sql.slice(name.start, name.end));
        return DONE;
      }
      case 'START':
      case 'BEGIN':
        if (!/^(START TRANSACTION( WITH CONSISTENT SNAPSHOT| READ WRITE)?|BEGIN( WORK| PESSIMISTIC)?)$/.test(words)) {
          throw unsupported(words);
        }
        this.commit();
        this.begin();
        return DONE;
      case 'COMMIT':
      case 'ROLLBACK':
      case 'SAVEPOINT':
      case 'RELEASE':
        return this.endOrMark(verb, words, tokens.at(-1)?.text ?? '');
      default:
        throw syntaxError(`near '${sql.slice(0, 80)}'`);
    }
  }

  private endOrMark(verb: string, words: string, name: string): Result {
    if (/^COMMIT( WORK)?$/.test(words)) {
      this.commit();
    } else if (/^ROLLBACK( WORK)?$/.test(words)) {
      this.rollback();
    } else if (/^SAVEPOINT \S+$/.test(words)) {
      if (this.transaction !== undefined) this.savepoints.set(name.toLowerCase(), this.transaction.mark());
    } else if (/^(ROLLBACK( WORK)? TO( SAVEPOINT)?|RELEASE SAVEPOINT) \S+$/.test(words)) {
      const mark = this.savepoints.get(name.toLowerCase());
      if (mark === undefined) throw new SqlError(1305, `SAVEPOINT ${name} does not exist`);
      if (verb === 'RELEASE') this.savepoints.delete(name.toLowerCase());
      else this.transaction?.undoTo(mark);
    } else {
      throw unsupported(words);
    }
    return DONE;
  }

  /** The value of an expression without a table. */
  evaluate(expression: string, parameters: readonly Value[]): Value {
    const prepared = this.prepare(`SELECT ${expression}`);
    const values = valuesOf(prepared.text, parameters);
    const insertId = this.state.statementInsertId;
    const result = this.attempt(prepared, values);
    this.state.statementInsertId = insertId;
    return result.kind === 'rows' ? (result.rows[0]?.[0] ?? null) : null;
  }

  private begin(): void {
    this.transaction = this.catalog.log.begin(!this.variables.readsCommitted);
  }

  commit(): void {
    this.savepoints.clear();
    const { transaction } = this;
    this.transaction = undefined;
    transaction?.commit();
  }

  rollback(): void {
    this.savepoints.clear();
    const { transaction } = this;
    this.transaction = undefined;
    transaction?.rollback();
  }

  /** Gives up what waits, and rolls back: the client is gone. */
  close(): void {
    this.cancelled.abort();
    this.rollback();
  }
}

/** The values of a statement by slot. */
function valuesOf({ slots }: StatementText, parameters: readonly Value[]): readonly Value[] {
  return slots.map((slot) => (slot.kind === 'literal' ? slot.value : (parameters[slot.position] ?? null)));
}

/** Tables of information_schema are filled when the statement is planned. */
function isInformation({ text, database }: Prepared): boolean {
  return database === 'information_schema' || /information_schema/i.test(text.shape);
}

/** @throws SqlError 1235 for a statement of TiDB's that isn't carried out here, 1064 for what is none */
function refuseUnknown(verb: string, sql: string): void {
  if (CONTROL.has(verb)) return;
  throw REFUSED.has(verb) ? unsupported(verb) : syntaxError(`near '${sql.slice(0, 80)}'`);
}

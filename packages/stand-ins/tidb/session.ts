import { INFORMATION_SCHEMA } from './catalog';
import type { Database } from './database';
import { Settings } from './settings';
import type { Collation } from './sql/collation';
import { SqlError, syntaxError, unsupported } from './sql/errors';
import { type LibraryNode, parse } from './sql/parser';
import { readStatement, type StatementText } from './sql/statement-text';
import type { Surroundings } from './sql/translation';
import { define } from './statements/define';
import type { Plan, Result } from './statements/plan';
import { planSelect } from './statements/select';
import { planDelete, planInsert, planUpdate } from './statements/write';
import { typeOfValue, type Value } from './value';

/** A statement that is ready to be run any number of times. */
export interface Prepared {
  readonly sql: string;
  readonly text: StatementText;
  /** In use when it was prepared: where tables without a database are looked for. */
  readonly database: string | undefined;
  /** By the types of the values, for `version` of the schema. */
  readonly plans: Map<string, Plan>;
  version: number;
}

export interface SessionOptions {
  readonly connectionId: number;
  readonly user: string;
  readonly collation: Collation;
  readonly foundRows: boolean;
}

export const DONE: Result = { kind: 'done', affectedRows: 0 };

const PLANNERS = {
  SELECT: planSelect,
  INSERT: planInsert,
  REPLACE: planInsert,
  UPDATE: planUpdate,
  DELETE: planDelete,
};
const DEFINITIONS = new Set(['CREATE', 'DROP', 'TRUNCATE', 'ALTER']);
/** Statements of the session itself; '' for an empty one. */
const CONTROL = new Set(['', 'SET', 'USE', 'START', 'BEGIN', 'COMMIT', 'ROLLBACK']);
/** Statements of TiDB's that the stand-in knows by name only. */
const REFUSED =
  /^(ADMIN|ANALYZE|BATCH|CALL|DEALLOCATE|DESC|DESCRIBE|DO|EXECUTE|EXPLAIN|FLUSH|GRANT|IMPORT|KILL|LOAD|LOCK|PREPARE|RELEASE|RENAME|REVOKE|SAVEPOINT|SHOW|SPLIT|TABLE|TRACE|UNLOCK|WITH)$/;

/** One connection's view of the server: its database, settings and transaction. */
export class Session {
  readonly settings: Settings;
  readonly state = {
    connectionId: 0,
    database: undefined as string | undefined,
    /** Of the statements before: what LAST_INSERT_ID() returns. */
    lastInsertId: 0 as number | bigint,
    /** Of this statement: set by LAST_INSERT_ID(expr), for the OK packet and the statements after. */
    statementInsertId: 0 as number | bigint,
    /** What ROW_COUNT() returns. */
    rowCount: 0,
    /** When the statement began: what NOW() says, however long it takes. */
    seconds: 0,
  };
  /** Whether a transaction has begun, and whether it has the turn, which it takes with its first statement. */
  inTransaction = false;
  private hasTurn = false;
  private readonly cancelled = new AbortController();

  constructor(
    readonly database: Database,
    private readonly options: SessionOptions,
  ) {
    this.settings = new Settings(options.collation);
    this.state.connectionId = options.connectionId;
  }

  /** @throws SqlError 1049 */
  use(name: string): void {
    const isInformation = name.toLowerCase() === INFORMATION_SCHEMA;
    this.state.database = isInformation ? INFORMATION_SCHEMA : this.database.catalog.schema(name).name;
  }

  /** What LAST_INSERT_ID(expr) does: the number is unsigned, and comes as its digits where it may not be exact. */
  setInsertId(number: number | string | null): number | string | null {
    const unsigned = typeof number === 'string' ? BigInt.asUintN(64, BigInt(number)) : number;
    this.state.statementInsertId = unsigned ?? 0;
    return typeof unsigned === 'bigint' ? unsigned.toString() : unsigned;
  }

  /** @throws SqlError for what can't be read, or isn't carried out here */
  prepare(sql: string): Prepared {
    const text = readStatement(sql);
    const { verb } = text;
    if (REFUSED.test(verb)) throw unsupported(verb);
    if (!Object.hasOwn(PLANNERS, verb) && !DEFINITIONS.has(verb) && !CONTROL.has(verb)) throw syntaxError(sql);
    return { sql, text, database: this.state.database, plans: new Map(), version: this.database.catalog.version };
  }

  /** The plan of a statement whose parameters aren't known yet: what its answer's columns are. @throws as `execute` */
  describe(prepared: Prepared): Plan | undefined {
    const values = prepared.text.slots.map((slot) => (slot.kind === 'literal' ? slot.value : null));
    return CONTROL.has(prepared.text.verb) ? undefined : this.plan(prepared, values);
  }

  /**
   * @param parameters the values of its `?`
   * @returns a promise only where another's transaction has to be waited for
   * @throws SqlError, also by the promise
   */
  execute(prepared: Prepared, parameters: readonly Value[]): Result | Promise<Result> {
    const { state } = this;
    const { verb, slots, parameterCount } = prepared.text;
    if (parameters.length !== parameterCount) throw new SqlError(1210, 'Incorrect arguments to EXECUTE');
    if (state.statementInsertId > 0) state.lastInsertId = state.statementInsertId;
    state.statementInsertId = 0;
    if (CONTROL.has(verb)) return this.control(prepared);
    if (DEFINITIONS.has(verb)) this.commit();
    const values = slots.map((slot) => (slot.kind === 'literal' ? slot.value : (parameters[slot.position] ?? null)));
    return this.database.turn.isFreeFor(this) ? this.attempt(prepared, values) : this.attemptLater(prepared, values);
  }

  private async attemptLater(prepared: Prepared, values: readonly Value[]): Promise<Result> {
    const { turn } = this.database;
    const deadline = performance.now() + this.settings.lockWaitMs;
    while (!turn.isFreeFor(this))
      await turn.freed(Math.max(0, Math.ceil(deadline - performance.now())), this.cancelled.signal);
    return this.attempt(prepared, values);
  }

  private plan(prepared: Prepared, values: readonly Value[]): Plan {
    const { database, settings } = this;
    const { text, plans, database: current } = prepared;
    if (prepared.version !== database.catalog.version) plans.clear();
    prepared.version = database.catalog.version;
    let types = settings.collation.name;
    for (const value of values) types += typeOfValue(value);
    const known = plans.get(types);
    if (known !== undefined) return known;
    const from = parse(text.shape);
    const plan = this.newPlan(from, text.verb, { values, collation: settings.collation, database: current }, prepared);
    if (plan.kind !== 'defines') plans.set(types, plan);
    return plan;
  }

  private newPlan(from: LibraryNode, verb: string, surroundings: Surroundings, { sql }: Prepared): Plan {
    const { database } = this;
    if (!DEFINITIONS.has(verb)) return PLANNERS[verb as keyof typeof PLANNERS](from, database, surroundings);
    const { values, database: current } = surroundings;
    const context = { database, current, values, definition: { sql, database: current } };
    const run = (): Result => {
      try {
        define(from, context);
      } finally {
        database.catalog.version += 1; // a DROP TABLE that fails has dropped a part
        database.onDefinition?.(sql, current);
      }
      return DONE;
    };
    return { kind: 'defines', run };
  }

  /** Carries the statement out once, wholly or not at all. @throws SqlError */
  private attempt(prepared: Prepared, values: readonly Value[]): Result {
    const { database, state } = this;
    database.session = this;
    state.seconds = Math.floor(Date.now() / 1000);
    try {
      const plan = this.plan(prepared, values);
      if (plan.kind !== 'defines') this.takeTurn();
      const result = this.runWhole(plan, values);
      if (!this.hasTurn) database.committed();
      state.rowCount = result.kind === 'done' ? result.affectedRows : -1;
      return result.kind === 'done' ? { ...result, insertId: state.statementInsertId } : result;
    } catch (error) {
      state.rowCount = -1;
      if (!this.hasTurn) database.rolledBack();
      throw error;
    }
  }

  private takeTurn(): void {
    this.inTransaction ||= !this.settings.autocommit;
    if (!this.inTransaction || this.hasTurn) return;
    this.database.exec('BEGIN');
    this.database.turn.holder = this;
    this.hasTurn = true;
  }

  private runWhole(plan: Plan, values: readonly Value[]): Result {
    const { database, options } = this;
    const run = { database, values, foundRows: options.foundRows };
    if (plan.kind !== 'writes' || (!this.hasTurn && plan.isMultiple !== true)) return plan.run(run);
    database.exec('SAVEPOINT statement');
    try {
      return plan.run(run);
    } catch (error) {
      database.exec('ROLLBACK TO statement');
      throw error;
    } finally {
      database.exec('RELEASE statement');
    }
  }

  /** Statements about the session itself. */
  private control({ sql, text: { tokens, verb } }: Prepared): Result {
    const words = tokens.map(({ text }) => text).join(' ');
    const [, name] = tokens;
    this.state.rowCount = 0;
    if (verb === '') throw new SqlError(1065, 'Query was empty');
    if (verb === 'SET') {
      this.settings.set(sql, tokens);
      if (this.settings.autocommit && /AUTOCOMMIT/i.test(words)) this.commit();
    } else if (verb === 'USE' && tokens.length === 2) {
      this.use(name?.kind === 'quoted' ? name.text : sql.slice(name?.start, name?.end));
    } else if (/^(START TRANSACTION( READ WRITE)?|BEGIN( WORK| PESSIMISTIC)?)$/.test(words)) {
      this.commit();
      this.inTransaction = true;
    } else if (/^COMMIT( WORK)?$/.test(words)) {
      this.commit();
    } else if (/^ROLLBACK( WORK)?$/.test(words)) {
      this.rollback();
    } else {
      throw unsupported(words);
    }
    return DONE;
  }

  commit(): void {
    if (this.hasTurn) this.database.exec('COMMIT');
    this.database.committed();
    this.endTransaction();
  }

  rollback(): void {
    if (this.hasTurn) this.database.exec('ROLLBACK');
    if (this.hasTurn) this.database.rolledBack();
    this.endTransaction();
  }

  private endTransaction(): void {
    this.inTransaction = this.hasTurn = false;
    this.database.turn.release(this);
  }

  /** Gives up what waits, and rolls back: the client is gone. */
  close(): void {
    this.cancelled.abort();
    if (this.database.isOpen) this.rollback();
  }
}

import initSqlJs, { type Database as SqliteHandle, type SqlValue, type Statement } from 'sql.js';
import { Catalog, COLUMNS_VIEW } from './catalog';
import { type CallingSession, nativeFunctions } from './native-functions';
import { fromSqlite, SqlError } from './sql/errors';
import { Turn } from './turn';
import type { Value } from './value';

/** How many statements SQLite keeps compiled. */
const KEPT = 500;

/** What a statement of SQLite's has done. */
export interface Ran {
  readonly rows: readonly (readonly Value[])[];
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
}

/** The rows that were written since the last commit: by table and SQLite's number of the row. */
export type Written = ReadonlyMap<string, ReadonlySet<number>>;

/** All of the stand-in's data, in a database of SQLite's in memory, and whose turn it is to use it. */
export class Database {
  readonly catalog = new Catalog();
  readonly turn = new Turn();
  /** The last connections may end after it is closed. */
  isOpen = true;
  /** Whose statement runs. */
  session: CallingSession | undefined;
  /** Told of the rows that are committed, and of each statement that changes the schema. */
  onCommit: ((written: Written) => void) | undefined;
  onDefinition: ((sql: string, database: string | undefined) => void) | undefined;
  private readonly kept = new Map<string, Statement>();
  private readonly written = new Map<string, Set<number>>();
  private readonly counts = { insert: 0, update: 0, delete: 0 };
  private lastTable = 0;

  private constructor(private readonly sqlite: SqliteHandle) {
    const functions = nativeFunctions(() => {
      if (this.session === undefined) throw new TypeError('no statement runs');
      return this.session;
    });
    for (const [name, call] of Object.entries(functions)) sqlite.create_function(name, call);
    sqlite.updateHook((operation, database, table, row) => {
      if (database !== 'm') return;
      this.counts[operation] += 1;
      if (this.onCommit === undefined) return;
      this.written.set(table, (this.written.get(table) ?? new Set()).add(row));
    });
    // What is attached is in memory alone; SQLite's main database would be a file of the WASM module's own file system.
    // Each transaction copies the pages that it writes: small ones are quicker.
    sqlite.exec("ATTACH ':memory:' AS m; PRAGMA m.page_size = 512; PRAGMA case_sensitive_like = ON");
    const columns = COLUMNS_VIEW.columns.map(({ name, type }) => `${name} ${type.storage} COLLATE NOCASE`);
    sqlite.exec(`CREATE TABLE ${COLUMNS_VIEW.storage} (${columns.join(', ')}) STRICT`);
  }

  static async open(): Promise<Database> {
    // SQLite's own floor() instead of sql.js's; its types lack the option
    const options: object = { useOldExtensionFunctions: false };
    const { Database: Sqlite } = await initSqlJs(options);
    return new Database(new Sqlite());
  }

  /** A name in SQLite for a new table. */
  nextStorage(): string {
    this.lastTable += 1;
    return `m.t${this.lastTable}`;
  }

  /** Runs statements that are used once. @throws SqlError */
  exec(sql: string): void {
    translated(() => this.sqlite.exec(sql));
  }

  /**
   * Runs a statement that is used again.
   *
   * @param values of its parameters, in order
   * @throws SqlError as MySQL would say it
   */
  run(sql: string, values: readonly Value[] = []): Ran {
    const { counts } = this;
    counts.insert = counts.update = counts.delete = 0;
    const rows = translated(() => {
      const statement = this.compiled(sql);
      if (values.length > 0) statement.bind(values.map(bound));
      else statement.reset();
      const found: (readonly Value[])[] = [];
      while (statement.step()) found.push(rowOf(statement));
      return found;
    });
    return { rows, inserted: counts.insert, updated: counts.update, deleted: counts.delete };
  }

  private compiled(sql: string): Statement {
    const known = this.kept.get(sql);
    if (known !== undefined) return known;
    if (this.kept.size >= KEPT) {
      for (const statement of this.kept.values()) statement.free();
      this.kept.clear();
    }
    const statement = this.sqlite.prepare(sql);
    this.kept.set(sql, statement);
    return statement;
  }

  /** Fills information_schema with what there is now. */
  refreshView(): void {
    this.exec(`DELETE FROM ${COLUMNS_VIEW.storage}`);
    const places = COLUMNS_VIEW.columns.map((_, position) => `?${position + 1}`).join(', ');
    for (const row of this.catalog.columnRows())
      this.run(`INSERT INTO ${COLUMNS_VIEW.storage} VALUES (${places})`, row);
  }

  /** Hands what was written to whoever keeps it. */
  committed(): void {
    if (this.written.size > 0) this.onCommit?.(this.written);
    this.written.clear();
  }

  /** Forgets what was written and undone. */
  rolledBack(): void {
    this.written.clear();
  }

  close(): void {
    this.isOpen = false;
    this.sqlite.close();
  }
}

function translated<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof SqlError) throw error;
    throw fromSqlite(error instanceof Error ? error.message : String(error));
  }
}

/** sql.js binds no whole numbers beyond 32 bits: they go as their digits, and the statement casts them. */
function bound(value: Value): SqlValue {
  return typeof value === 'bigint' ? value.toString() : value;
}

/** A row with its whole numbers exact; sql.js's types lack the option. */
function rowOf(statement: Statement): readonly Value[] {
  const get = statement.get as (values: null, options: { useBigInt: boolean }) => Value[];
  return get.call(statement, null, { useBigInt: true });
}

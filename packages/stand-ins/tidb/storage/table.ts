import { SqlError } from '../sql-error';
import { Decimal } from '../values/decimal';
import { toText, type Value } from '../values/value';
import type { ColumnType } from './column-type';
import { Index } from './slot';
import type { Transaction } from './transaction';

export type Row = readonly Value[];

/** The statement that made a table, with what it depends on. */
export interface Definition {
  readonly sql: string;
  /** The database in use. */
  readonly database: string | undefined;
  readonly parameters: readonly Value[];
}

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly notNull: boolean;
  readonly autoIncrement: boolean;
  /** The value of a row that gives none, computed at the insert; undefined where there is no default. */
  readonly default: (() => Value) | undefined;
  /** DEFAULT as SHOW CREATE TABLE prints it. */
  readonly defaultText: string | undefined;
  /** ON UPDATE CURRENT_TIMESTAMP: computed when another column changes. */
  readonly onUpdate: (() => Value) | undefined;
}

export interface Key {
  readonly name: string;
  /** Positions of its columns. */
  readonly columns: readonly number[];
}

/** A table's columns, keys and rows. Every unique key is an index of its own, so that keys can be locked. */
export class Table {
  readonly rows: Index<Row> = new Index<Row>(this);
  readonly unique: readonly { readonly key: Key; readonly index: Index<string> }[];
  private readonly positions: ReadonlyMap<string, number>;
  private nextRowId = 1;
  private nextAutoIncrement = 1n;

  /** @param primary its primary key; without one a hidden row id takes its place, as in TiDB */
  constructor(
    readonly database: string,
    readonly name: string,
    readonly columns: readonly Column[],
    readonly primary: Key | undefined,
    uniqueKeys: readonly Key[],
    readonly collation: string,
    readonly definition?: Definition,
  ) {
    this.unique = uniqueKeys.map((key) => ({ key, index: new Index<string>() }));
    this.positions = new Map(columns.map((column, position) => [column.name.toLowerCase(), position]));
  }

  position(column: string): number | undefined {
    return this.positions.get(column.toLowerCase());
  }

  /** The key of a row in the primary index. @param old the key that it has, where it has no primary key */
  primaryKeyOf(row: Row, old?: string): string {
    if (this.primary !== undefined) return this.encode(this.primary, row) ?? '';
    return old ?? String(this.nextRowId++);
  }

  /** The text by which a key's values are unique; undefined where one is null, which conflicts with nothing. */
  encode(key: Key, row: Row): string | undefined {
    const [only] = key.columns;
    if (key.columns.length === 1 && only !== undefined) return this.encodeValue(only, row[only] ?? null);
    const parts: string[] = [];
    for (const position of key.columns) {
      const part = this.encodeValue(position, row[position] ?? null);
      if (part === undefined) return undefined;
      parts.push(`${part.length}:${part}`);
    }
    return parts.join('');
  }

  private encodeValue(position: number, value: Value): string | undefined {
    if (value === null) return undefined;
    if (typeof value === 'string') return this.columns[position]?.type.collation.key(value) ?? value;
    if (Buffer.isBuffer(value)) return value.toString('latin1');
    return value instanceof Decimal ? value.toString() : toText(value);
  }

  takeAutoIncrement(): bigint {
    return this.nextAutoIncrement++;
  }

  /** An id that was given goes past the ids to come. */
  noteAutoIncrement(used: bigint): void {
    if (used >= this.nextAutoIncrement) this.nextAutoIncrement = used + 1n;
  }

  /** The next row id and the next auto-increment value. */
  get counters(): readonly [rowId: number, autoIncrement: bigint] {
    return [this.nextRowId, this.nextAutoIncrement];
  }

  restoreCounters([rowId, autoIncrement]: readonly [number, bigint]): void {
    this.nextRowId = Math.max(this.nextRowId, rowId);
    this.noteAutoIncrement(autoIncrement - 1n);
  }

  /** Puts a committed row, or none, under its key, as a journal tells it. */
  restore(primaryKey: string, row: Row | undefined): void {
    const slot = this.rows.at(primaryKey);
    const old = slot.committed;
    slot.committed = row;
    for (const { key, index } of this.unique) {
      const before = old && this.encode(key, old);
      const outdated = before === undefined ? undefined : index.find(before);
      if (outdated?.committed === primaryKey) outdated.committed = undefined;
      outdated?.forgetIfEmpty();
      const after = row && this.encode(key, row);
      if (after !== undefined) index.at(after).committed = primaryKey;
    }
    slot.forgetIfEmpty();
    if (this.primary === undefined) this.nextRowId = Math.max(this.nextRowId, Number(primaryKey) + 1);
    for (const [position, column] of this.columns.entries()) {
      const value = row?.[position];
      if (column.autoIncrement && typeof value === 'bigint') this.noteAutoIncrement(value);
    }
  }

  /**
   * The row that keeps `row` from being inserted: the one with its primary key, otherwise the first with one of its
   * unique keys. Locks the keys that it looks at.
   *
   * @throws LockConflict
   */
  findDuplicate(
    transaction: Transaction,
    row: Row,
    primaryKey: string,
  ): { key: string; keyName: string; row: Row } | undefined {
    if (this.primary !== undefined) {
      const slot = this.rows.at(primaryKey);
      transaction.lock(slot);
      const existing = slot.current(transaction);
      if (existing !== undefined) return { key: primaryKey, keyName: 'PRIMARY', row: existing };
    }
    for (const { key, index } of this.unique) {
      const encoded = this.encode(key, row);
      if (encoded === undefined) continue;
      const slot = index.at(encoded);
      transaction.lock(slot);
      const owner = slot.current(transaction);
      if (owner === undefined) continue;
      const rowSlot = this.rows.at(owner);
      transaction.lock(rowSlot);
      const existing = rowSlot.current(transaction);
      if (existing !== undefined) return { key: owner, keyName: key.name, row: existing };
    }
    return undefined;
  }

  /** Inserts a row of which findDuplicate has found none. @throws LockConflict */
  insert(transaction: Transaction, row: Row, primaryKey: string): void {
    transaction.write(this.rows.at(primaryKey), row);
    for (const { key, index } of this.unique) {
      const encoded = this.encode(key, row);
      if (encoded !== undefined) transaction.write(index.at(encoded), primaryKey);
    }
  }

  delete(transaction: Transaction, row: Row, primaryKey: string): void {
    transaction.write(this.rows.at(primaryKey), undefined);
    for (const { key, index } of this.unique) {
      const encoded = this.encode(key, row);
      if (encoded !== undefined) transaction.write(index.at(encoded), undefined);
    }
  }

  /** Replaces a row, whose keys may change. @throws SqlError 1062, LockConflict */
  update(transaction: Transaction, old: Row, row: Row, primaryKey: string): void {
    const newKey = this.primaryKeyOf(row, primaryKey);
    if (newKey === primaryKey && this.unique.length === 0) {
      transaction.write(this.rows.at(primaryKey), row);
      return;
    }
    this.delete(transaction, old, primaryKey);
    const duplicate = this.findDuplicate(transaction, row, newKey);
    if (duplicate !== undefined) throw this.duplicateEntry(row, duplicate.keyName);
    this.insert(transaction, row, newKey);
  }

  duplicateEntry(row: Row, keyName: string): SqlError {
    const key = keyName === 'PRIMARY' ? this.primary : this.unique.find(({ key: { name } }) => name === keyName)?.key;
    const values = (key?.columns ?? []).map((position) => toText(row[position] ?? 'NULL'));
    return new SqlError(1062, `Duplicate entry '${values.join('-')}' for key '${this.name}.${keyName}'`);
  }
}

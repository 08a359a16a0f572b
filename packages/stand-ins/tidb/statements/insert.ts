import { SqlError } from '../sql-error';
import type { Insert } from '../sql/ast';
import type { Compiled, Environment } from '../sql/environment';
import type { Row, Table } from '../storage/table';
import type { Transaction } from '../storage/transaction';
import type { Value } from '../values/value';
import type { Plan, Result, Run } from './plan';
import { tableScope } from './row-source';
import {
  assign,
  compileAssignments,
  compileValue,
  defaultOf,
  fit,
  isSame,
  positionsOf,
  touch,
  writeEnvironment,
  type CompiledAssignment,
} from './write';

/** INSERT [IGNORE] … [ON DUPLICATE KEY UPDATE …] and REPLACE. */
export function planInsert(statement: Insert, table: Table): Plan {
  const positions = positionsOf(table, statement.columns);
  const scope = tableScope(table, statement.table, 'field list');
  const rows = statement.rows.map((row, index) => {
    if (row.length !== positions.length) {
      throw new SqlError(1136, `Column count doesn't match value count at row ${index + 1}`);
    }
    return row.map((value) => compileValue(value, scope));
  });
  const insert = new Inserting(
    table,
    positions,
    compileAssignments(statement.onDuplicate, table, statement.table),
    statement,
  );
  return { columns: [], run: (run) => insert.run(run, rows) };
}

/** An id that AUTO_INCREMENT gives, and whether it was given by the table. */
interface NewRow {
  readonly row: Row;
  readonly generated: bigint | undefined;
}

class Inserting {
  constructor(
    private readonly table: Table,
    private readonly positions: readonly number[],
    private readonly onDuplicate: readonly CompiledAssignment[],
    private readonly statement: Insert,
  ) {}

  run(run: Run, rows: readonly (readonly (Compiled | undefined)[])[]): Result {
    const environment = writeEnvironment(run);
    let affectedRows = 0;
    let duplicates = 0;
    let generated: bigint | undefined;
    for (const values of rows) {
      const made = this.makeRow(values, environment);
      const affected = this.insertRow(made.row, run, environment);
      affectedRows += affected;
      duplicates += affected === 1 ? 0 : 1;
      if (affected > 0) generated ??= made.generated;
    }
    const message = rows.length > 1 ? `Records: ${rows.length}  Duplicates: ${duplicates}  Warnings: 0` : undefined;
    return {
      kind: 'done',
      affectedRows,
      ...(generated === undefined ? {} : { insertId: generated }),
      ...(message === undefined ? {} : { message }),
    };
  }

  private makeRow(values: readonly (Compiled | undefined)[], environment: Environment): NewRow {
    const given: (Value | undefined)[] = [];
    // an expression sees the values to its left
    const seen: Value[] = this.table.columns.map(() => null);
    environment.row = seen;
    this.positions.forEach((position, index) => {
      const column = this.table.columns[position];
      const value = values[index]?.evaluate(environment);
      if (column === undefined || value === undefined) return;
      const generates = column.autoIncrement && (value === null || value === 0n);
      given[position] = generates ? undefined : fit(column, value);
      seen[position] = given[position] ?? null;
    });
    let generated: bigint | undefined;
    const row = this.table.columns.map((column, position) => {
      const value = given[position];
      if (!column.autoIncrement) return value === undefined ? defaultOf(column) : value;
      if (typeof value === 'bigint') {
        this.table.noteAutoIncrement(value);
        return value;
      }
      generated = this.table.takeAutoIncrement();
      return generated;
    });
    return { row, generated };
  }

  /** @returns MySQL's count: 1 inserted, 2 updated or replaced, 0 unchanged or ignored (1 with CLIENT_FOUND_ROWS) */
  private insertRow(row: Row, { transaction, session }: Run, environment: Environment): number {
    const primaryKey = this.table.primaryKeyOf(row);
    const duplicate = this.table.findDuplicate(transaction, row, primaryKey);
    if (duplicate === undefined) {
      this.table.insert(transaction, row, primaryKey);
      return 1;
    }
    if (this.statement.replace) return this.replaceRow(row, primaryKey, transaction, duplicate);
    if (this.onDuplicate.length === 0) {
      if (this.statement.ignore) return 0;
      throw this.table.duplicateEntry(row, duplicate.keyName);
    }
    environment.proposed = row;
    const changed = assign(duplicate.row, this.onDuplicate, this.table, environment, true);
    if (isSame(duplicate.row, changed, this.table)) return session.state.foundRows ? 1 : 0;
    this.table.update(transaction, duplicate.row, touch(changed, this.onDuplicate, this.table), duplicate.key);
    return 2;
  }

  private replaceRow(
    row: Row,
    primaryKey: string,
    transaction: Transaction,
    first: { readonly key: string; readonly row: Row },
  ): number {
    let affected = 1;
    let duplicate: { readonly key: string; readonly row: Row } | undefined = first;
    while (duplicate !== undefined) {
      this.table.delete(transaction, duplicate.row, duplicate.key);
      affected += 1;
      duplicate = this.table.findDuplicate(transaction, row, primaryKey);
    }
    this.table.insert(transaction, row, primaryKey);
    return affected;
  }
}

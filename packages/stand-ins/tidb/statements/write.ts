import { SqlError, unknownColumn, unsupported } from '../sql-error';
import type { Assignment, Expression, TableReference } from '../sql/ast';
import { compile } from '../sql/compile';
import type { Compiled, Environment, Scope } from '../sql/environment';
import type { Column, Row, Table } from '../storage/table';
import { compare, type Value } from '../values/value';
import { tableScope } from './row-source';
import type { Run } from './plan';

export interface CompiledAssignment {
  readonly position: number;
  /** Undefined for DEFAULT. */
  readonly value: Compiled | undefined;
}

export function writeEnvironment({ session, values }: Run): Environment {
  return { session: session.state, values, row: [], proposed: undefined, aggregates: [], writes: true };
}

/** @throws SqlError 1054 */
export function compileAssignments(
  assignments: readonly Assignment[],
  table: Table,
  reference: TableReference,
): readonly CompiledAssignment[] {
  const scope = tableScope(table, reference, 'field list');
  return assignments.map(({ column, table: qualifier, value }) => ({
    position: scope.column(qualifier, column).position,
    value: compileValue(value, scope),
  }));
}

/** Undefined for DEFAULT. */
export function compileValue(value: Expression, scope: Scope): Compiled | undefined {
  return value.kind === 'default' ? undefined : compile(value, scope);
}

/** Where a column list says that values go. @throws SqlError 1054, 1110 */
export function positionsOf(table: Table, columns: readonly string[] | undefined): readonly number[] {
  if (columns === undefined) return table.columns.map((_, position) => position);
  const positions = columns.map((name) => {
    const position = table.position(name);
    if (position === undefined) throw unknownColumn(name, 'field list');
    return position;
  });
  const twice = positions.find((position, index) => positions.indexOf(position) !== index);
  if (twice !== undefined) throw new SqlError(1110, `Column '${table.columns[twice]?.name}' specified twice`);
  return positions;
}

/** A value as the column takes it. @throws SqlError 1048 for a null where there can be none, and what the type throws */
export function fit(column: Column, value: Value): Value {
  if (value !== null) return column.type.convert(value, column.name);
  if (column.notNull) throw new SqlError(1048, `Column '${column.name}' cannot be null`);
  return null;
}

/** The value of a column that the statement doesn't give. @throws SqlError 1364 */
export function defaultOf(column: Column): Value {
  if (column.default !== undefined) return column.default();
  if (column.notNull) throw new SqlError(1364, `Field '${column.name}' doesn't have a default value`);
  return null;
}

/**
 * Applies assignments to a row.
 *
 * @param seesNew whether an assignment sees the ones before it: yes in ON DUPLICATE KEY UPDATE, no in UPDATE, where TiDB
 *   differs from MySQL (https://docs.pingcap.com/tidb/stable/sql-statement-update, "MySQL compatibility")
 */
export function assign(
  row: Row,
  assignments: readonly CompiledAssignment[],
  table: Table,
  environment: Environment,
  seesNew: boolean,
): Row {
  const changed = [...row];
  environment.row = seesNew ? changed : row;
  for (const { position, value } of assignments) {
    const column = table.columns[position];
    if (column === undefined) throw new RangeError(`${table.name} has no column ${position}`);
    changed[position] = value === undefined ? defaultOf(column) : fit(column, value.evaluate(environment));
  }
  return changed;
}

export function isSame(left: Row, right: Row, table: Table): boolean {
  return left.every((value, position) => {
    const other = right[position] ?? null;
    if (value === null || other === null) return value === other;
    if (typeof value === 'string' || typeof value === 'bigint' || typeof value === 'number') return value === other;
    const collation = table.columns[position]?.type.collation;
    if (collation === undefined) throw unsupported('a comparison without a collation');
    return compare(value, other, collation) === 0;
  });
}

/** Sets what ON UPDATE CURRENT_TIMESTAMP says, unless the statement gives a value. */
export function touch(row: Row, assignments: readonly CompiledAssignment[], table: Table): Row {
  if (table.columns.every(({ onUpdate }) => onUpdate === undefined)) return row;
  return row.map((value, position) => {
    const given = assignments.some((assignment) => assignment.position === position);
    return given ? value : (table.columns[position]?.onUpdate?.() ?? value);
  });
}

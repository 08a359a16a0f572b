import { SqlError, unknownColumn, unsupported } from '../sql-error';
import type { Limit, OrderItem, TableReference } from '../sql/ast';
import { compile } from '../sql/compile';
import type { ColumnOf, Compiled, Environment, Scope } from '../sql/environment';
import type { Expression } from '../sql/ast';
import type { Slot } from '../storage/slot';
import type { Key, Row, Table } from '../storage/table';
import type { Transaction } from '../storage/transaction';
import { compare, truth, type Value } from '../values/value';

export function columnOf(table: Table, reference: TableReference, position: number): ColumnOf {
  const column = table.columns[position];
  if (column === undefined) throw new RangeError(`${table.name} has no column ${position}`);
  return {
    position,
    column,
    tableName: table.name,
    tableAlias: reference.alias ?? reference.name,
    database: table.database,
  };
}

/** Names that mean a table's columns; no aggregates. @param place for the error, such as `where clause` */
export function tableScope(table: Table | undefined, reference: TableReference | undefined, place: string): Scope {
  return {
    column(qualifier, name) {
      const isOther =
        qualifier !== undefined && qualifier.toLowerCase() !== (reference?.alias ?? reference?.name)?.toLowerCase();
      const position = isOther ? undefined : table?.position(name);
      if (table === undefined || reference === undefined || position === undefined) {
        throw unknownColumn(qualifier === undefined ? name : `${qualifier}.${name}`, place);
      }
      return columnOf(table, reference, position);
    },
    aggregate() {
      throw new SqlError(1111, 'Invalid use of group function');
    },
  };
}

/** All rows have to be looked at. */
const SCAN = Symbol('scan');

export interface FoundRow {
  readonly slot: Slot<Row>;
  readonly row: Row;
}

/** Finds a table's rows that meet a condition: by a unique key where the condition gives one, otherwise by looking at all. */
export class RowSource {
  private readonly condition: Compiled | undefined;
  private readonly point: { readonly key: Key; readonly values: readonly Compiled[] } | undefined;

  constructor(
    private readonly table: Table,
    reference: TableReference,
    where: Expression | undefined,
  ) {
    const scope = tableScope(table, reference, 'where clause');
    this.condition = where === undefined ? undefined : compile(where, scope);
    const equal = new Map<number, Compiled>();
    if (where !== undefined) collectEqualities(where, scope, equal);
    const keys = [...(table.primary === undefined ? [] : [table.primary]), ...table.unique.map(({ key }) => key)];
    const key = keys.find(({ columns }) => columns.every((position) => equal.has(position)));
    if (key !== undefined) {
      this.point = { key, values: key.columns.flatMap((position) => equal.get(position) ?? []) };
    }
  }

  /**
   * @param mode `snapshot` for a plain read; `lock` reads what is committed last and locks what it finds
   * @throws LockConflict in mode `lock`
   */
  *find(transaction: Transaction, environment: Environment, mode: 'snapshot' | 'lock'): Generator<FoundRow> {
    const slots = this.candidates(transaction, environment, mode);
    for (const slot of slots) {
      const row = mode === 'lock' ? slot.current(transaction) : transaction.read(slot);
      if (row === undefined) continue;
      environment.row = row;
      if (this.condition !== undefined && truth(this.condition.evaluate(environment)) !== true) continue;
      if (mode === 'lock') transaction.lock(slot);
      yield { slot, row };
    }
  }

  private candidates(
    transaction: Transaction,
    environment: Environment,
    mode: 'snapshot' | 'lock',
  ): Iterable<Slot<Row>> {
    const primaryKey = this.pointKey(transaction, environment, mode);
    if (primaryKey === SCAN) return [...this.table.rows.all()];
    if (primaryKey === undefined) return [];
    // a locking read by key locks the key also where there is no row, as TiDB does
    const slot = mode === 'lock' ? this.table.rows.at(primaryKey) : this.table.rows.find(primaryKey);
    if (slot === undefined) return [];
    if (mode === 'lock') transaction.lock(slot);
    return [slot];
  }

  /** The primary key of the only row that can meet the condition; undefined for none, SCAN where any can. */
  private pointKey(
    transaction: Transaction,
    environment: Environment,
    mode: 'snapshot' | 'lock',
  ): string | undefined | typeof SCAN {
    if (this.point === undefined) return SCAN;
    const { key, values } = this.point;
    const row: Value[] = [];
    for (const [index, position] of key.columns.entries()) {
      const value = this.asStored(position, values[index]?.evaluate(environment) ?? null);
      if (value === SCAN) return SCAN;
      row[position] = value;
    }
    const encoded = this.table.encode(key, row);
    if (encoded === undefined || key === this.table.primary) return encoded;
    const index = this.table.unique.find((unique) => unique.key === key)?.index;
    const slot = index?.find(encoded);
    if (slot === undefined) return undefined;
    return mode === 'lock' ? slot.current(transaction) : transaction.read(slot);
  }

  /** The value as the key has it, or SCAN where a comparison would convert the column instead of the value. */
  private asStored(position: number, value: Value): Value | typeof SCAN {
    const type = this.table.columns[position]?.type.result;
    if (value === null || (type === 'text' && typeof value === 'string')) return value;
    if (type === 'bytes' && (Buffer.isBuffer(value) || typeof value === 'string')) return Buffer.from(value);
    if (type !== 'integer' && type !== 'unsigned') return SCAN;
    if (typeof value === 'bigint') return value;
    return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : SCAN;
  }
}

/** The conditions `column = constant` that all must hold. */
function collectEqualities(where: Expression, scope: Scope, equal: Map<number, Compiled>): void {
  if (where.kind !== 'infix') return;
  if (where.operator === 'AND' || where.operator === '&&') {
    collectEqualities(where.left, scope, equal);
    collectEqualities(where.right, scope, equal);
  } else if (where.operator === '=') {
    for (const [one, other] of [[where.left, where.right] as const, [where.right, where.left] as const]) {
      if (one.kind !== 'column' || other.kind === 'column' || other.kind === 'collate') continue;
      const value = compile(other, scope);
      if (value.constant) equal.set(compile(one, scope).column?.position ?? -1, value);
    }
  }
}

/** Nulls come first (MySQL, "Working with NULL Values"). */
export function compareKeys(
  left: readonly Value[],
  right: readonly Value[],
  keys: readonly { readonly descending: boolean; readonly key: Compiled }[],
  environment: Environment,
): number {
  for (const [index, { descending, key }] of keys.entries()) {
    const a = left[index] ?? null;
    const b = right[index] ?? null;
    const collation = key.coercion?.collation ?? environment.session.collation;
    const order = a === null || b === null ? Number(b === null) - Number(a === null) : compare(a, b, collation);
    if (order !== 0) return descending ? -order : order;
  }
  return 0;
}

/** Sorts and cuts the rows that an UPDATE or DELETE found. */
export function restrict(
  rows: readonly FoundRow[],
  order: readonly { readonly descending: boolean; readonly key: Compiled }[],
  limit: CompiledLimit | undefined,
  environment: Environment,
): readonly FoundRow[] {
  let kept = rows;
  if (order.length > 0) {
    const keyed = rows.map((found) => {
      environment.row = found.row;
      return { found, keys: order.map(({ key }) => key.evaluate(environment)) };
    });
    kept = keyed.sort((a, b) => compareKeys(a.keys, b.keys, order, environment)).map(({ found }) => found);
  }
  return limit === undefined ? kept : limit.cut(kept, environment);
}

export function compileOrder(items: readonly OrderItem[], scope: Scope) {
  return items.map(({ expression, descending }) => {
    if (expression.kind === 'slot' && expression.literal) throw unsupported('ORDER BY <position> here');
    return { descending, key: compile(expression, scope) };
  });
}

export interface CompiledLimit {
  cut<T>(rows: readonly T[], environment: Environment): readonly T[];
}

/** LIMIT takes whole numbers; as in TiDB a parameter must be sent as one (mysql2 sends JavaScript numbers as doubles). */
export function compileLimit(limit: Limit | undefined): CompiledLimit | undefined {
  if (limit === undefined) return undefined;
  const scope = tableScope(undefined, undefined, 'limit clause');
  const count = compile(limit.count, scope);
  const offset = limit.offset === undefined ? undefined : compile(limit.offset, scope);
  return {
    cut(rows, environment) {
      const from = offset === undefined ? 0 : toCount(offset.evaluate(environment));
      return rows.slice(from, from + toCount(count.evaluate(environment)));
    },
  };
}

function toCount(value: Value): number {
  if (typeof value !== 'bigint' || value < 0n) throw new SqlError(1210, 'Incorrect arguments to LIMIT');
  return Number(value);
}

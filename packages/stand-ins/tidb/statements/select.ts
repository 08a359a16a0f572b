import { SqlError, unsupported } from '../errors';
import type { Cursor } from '../sql/cursor';
import type { Expression, Run } from '../sql/expression';
import { ExpressionReader, type Scope } from '../sql/expression-reader';
import { type Row, Table } from '../table';
import { order, typeOfValue, type Value, type ValueType } from '../value';
import { type Context, type Plan, readWhere, type ResultColumn, tableName } from './plan';

interface Item extends ResultColumn {
  readonly expression: Expression;
}

interface SortKey {
  readonly by: (run: Run, items: Row) => Value;
  readonly sign: 1 | -1;
}

/** What is selected from where no table is named: one row. */
const DUAL = new Table('', '', [], []);
DUAL.put(1, []);

/** SELECT from one table or none. @throws SqlError 1235 for what isn't carried out here, 1046, 1054, 1146 for what isn't there */
export function planSelect(cursor: Cursor, context: Context): Plan {
  const scope = readTableAhead(cursor, context);
  const reader = new ExpressionReader(cursor, scope);
  const items = cursor.accepts('*') ? allColumns(scope) : cursor.list(() => readItem(cursor, reader));
  if (cursor.accepts('FROM')) readTable(cursor, context);
  const where = readWhere(cursor, reader);
  const keys = readOrder(cursor, reader, items);
  const limit = readLimit(cursor, reader);
  cursor.accepts('FOR', 'UPDATE'); // one transaction at a time needs no lock
  cursor.end();
  const isAggregated = refuseMixedAggregates(items, reader);
  return {
    columns: items,
    run: (run) => {
      const found = where(run).map((number) => scope.table.rows.get(number) ?? []);
      const rows = isAggregated
        ? [items.map(({ expression }) => expression.over?.(found, run) ?? null)]
        : sorted(found, items, keys, run);
      const shown = rows.slice(...limit(run));
      const columns = items.map((item, at) => ({ ...item, type: resultType(item, at, shown) }));
      return { kind: 'rows', columns, rows: shown };
    },
  };
}

/** Reads the table after the select list, and goes back to it. */
function readTableAhead(cursor: Cursor, context: Context): Scope {
  const { position } = cursor;
  for (let depth = 0; cursor.token !== undefined && (depth > 0 || !cursor.sees('FROM')); cursor.position += 1) {
    depth += cursor.sees('(') ? 1 : cursor.sees(')') ? -1 : 0;
  }
  const scope = cursor.accepts('FROM') ? readTable(cursor, context) : { table: DUAL, place: 'field list' };
  cursor.position = position;
  return scope;
}

function readTable(cursor: Cursor, context: Context): Scope {
  const table = context.database.catalog.table(tableName(cursor, context));
  const alias = cursor.alias();
  if (cursor.sees(',')) throw unsupported('several tables');
  return { table, alias, place: 'field list' };
}

function itemOf({ table, alias = table.name }: Scope, expression: Expression, name: string): Item {
  const source = expression.source && { ...expression.source, table, alias };
  return { name, type: expression.type ?? 'null', source, expression };
}

function allColumns(scope: Scope): readonly Item[] {
  if (scope.table === DUAL) throw new SqlError(1096, 'No tables used');
  return scope.table.columns.map((column, position) => {
    const evaluate = ({ row }: Run): Value => row[position] ?? null;
    return itemOf(scope, { type: column.type.type, source: { column, position }, evaluate }, column.name);
  });
}

/** Without an alias, an expression is named by its text, as written. */
function readItem(cursor: Cursor, reader: ExpressionReader): Item {
  const { token } = cursor;
  const expression = reader.expression();
  const last = cursor.tokens[cursor.position - 1];
  const isText = last === token && typeof token?.value === 'string';
  const written = isText ? String(token.value) : cursor.sql.slice(token?.start, last?.end);
  return itemOf(reader.scope, expression, cursor.alias() ?? expression.source?.column.name ?? written);
}

/** Grouping isn't carried out: beside an aggregate, a column has no value. @returns whether all are aggregates */
function refuseMixedAggregates(items: readonly Item[], { aggregates }: ExpressionReader): boolean {
  const own = items.filter(({ expression }) => expression.over !== undefined).length;
  if (own < aggregates) throw unsupported('an aggregate in an expression');
  if (own > 0 && own < items.length) throw unsupported('an aggregate beside something else');
  return own > 0;
}

function readOrder(cursor: Cursor, reader: ExpressionReader, items: readonly Item[]): readonly SortKey[] {
  if (!cursor.accepts('ORDER')) return [];
  cursor.expect('BY');
  reader.scope.place = 'order clause';
  return cursor.list(() => {
    const by = readSortKey(cursor, reader, items);
    return { by, sign: cursor.acceptsOneOf('ASC', 'DESC') === 'DESC' ? -1 : 1 };
  });
}

/** A name that stands alone may be an alias, and a number the place in the select list. */
function readSortKey(cursor: Cursor, reader: ExpressionReader, items: readonly Item[]): SortKey['by'] {
  const { token } = cursor;
  const next = cursor.tokens[cursor.position + 1]?.text ?? ',';
  const isAlone = [',', 'ASC', 'DESC', 'LIMIT', 'FOR'].includes(next);
  const isPlace = isAlone && typeof token?.value === 'bigint';
  const named = items.findIndex(({ name }) => name.toLowerCase() === token?.name?.toLowerCase());
  const place = isPlace ? Number(token.value) - 1 : isAlone ? named : -1;
  if (place < 0) return reader.expression().evaluate;
  if (items[place] === undefined) throw new SqlError(1054, `Unknown column '${place + 1}' in 'order clause'`);
  cursor.position += 1;
  return (_, values) => values[place] ?? null;
}

function sorted(found: readonly Row[], items: readonly Item[], keys: readonly SortKey[], run: Run): readonly Row[] {
  const entries = found.map((row) => {
    run.row = row;
    const values = items.map(({ expression }) => expression.evaluate(run));
    return { values, by: keys.map(({ by }) => by(run, values)) };
  });
  entries.sort((a, b) => {
    const at = keys.findIndex((_, index) => order(a.by[index] ?? null, b.by[index] ?? null) !== 0);
    return order(a.by[at] ?? null, b.by[at] ?? null) * (keys[at]?.sign ?? 1);
  });
  return entries.map(({ values }) => values);
}

/** @returns the numbers of the first row and of the one after the last */
function readLimit(cursor: Cursor, reader: ExpressionReader): (run: Run) => readonly [first: number, end?: number] {
  if (!cursor.accepts('LIMIT')) return () => [0];
  const numbers = [reader.expression()];
  const separator = cursor.acceptsOneOf(',', 'OFFSET');
  if (separator !== undefined) numbers.push(reader.expression());
  return (run) => {
    const values = numbers.map(({ evaluate }) => evaluate(run));
    if (values.some((value) => typeof value !== 'bigint')) throw new SqlError(1210, 'Incorrect arguments to LIMIT');
    const [first = 0, second = 0] = values.map(Number);
    const [start, count] = separator === ',' ? [first, second] : [second, first];
    return [start, start + count];
  };
}

/** What the values are where the statement doesn't say, as of a parameter. */
function resultType({ expression: { type } }: Item, at: number, rows: readonly Row[]): ValueType {
  const types = type === undefined ? rows.map((row) => typeOfValue(row[at] ?? null)) : [type];
  return (['text', 'unsigned', 'integer'] as const).find((one) => types.includes(one)) ?? 'null';
}

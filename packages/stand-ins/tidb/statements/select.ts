import { SqlError, unsupported } from '../errors';
import type { Cursor } from '../sql/cursor';
import type { Expression, Run } from '../sql/expression';
import { ExpressionReader, type Scope } from '../sql/expression-reader';
import type { Row } from '../table';
import { order, type Value, type ValueType } from '../value';
import { type Context, type Plan, readWhere, type ResultColumn, tableName } from './plan';

interface Item extends ResultColumn {
  readonly expression: Expression;
}

/** Gives the numbers of the first row and of the one after the last. */
type Limit = (run: Run) => readonly [first: number, end: number];

/** SELECT from one table or none. @throws SqlError 1235 for what isn't carried out here, 1046, 1054, 1146 for what isn't there */
export function planSelect(cursor: Cursor, context: Context): Plan {
  const isDistinct = cursor.accepts('DISTINCT');
  const list = cursor.position;
  skipTo('FROM', cursor);
  const scope: Scope = cursor.accepts('FROM') ? readTable(cursor, context) : { place: 'field list' };
  const { table } = scope;
  const rest = cursor.position;
  cursor.position = list;
  const reader = new ExpressionReader(cursor, scope);
  const items = cursor.list(() => readItem(cursor, reader)).flat();
  if (table === undefined ? cursor.position < rest : !cursor.sees('FROM')) throw cursor.refusal();
  cursor.position = rest;
  const where = table === undefined ? () => [0] : readWhere(cursor, reader, table);
  const keys = readOrder(cursor, reader, items);
  const limit = readLimit(cursor, reader);
  cursor.accepts('FOR', 'UPDATE'); // one transaction at a time needs no lock
  cursor.end();
  const isAggregated = refuseMixedAggregates(items, reader);
  return {
    columns: items,
    run: (run) => {
      const found = where(run).map((number) => table?.rows.get(number) ?? []);
      const rows = isAggregated
        ? [items.map(({ expression }) => expression.over?.(found, run) ?? null)]
        : sorted(found, items, keys, isDistinct, run);
      const shown = rows.slice(...limit(run));
      const columns = items.map((item, at) => ({ ...item, type: resultType(item, at, shown) }));
      return { kind: 'rows', columns, rows: shown };
    },
  };
}

/** Goes to a word outside of parentheses, or to the end. */
function skipTo(word: string, cursor: Cursor): void {
  for (let depth = 0; cursor.token !== undefined && (depth > 0 || !cursor.sees(word)); cursor.position += 1) {
    depth += cursor.sees('(') ? 1 : cursor.sees(')') ? -1 : 0;
  }
}

function readTable(cursor: Cursor, context: Context): Scope {
  const table = context.database.catalog.table(tableName(cursor, context));
  const alias = cursor.alias();
  if (cursor.sees(',')) throw unsupported('several tables');
  return { table, alias, place: 'field list' };
}

function readItem(cursor: Cursor, reader: ExpressionReader): readonly Item[] {
  const { table, alias } = reader.scope;
  const itemOf = (expression: Expression, written: string): Item => {
    const source = expression.source && { ...expression.source, alias: alias ?? expression.source.table.name };
    return { name: written, type: expression.type ?? 'null', source, expression };
  };
  const isQualified =
    cursor.tokens[cursor.position + 1]?.text === '.' && cursor.tokens[cursor.position + 2]?.text === '*';
  if (isQualified || cursor.sees('*')) {
    cursor.position += isQualified ? 3 : 1;
    if (table === undefined) throw new SqlError(1096, 'No tables used');
    return table.columns.map((column, position) => {
      const evaluate = ({ row }: Run): Value => row[position] ?? null;
      return itemOf({ type: column.type.type, source: { table, column, position }, evaluate }, column.name);
    });
  }
  const { token } = cursor;
  const expression = reader.expression();
  const last = cursor.tokens[cursor.position - 1];
  const written =
    last === token && typeof token?.value === 'string' ? token.value : cursor.sql.slice(token?.start, last?.end);
  return [itemOf(expression, cursor.alias() ?? expression.source?.column.name ?? written)];
}

/** Grouping isn't carried out: beside an aggregate, a column has no value. @returns whether all are aggregates */
function refuseMixedAggregates(items: readonly Item[], { aggregates }: ExpressionReader): boolean {
  const own = items.filter(({ expression }) => expression.over !== undefined).length;
  if (own < aggregates) throw unsupported('an aggregate in an expression');
  if (own > 0 && own < items.length) throw unsupported('an aggregate beside something else');
  return own > 0;
}

interface SortKey {
  readonly by: (run: Run, items: Row) => Value;
  readonly sign: 1 | -1;
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
  const next = cursor.tokens[cursor.position + 1];
  const isAlone = next === undefined || [',', 'ASC', 'DESC', 'LIMIT', 'FOR'].includes(next.text);
  const isPlace = isAlone && typeof token?.value === 'bigint';
  const named = items.findIndex(({ name }) => name.toLowerCase() === token?.name?.toLowerCase());
  const place = isPlace ? Number(token.value) - 1 : isAlone ? named : -1;
  if (isPlace && items[place] === undefined) {
    throw new SqlError(1054, `Unknown column '${place + 1}' in 'order clause'`);
  }
  if (place < 0) return reader.expression().evaluate;
  cursor.position += 1;
  return (_, values) => values[place] ?? null;
}

function sorted(
  found: readonly Row[],
  items: readonly Item[],
  keys: readonly SortKey[],
  isDistinct: boolean,
  run: Run,
): readonly Row[] {
  const entries = found.map((row) => {
    run.row = row;
    const values = items.map(({ expression }) => expression.evaluate(run));
    return { values, by: keys.map(({ by }) => by(run, values)) };
  });
  entries.sort((a, b) => {
    for (const [index, { sign }] of keys.entries()) {
      const difference = order(a.by[index] ?? null, b.by[index] ?? null) * sign;
      if (difference !== 0) return difference;
    }
    return 0;
  });
  const rows = entries.map(({ values }) => values);
  if (!isDistinct) return rows;
  const isSame = (a: Row, b: Row): boolean => a.every((value, at) => order(value, b[at] ?? null) === 0);
  return rows.filter((row, index) => rows.findIndex((other) => isSame(row, other)) === index);
}

function readLimit(cursor: Cursor, reader: ExpressionReader): Limit {
  if (!cursor.accepts('LIMIT')) return () => [0, Infinity];
  const first = reader.expression();
  const isOffsetFirst = cursor.accepts(',');
  const second = isOffsetFirst || cursor.accepts('OFFSET') ? reader.expression() : undefined;
  const [count, offset] = isOffsetFirst ? [second, first] : [first, second];
  const number = (from: Expression | undefined, run: Run): number => {
    const value = from === undefined ? 0n : from.evaluate(run);
    if (typeof value !== 'bigint' || value < 0n) throw new SqlError(1210, 'Incorrect arguments to LIMIT');
    return Number(value);
  };
  return (run) => {
    const start = number(offset, run);
    return [start, start + number(count, run)];
  };
}

/** What parameters made of a column of which the statement says nothing. */
function resultType({ expression: { type } }: Item, at: number, rows: readonly Row[]): ValueType {
  if (type !== undefined) return type;
  const kinds = new Set(rows.map((row) => typeof row[at]));
  if (kinds.has('string')) return 'text';
  if (kinds.has('number')) return 'double';
  return kinds.has('bigint') ? 'integer' : 'null';
}

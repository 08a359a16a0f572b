import { COLUMNS_VIEW } from '../catalog';
import type { Database } from '../database';
import { SqlError, unsupported } from '../sql/errors';
import type { Expression } from '../sql/expression';
import { asNumber } from '../sql/expression';
import { isNode, type LibraryNode, node, nodes, onlyTable, refuseOthers, text } from '../sql/parser';
import { type Scope, type Surroundings, Translation } from '../sql/translation';
import type { Value } from '../value';
import { bind, type Plan, type ResultColumn } from './plan';

interface Item extends ResultColumn {
  readonly expression: Expression;
}

/** @throws SqlError 1235 for what isn't carried out here, 1046, 1054, 1146 for what isn't there */
export function planSelect(from: LibraryNode, { catalog }: Database, surroundings: Surroundings): Plan {
  refuseOthers(from, 'distinct columns into from where orderby limit locking_read', 'SELECT');
  if (isNode(from['into']) && from['into']['keyword'] !== undefined) throw unsupported('SELECT … INTO');
  const lock = from['locking_read'];
  if (lock !== null && lock !== 'FOR UPDATE') throw unsupported(text(lock) ?? 'this lock'); // one transaction at a time needs no lock
  const named = from['from'] === null ? undefined : onlyTable(from['from'], 'SELECT');
  const table = named === undefined ? undefined : catalog.table(named, surroundings.database);
  const scope: Scope = { table, alias: named?.alias, place: 'field list' };
  const translation = new Translation(surroundings, scope);
  const items = nodes(from['columns'], 'SELECT').flatMap((item, position) => readItem(item, position, translation));
  refuseMixedAggregates(items);
  const list = items.map(({ expression }) => expression.sql).join(', ');
  let sql = `SELECT ${from['distinct'] === 'DISTINCT' ? 'DISTINCT ' : ''}${list}`;
  if (table !== undefined) sql += ` FROM ${table.storage} AS t`;
  sql += whereOf(from, translation) + orderOf(from, translation, items) + limitOf(from, translation);
  const select = bind(translation, sql);
  return {
    kind: 'reads',
    columns: items,
    run: (run) => {
      if (table === COLUMNS_VIEW) run.database.refreshView();
      return {
        kind: 'rows',
        columns: items,
        rows: select(run).rows.map((row) => row.map((value, at) => typed(value, items[at]))),
      };
    },
  };
}

function readItem(item: LibraryNode, position: number, translation: Translation): readonly Item[] {
  const { table, alias } = translation.scope;
  const from = node(item['expr'], 'this item');
  translation.scope.aggregates = from['type'] === 'aggr_func';
  const itemOf = (expression: Expression, name?: string): Item => {
    const source = expression.column && { ...expression.column, alias: alias ?? expression.column.table.name };
    return { name: name ?? source?.column.name, item: position, type: expression.type, source, expression };
  };
  if (from['type'] !== 'column_ref' || from['column'] !== '*')
    return [itemOf(translation.expression(from), text(item['as']))];
  const qualifier = text(from['table']);
  if (table === undefined) throw new SqlError(1096, 'No tables used');
  return table.columns.map(({ name }) => itemOf(translation.column({ table: qualifier, column: name })));
}

/** Grouping isn't carried out: beside an aggregate, a column has no value. */
function refuseMixedAggregates(items: readonly Item[]): void {
  const aggregates = items.filter(({ expression }) => expression.isAggregate === true);
  if (aggregates.length > 0 && aggregates.length < items.length)
    throw unsupported('an aggregate beside something else');
}

/** @returns the clause, or nothing */
export function whereOf(from: LibraryNode, translation: Translation): string {
  if (!isNode(from['where'])) return '';
  translation.scope.place = 'where clause';
  return ` WHERE ${asNumber(translation.expression(from['where'])).sql}`;
}

function orderOf(from: LibraryNode, translation: Translation, items: readonly Item[]): string {
  if (from['orderby'] === null) return '';
  translation.scope.place = 'order clause';
  const keys = nodes(from['orderby'], 'ORDER BY').map(({ expr, type }) => {
    const key = orderKey(node(expr, 'ORDER BY'), translation, items);
    const collate = key.type === 'text' ? ` COLLATE ${translation.collate(key, key)}` : '';
    return `${key.sql}${collate}${type === 'DESC' ? ' DESC' : ''}`;
  });
  return ` ORDER BY ${keys.join(', ')}`;
}

/** A name may be an alias, and a number the place in the select list. */
function orderKey(from: LibraryNode, translation: Translation, items: readonly Item[]): Expression {
  const name =
    from['type'] === 'column_ref' && from['table'] === null ? text(from['column'])?.toLowerCase() : undefined;
  const position = translation.literal(from);
  const item =
    typeof position === 'bigint' ? items[Number(position) - 1] : items.find((one) => one.name?.toLowerCase() === name);
  if (item !== undefined && (name !== undefined || position !== undefined)) return item.expression;
  if (typeof position === 'bigint') throw new SqlError(1054, `Unknown column '${position}' in 'order clause'`);
  return translation.expression(from);
}

function limitOf(from: LibraryNode, translation: Translation): string {
  if (!isNode(from['limit'])) return '';
  const [first, second] = nodes(from['limit']['value'], 'LIMIT').map((value) => {
    const { sql, type } = translation.expression(value);
    if (type !== 'integer' && type !== 'null') throw new SqlError(1210, 'Incorrect arguments to LIMIT');
    return sql;
  });
  if (second === undefined) return first === undefined ? '' : ` LIMIT ${first}`;
  return from['limit']['seperator'] === ',' ? ` LIMIT ${second} OFFSET ${first}` : ` LIMIT ${first} OFFSET ${second}`;
}

/** @throws SqlError 1690 where a whole number has become a rounded one */
function typed(value: Value, item: Item | undefined): Value {
  if (value === null || item === undefined) return value;
  if (item.type === 'unsigned') return BigInt(value);
  if (item.type === 'integer' && typeof value === 'number') throw new SqlError(1690, 'BIGINT value is out of range');
  return item.type === 'double' ? Number(value) : value;
}

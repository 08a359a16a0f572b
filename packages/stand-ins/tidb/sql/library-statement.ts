import { Parser } from 'node-sql-parser/build/mysql';
import { SqlError, syntaxError, unsupported } from '../sql-error';
import type { Assignment, Limit, OrderItem, ParsedStatement, SelectItem, TableReference } from './ast';
import { readCreateTable } from './library-table';
import { isNode, node, nodes, readExpression, refuseOthers, text, type LibraryNode } from './library-expression';

const parser = new Parser();

/**
 * Parses a statement's shape with the library and turns the result into our own, checked form.
 *
 * @param shape a statement whose values are `:p<slot>`
 * @throws SqlError 1064 where the library can't parse it, 1235 for what is parsed but not carried out here
 */
export function parse(shape: string): ParsedStatement {
  const statement = firstOf(parseWithLibrary(shape));
  switch (statement['type']) {
    case 'select':
      return readSelect(statement);
    case 'insert':
    case 'replace':
      return readInsert(statement);
    case 'update':
      return readUpdate(statement);
    case 'delete':
      return readDelete(statement);
    case 'create':
      return readCreate(statement);
    case 'drop':
      return readDrop(statement);
    case 'truncate':
      return { kind: 'truncate', table: tableOf(statement['name'], 'TRUNCATE') };
    default:
      throw unsupported(String(statement['type']).toUpperCase());
  }
}

function parseWithLibrary(shape: string): unknown {
  try {
    return parser.astify(shape, { database: 'MySQL' });
  } catch (error) {
    const counts = error instanceof Error ? /column count doesn't match.*/.exec(error.message)?.[0] : undefined;
    if (counts !== undefined) throw new SqlError(1136, `C${counts.slice(1)}`);
    const location = isNode(error) && isNode(error['location']) ? error['location']['start'] : undefined;
    const offset = isNode(location) ? Number(location['offset']) : 0;
    throw syntaxError(`near '${shape.slice(offset, offset + 80).trim()}'`);
  }
}

function firstOf(parsed: unknown): LibraryNode {
  return node(Array.isArray(parsed) ? parsed[0] : parsed, 'an empty statement');
}

export function readTable(from: LibraryNode): TableReference {
  refuseOthers(from, ['db', 'table', 'as', 'addition'], 'a table reference');
  return { database: text(from['db']), name: text(from['table']) ?? '', alias: text(from['as']) };
}

function tableOf(list: unknown, what: string): TableReference {
  const tables = nodes(list, what);
  const [first] = tables;
  if (first === undefined || tables.length > 1) throw unsupported(`${what} of several tables (joins)`);
  if ('expr' in first) throw unsupported('subqueries');
  return readTable(first);
}

function readSelect(from: LibraryNode): ParsedStatement {
  refuseOthers(
    from,
    ['distinct', 'columns', 'into', 'from', 'where', 'groupby', 'having', 'orderby', 'limit', 'locking_read'],
    'SELECT',
  );
  if (isNode(from['into']) && from['into']['keyword'] !== undefined) throw unsupported('SELECT … INTO');
  const tables = from['from'] === null ? [] : nodes(from['from'], 'FROM');
  const dual = tables.length === 1 && tables[0]?.['type'] === 'dual';
  return {
    kind: 'select',
    items: nodes(from['columns'], 'SELECT').map(readItem),
    distinct: from['distinct'] === 'DISTINCT',
    from: tables.length === 0 || dual ? undefined : tableOf(tables, 'SELECT'),
    where: optionalExpression(from['where']),
    groupBy: readGroupBy(from['groupby']),
    having: optionalExpression(from['having']),
    orderBy: readOrderBy(from['orderby']),
    limit: readLimit(from['limit']),
    lock: readLock(from['locking_read']),
  };
}

function readItem(item: LibraryNode): SelectItem {
  const expression = node(item['expr'], 'this item');
  const isStar = expression['type'] === 'column_ref' && expression['column'] === '*';
  return {
    expression: isStar ? undefined : readExpression(expression),
    starOf: isStar ? text(expression['table']) : undefined,
    alias: text(item['as']),
  };
}

function readGroupBy(from: unknown) {
  if (!isNode(from)) return [];
  if (Array.isArray(from['modifiers']) && from['modifiers'].some((modifier) => modifier !== null)) {
    throw unsupported('GROUP BY … WITH ROLLUP');
  }
  return nodes(from['columns'], 'GROUP BY').map(readExpression);
}

function readLock(from: unknown): 'none' | 'wait' | 'nowait' {
  if (from === null || from === undefined) return 'none';
  const words = typeof from === 'string' ? from.toUpperCase() : 'this lock';
  if (words === 'FOR UPDATE') return 'wait';
  if (words === 'FOR UPDATE NOWAIT') return 'nowait';
  throw unsupported(words);
}

function optionalExpression(from: unknown) {
  return isNode(from) ? readExpression(from) : undefined;
}

function readOrderBy(from: unknown): readonly OrderItem[] {
  if (from === null || from === undefined) return [];
  return nodes(from, 'ORDER BY').map((item) => ({
    expression: readExpression(item['expr']),
    descending: item['type'] === 'DESC',
  }));
}

function readLimit(from: unknown): Limit | undefined {
  if (!isNode(from)) return undefined;
  const values = nodes(from['value'], 'LIMIT').map(readExpression);
  const [first, second] = values;
  if (first === undefined) return undefined;
  if (second === undefined) return { count: first, offset: undefined };
  return from['seperator'] === ',' ? { count: second, offset: first } : { count: first, offset: second };
}

function readAssignments(from: unknown): readonly Assignment[] {
  return nodes(from, 'SET').map((item) => ({
    column: text(item['column']) ?? '',
    table: text(item['table']),
    value: readExpression(item['value']),
  }));
}

function readInsert(from: LibraryNode): ParsedStatement {
  refuseOthers(from, ['table', 'columns', 'values', 'set', 'prefix', 'on_duplicate_update'], 'INSERT');
  const assignments = from['set'] === undefined ? undefined : readAssignments(from['set']);
  const onDuplicate = isNode(from['on_duplicate_update']) ? readAssignments(from['on_duplicate_update']['set']) : [];
  return {
    kind: 'insert',
    table: tableOf(from['table'], 'INSERT'),
    columns: assignments?.map(({ column }) => column) ?? readNames(from['columns']),
    rows: assignments === undefined ? readRows(from['values']) : [assignments.map(({ value }) => value)],
    ignore: /ignore/i.test(text(from['prefix']) ?? ''),
    replace: from['type'] === 'replace',
    onDuplicate,
  };
}

function readNames(from: unknown): readonly string[] | undefined {
  return Array.isArray(from) ? from.map((name) => text(name) ?? '') : undefined;
}

function readRows(from: unknown) {
  if (!isNode(from) || from['type'] !== 'values') throw unsupported('INSERT … SELECT');
  return nodes(from['values'], 'VALUES').map((row) => nodes(row['value'], 'VALUES').map(readExpression));
}

function readUpdate(from: LibraryNode): ParsedStatement {
  refuseOthers(from, ['table', 'set', 'where', 'orderby', 'limit'], 'UPDATE');
  return {
    kind: 'update',
    table: tableOf(from['table'], 'UPDATE'),
    assignments: readAssignments(from['set']),
    where: optionalExpression(from['where']),
    orderBy: readOrderBy(from['orderby']),
    limit: readLimit(from['limit']),
  };
}

function readDelete(from: LibraryNode): ParsedStatement {
  refuseOthers(from, ['table', 'from', 'where', 'orderby', 'limit'], 'DELETE');
  return {
    kind: 'delete',
    table: tableOf(from['from'], 'DELETE'),
    where: optionalExpression(from['where']),
    orderBy: readOrderBy(from['orderby']),
    limit: readLimit(from['limit']),
  };
}

function readCreate(from: LibraryNode): ParsedStatement {
  if (from['keyword'] === 'table') return readCreateTable(from);
  if (from['keyword'] !== 'database' && from['keyword'] !== 'schema') {
    throw unsupported(`CREATE ${String(from['keyword']).toUpperCase()}`);
  }
  const name = node(from['database'] ?? from['schema'], 'CREATE DATABASE');
  const options = from['create_definitions'] === null ? [] : nodes(from['create_definitions'], 'CREATE DATABASE');
  const option = (keyword: string) => options.find((entry) => entry['keyword'] === keyword)?.['value'];
  return {
    kind: 'create-database',
    name: nodes(name['schema'], 'CREATE DATABASE').map(text).join('.'),
    ifNotExists: Boolean(from['if_not_exists']),
    collation: text(option('collate')),
  };
}

function readDrop(from: LibraryNode): ParsedStatement {
  refuseOthers(from, ['keyword', 'prefix', 'name'], 'DROP');
  const ifExists = Boolean(from['prefix']);
  if (from['keyword'] === 'table') {
    return { kind: 'drop-table', tables: nodes(from['name'], 'DROP TABLE').map(readTable), ifExists };
  }
  if (from['keyword'] === 'database' || from['keyword'] === 'schema') {
    return { kind: 'drop-database', name: text(from['name']) ?? '', ifExists };
  }
  throw unsupported(`DROP ${String(from['keyword']).toUpperCase()}`);
}

import { syntaxError, unsupported } from '../sql-error';
import type { ColumnDefinition, KeyDefinition, ParsedStatement } from './ast';
import { isNode, node, nodes, readExpression, refuseOthers, text, type LibraryNode } from './library-expression';

/** Options that change no answer here. */
const IGNORED_OPTIONS = new Set(['engine', 'comment', 'row_format', 'auto_increment', 'avg_row_length', 'compression']);

/** @param from the library's node of a CREATE TABLE. @throws SqlError 1235 for what isn't carried out here */
export function readCreateTable(from: LibraryNode): ParsedStatement {
  refuseOthers(from, ['keyword', 'if_not_exists', 'table', 'create_definitions', 'table_options'], 'CREATE TABLE');
  const [table] = nodes(from['table'], 'CREATE TABLE');
  const columns: ColumnDefinition[] = [];
  const uniqueKeys: KeyDefinition[] = [];
  let primaryKey: readonly string[] = [];
  for (const definition of nodes(from['create_definitions'], 'CREATE TABLE without columns')) {
    if (definition['resource'] === 'column') {
      const column = readColumn(definition);
      columns.push(column);
      if (definition['primary_key'] !== undefined) primaryKey = [column.name];
      if (definition['unique'] !== undefined) uniqueKeys.push({ name: undefined, columns: [column.name] });
    } else if (definition['resource'] === 'constraint') {
      const type = String(definition['constraint_type']).toLowerCase();
      if (type === 'primary key') primaryKey = keyColumns(definition);
      else if (type.startsWith('unique'))
        uniqueKeys.push({ name: text(definition['index']), columns: keyColumns(definition) });
      else throw unsupported(`${type.toUpperCase()} in CREATE TABLE`);
    } else if (definition['resource'] === 'index') {
      keyColumns(definition); // a plain index changes no answer; what it says is still checked
    } else {
      throw unsupported(`${String(definition['resource'])} in CREATE TABLE`);
    }
  }
  return {
    kind: 'create-table',
    table: { database: text(table?.['db']), name: text(table?.['table']) ?? '', alias: undefined },
    ifNotExists: Boolean(from['if_not_exists']),
    columns,
    primaryKey,
    uniqueKeys,
    ...readOptions(from['table_options']),
  };
}

function readOptions(from: unknown): { charset: string | undefined; collation: string | undefined } {
  const options = { charset: undefined as string | undefined, collation: undefined as string | undefined };
  for (const option of Array.isArray(from) ? nodes(from, 'table options') : []) {
    const keyword = String(option['keyword']).toLowerCase();
    if (/charset|character set/.test(keyword)) options.charset = text(option['value']);
    else if (/collate/.test(keyword)) options.collation = text(option['value']);
    else if (!IGNORED_OPTIONS.has(keyword)) throw unsupported(`table option ${keyword}`);
  }
  return options;
}

function keyColumns(from: LibraryNode): readonly string[] {
  return nodes(from['definition'], 'this key').map((column) => {
    if (column['suffix'] !== undefined && column['suffix'] !== null) throw unsupported('a key on a column prefix');
    const name = text(column['column']);
    if (column['type'] !== 'column_ref' || name === undefined) throw unsupported('a key on an expression');
    return name;
  });
}

const COLUMN_FIELDS = [
  'column',
  'definition',
  'resource',
  'character_set',
  'collate',
  'nullable',
  'primary_key',
  'unique',
  'auto_increment',
  'default_val',
  'comment',
];

function readColumn(from: LibraryNode): ColumnDefinition {
  refuseOthers(from, COLUMN_FIELDS, 'a column definition');
  const type = node(from['definition'], 'this column type');
  const suffixes = Array.isArray(type['suffix']) ? type['suffix'].map((suffix) => String(suffix).toUpperCase()) : [];
  const other = suffixes.find((suffix) => suffix !== 'UNSIGNED');
  if (other !== undefined) throw unsupported(`${other} column`);
  const fallback = isNode(from['default_val']) ? node(from['default_val']['value'], 'DEFAULT') : undefined;
  const name = text(node(from['column'], 'this column')['column']);
  if (name === undefined) throw syntaxError('a column without a name');
  return {
    name,
    type: String(type['dataType']).toUpperCase(),
    length: typeof type['length'] === 'number' ? type['length'] : undefined,
    scale: typeof type['scale'] === 'number' ? type['scale'] : undefined,
    unsigned: suffixes.includes('UNSIGNED'),
    charset: isNode(from['character_set']) ? text(from['character_set']['value']) : undefined,
    collation: collationOf(from['collate']) ?? collationOf(fallback?.['collate']),
    notNull: isNode(from['nullable']) && from['nullable']['type'] === 'not null',
    autoIncrement: from['auto_increment'] !== undefined,
    ...readDefault(fallback),
  };
}

function collationOf(from: unknown): string | undefined {
  return isNode(from) && isNode(from['collate']) ? text(from['collate']['name']) : undefined;
}

const CLOCKS = new Set(['CURRENT_TIMESTAMP', 'NOW', 'LOCALTIME', 'LOCALTIMESTAMP']);

function readDefault(from: LibraryNode | undefined): Pick<ColumnDefinition, 'default' | 'onUpdateNow'> {
  if (from === undefined) return { default: undefined, onUpdateNow: false };
  if (from['type'] !== 'function') {
    return { default: readExpression({ ...from, collate: null }), onUpdateNow: false };
  }
  const parts = nodes(node(from['name'], 'DEFAULT')['name'], 'DEFAULT').map((part) => text(part)?.toUpperCase() ?? '');
  if (!CLOCKS.has(parts.join('.'))) throw unsupported(`DEFAULT ${parts.join('.')}()`);
  return {
    default: { kind: 'call', name: 'NOW', arguments: [] },
    onUpdateNow: isNode(from['over']) && from['over']['type'] === 'on update',
  };
}

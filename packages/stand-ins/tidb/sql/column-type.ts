import type { ColumnType } from '../table';
import { type Collation, collationNamed, DEFAULT_COLLATION } from './collation';
import { coded, outOfColumn, SqlError, unsupported } from './errors';
import { asText, type Expression, quoteText } from './expression';
import { collationIn, isNode, type LibraryNode, node, text } from './parser';

const INTEGER_BITS: Readonly<Record<string, number>> = { TINYINT: 8, SMALLINT: 16, INT: 32, INTEGER: 32, BIGINT: 64 };
const TEXT_BYTES = 65_535;

/** @param from a column definition of the parser library. @throws SqlError 1235 for a type that isn't carried out here */
export function columnType(from: LibraryNode, tableCollation: Collation): ColumnType {
  const { dataType, length, suffix } = node(from['definition'], 'this column type');
  const name = String(dataType).toUpperCase();
  if (Array.isArray(suffix) && suffix.length > 0) throw unsupported(`${name} ${suffix.join(' ')} columns`);
  const bits = INTEGER_BITS[name];
  if (bits !== undefined) return integerType(name === 'INTEGER' ? 'int' : name.toLowerCase(), bits);
  if (name === 'DOUBLE') return { sql: 'double', type: 'double', storage: 'REAL', collation: DEFAULT_COLLATION };
  const isVarchar = name === 'VARCHAR' && typeof length === 'number';
  if (!isVarchar && name !== 'TEXT') throw unsupported(`column type ${name}`);
  const most = isVarchar ? length : TEXT_BYTES;
  const bytes = (column: string): string => `octet_length(${column}) <= ${most}`;
  return {
    sql: isVarchar ? `varchar(${length})` : 'text',
    type: 'text',
    storage: 'TEXT',
    collation: collationFor(from, tableCollation),
    maximumLength: most,
    // SQLite's own `length` ends at a zero character: ours is asked where the bytes are too many
    check: (column, label) => [
      new SqlError(1406, `Data too long for column '${label}' at row 1`),
      isVarchar ? `${bytes(column)} OR char_length(${column}) <= ${most}` : bytes(column),
    ],
  };
}

function integerType(sql: string, bits: number): ColumnType {
  const range = `BETWEEN ${-(2 ** (bits - 1))} AND ${2 ** (bits - 1) - 1}`;
  const type: ColumnType = { sql, type: 'integer', storage: 'INT', collation: DEFAULT_COLLATION };
  return bits === 64 ? type : { ...type, check: (column, name) => [outOfColumn(name), `${column} ${range}`] };
}

function collationFor(from: LibraryNode, tableCollation: Collation): Collation {
  const fallback = isNode(from['default_val']) ? from['default_val']['value'] : undefined;
  const charset = isNode(from['character_set']) ? text(from['character_set']['value']) : undefined;
  const named = collationIn(from['collate']) ?? collationIn(isNode(fallback) ? fallback['collate'] : undefined);
  if (named === undefined) return charset === undefined ? tableCollation : collationNamed(`${charset}_bin`);
  return collationNamed(named);
}

/**
 * A value on its way into a column, as strict SQL mode converts it: a text must be a number from end to end, a fraction
 * is rounded. SQLite's own types and the column's checks then refuse what doesn't fit.
 */
export function converted(value: Expression, { type }: ColumnType, name: string): string {
  if (value.type === 'null') return 'NULL';
  if (type === 'text') return asText(value).sql;
  if (value.type === 'datetime') throw unsupported('a time in a column of numbers');
  if (value.type === type || value.type === 'integer' || value.type === 'unsigned') return value.sql;
  return `${type}_of(${value.sql}, ${quoteText(name)})`;
}

/** A CHECK that bears its error as its name. */
export function check([error, condition]: readonly [SqlError, string]): string {
  return `CONSTRAINT "${coded(error).replaceAll('"', '""')}" CHECK (${condition})`;
}

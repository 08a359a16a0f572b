import { Parser } from 'node-sql-parser/build/mysql';
import { SqlError, syntaxError, unsupported } from './errors';

/** A node as the parser library makes it; its own types leave out most of what is there. */
export type LibraryNode = Readonly<Record<string, unknown>>;

const parser = new Parser();

/** How many statements are kept parsed. */
const KEPT = 500;
const kept = new Map<string, LibraryNode>();

/**
 * Parses a statement's shape with the library.
 *
 * @param shape a statement whose values are `:p<slot>`
 * @throws SqlError 1064 where the library can't parse it
 */
export function parse(shape: string): LibraryNode {
  const known = kept.get(shape);
  if (known !== undefined) return known;
  const parsed = parseWithLibrary(shape);
  const statement = node(Array.isArray(parsed) ? parsed[0] : parsed, 'an empty statement');
  if (kept.size >= KEPT) kept.clear();
  kept.set(shape, statement);
  return statement;
}

function parseWithLibrary(shape: string): unknown {
  try {
    return parser.astify(shape, { database: 'MySQL' });
  } catch (error) {
    const counts = error instanceof Error ? /column count doesn't match.*/.exec(error.message)?.[0] : undefined;
    if (counts !== undefined) throw new SqlError(1136, `C${counts.slice(1)}`);
    const location = isNode(error) && isNode(error['location']) ? error['location']['start'] : undefined;
    throw syntaxError(shape.slice(isNode(location) ? Number(location['offset']) : 0).trim());
  }
}

export function isNode(value: unknown): value is LibraryNode {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @throws SqlError 1235 where the library gives something else than a node */
export function node(value: unknown, what: string): LibraryNode {
  if (!isNode(value)) throw unsupported(what);
  return value;
}

export function nodes(value: unknown, what: string): readonly LibraryNode[] {
  if (!Array.isArray(value)) throw unsupported(what);
  return value.map((item) => node(item, what));
}

export function text(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return isNode(value) && typeof value['value'] === 'string' ? value['value'] : undefined;
}

/** The name of a COLLATE clause. */
export function collationIn(clause: unknown): string | undefined {
  return isNode(clause) && isNode(clause['collate']) ? text(clause['collate']['name']) : undefined;
}

/** Refuses what the statement has beside the fields that are read. @throws SqlError 1235 naming the field */
export function refuseOthers(statement: LibraryNode, known: string, what: string): void {
  const read = ['type', 'parentheses', ...known.split(' ')];
  for (const [field, value] of Object.entries(statement)) {
    const isEmpty =
      value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
    if (!isEmpty && !read.includes(field)) throw unsupported(`${field.toUpperCase().replaceAll('_', ' ')} in ${what}`);
  }
}

export interface TableName {
  readonly database: string | undefined;
  readonly name: string;
  readonly alias?: string | undefined;
}

export function readTable(from: LibraryNode): TableName {
  refuseOthers(from, 'db table as addition', 'a table reference');
  return { database: text(from['db']), name: text(from['table']) ?? '', alias: text(from['as']) };
}

/** @throws SqlError 1235 for joins and subqueries */
export function onlyTable(list: unknown, what: string): TableName {
  const [first, ...others] = nodes(list, what);
  if (first === undefined || others.length > 0) throw unsupported(`${what} of several tables (joins)`);
  if ('expr' in first) throw unsupported('subqueries');
  return readTable(first);
}

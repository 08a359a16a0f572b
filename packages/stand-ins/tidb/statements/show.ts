import { type SqlError, syntaxError, unsupported } from '../sql-error';
import type { Session } from '../session';
import { like } from '../sql/like';
import type { Token } from '../sql/lexer';
import { collationNamed } from '../values/collation';
import type { Table } from '../storage/table';
import { toText, type Value } from '../values/value';
import { keyOf } from './information-schema';
import type { Result, ResultColumn } from './plan';

const CASELESS = collationNamed('utf8mb4_general_ci');

function result(names: readonly string[], rows: readonly (readonly Value[])[]): Result {
  const columns: ResultColumn[] = names.map((name) => ({ name, type: 'text', source: undefined }));
  return { kind: 'rows', columns, rows };
}

/** The statement's words, names as written. */
class Words {
  private at = 0;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly sql: string,
  ) {}

  /** Takes the words if they come next. */
  take(...words: readonly string[]): boolean {
    const matches = words.every((word, offset) => this.tokens[this.at + offset]?.text === word);
    if (matches) this.at += words.length;
    return matches;
  }

  takeName(): string {
    const token = this.tokens[this.at++];
    if (token === undefined || (token.kind !== 'word' && token.kind !== 'quoted')) throw this.error();
    return token.kind === 'quoted' ? token.text : this.sql.slice(token.start, token.end);
  }

  takeTable(): { database: string | undefined; name: string } {
    const name = this.takeName();
    return this.take('.') ? { database: name, name: this.takeName() } : { database: undefined, name };
  }

  /** LIKE 'pattern', if it comes next. */
  takeLike(): (name: string) => boolean {
    if (!this.take('LIKE')) return () => true;
    const pattern = this.tokens[this.at++]?.value;
    if (typeof pattern !== 'string') throw this.error();
    return (name) => like(name, pattern, CASELESS) === true;
  }

  end(): void {
    if (this.at < this.tokens.length) throw this.error();
  }

  error(): SqlError {
    return syntaxError(`near '${this.sql.slice(this.tokens[this.at]?.start ?? this.sql.length).slice(0, 80)}'`);
  }
}

/** SHOW and DESCRIBE; their grammar is read here since the parser library knows little of it. */
export function show(sql: string, tokens: readonly Token[], session: Session): Result {
  const words = new Words(tokens, sql);
  if (words.take('DESC') || words.take('DESCRIBE')) return showColumns(words, session);
  words.take('SHOW');
  const isFull = words.take('FULL');
  if (words.take('DATABASES') || words.take('SCHEMAS')) return showDatabases(words, session);
  if (words.take('TABLES')) return showTables(words, session, isFull);
  if (words.take('CREATE', 'TABLE')) {
    const table = tableOf(words, session);
    return result(['Table', 'Create Table'], [[table.name, createStatement(table)]]);
  }
  if (words.take('COLUMNS', 'FROM') || words.take('FIELDS', 'FROM')) return showColumns(words, session);
  if (words.take('WARNINGS') || words.take('ERRORS')) {
    words.end();
    return result(['Level', 'Code', 'Message'], []);
  }
  if (words.take('GLOBAL')) throw unsupported('SHOW GLOBAL');
  words.take('SESSION');
  if (words.take('VARIABLES')) return showVariables(words, session);
  throw unsupported(sql.slice(0, 80));
}

function tableOf(words: Words, session: Session): Table {
  const { database, name } = words.takeTable();
  words.end();
  return session.catalog.table(database ?? session.state.database, name);
}

function showDatabases(words: Words, session: Session): Result {
  const matches = words.takeLike();
  words.end();
  const names = ['INFORMATION_SCHEMA', ...[...session.catalog.databases.values()].map(({ name }) => name)];
  return result(
    ['Database'],
    names
      .filter(matches)
      .sort()
      .map((name) => [name]),
  );
}

function showTables(words: Words, session: Session, isFull: boolean): Result {
  const named = words.take('FROM') || words.take('IN') ? words.takeName() : session.state.database;
  const matches = words.takeLike();
  words.end();
  const database = session.catalog.database(named);
  const names = [...database.tables.values()]
    .map(({ name }) => name)
    .filter(matches)
    .sort();
  const heading = `Tables_in_${database.name}`;
  return isFull
    ? result(
        [heading, 'Table_type'],
        names.map((name) => [name, 'BASE TABLE']),
      )
    : result(
        [heading],
        names.map((name) => [name]),
      );
}

function showColumns(words: Words, session: Session): Result {
  const table = tableOf(words, session);
  return result(
    ['Field', 'Type', 'Null', 'Key', 'Default', 'Extra'],
    table.columns.map(({ name, type, notNull, defaultText, autoIncrement }, position) => [
      name,
      type.sql,
      notNull ? 'NO' : 'YES',
      keyOf(table, position),
      defaultText === undefined || defaultText === 'NULL' ? null : defaultText.replace(/^'|'$/g, ''),
      autoIncrement ? 'auto_increment' : '',
    ]),
  );
}

function showVariables(words: Words, session: Session): Result {
  const matches = words.takeLike();
  words.end();
  const rows = session.variables
    .entries()
    .filter(([name]) => matches(name))
    .map(([name, value]) => [name, value === null ? '' : toText(value)]);
  return result(['Variable_name', 'Value'], rows);
}

/** As TiDB prints it. */
function createStatement(table: Table): string {
  const lines = table.columns.map(({ name, type, notNull, defaultText, autoIncrement }) => {
    const collate = type.result === 'text' && type.collation.name !== table.collation;
    return [
      `  \`${name}\` ${type.sql}`,
      collate ? ` CHARACTER SET ${type.collation.charset} COLLATE ${type.collation.name}` : '',
      notNull ? ' NOT NULL' : '',
      defaultText === undefined ? (notNull ? '' : ' DEFAULT NULL') : ` DEFAULT ${defaultText}`,
      autoIncrement ? ' AUTO_INCREMENT' : '',
    ].join('');
  });
  const columnNames = (positions: readonly number[]) =>
    positions.map((position) => `\`${table.columns[position]?.name}\``).join(',');
  if (table.primary !== undefined) {
    lines.push(`  PRIMARY KEY (${columnNames(table.primary.columns)}) /*T![clustered_index] CLUSTERED */`);
  }
  for (const { key } of table.unique) lines.push(`  UNIQUE KEY \`${key.name}\` (${columnNames(key.columns)})`);
  const { charset } = collationNamed(table.collation);
  return `CREATE TABLE \`${table.name}\` (\n${lines.join(',\n')}\n) ENGINE=InnoDB DEFAULT CHARSET=${charset} COLLATE=${table.collation}`;
}

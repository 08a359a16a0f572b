import { INFORMATION_SCHEMA } from '../catalog';
import { SqlError, unsupported } from '../errors';
import type { Cursor } from '../sql/cursor';
import type { Context, Plan } from './plan';

/** SHOW DATABASES and SHOW TABLES. @throws SqlError 1235 for what else can be shown */
export function planShow(cursor: Cursor, { database: { catalog }, current }: Context): Plan {
  const what = cursor.token?.text ?? '';
  cursor.position += 1;
  cursor.end();
  if (what === 'DATABASES') {
    return shown('Database', () => [INFORMATION_SCHEMA, ...[...catalog.schemas.values()].map(({ name }) => name)]);
  }
  if (what !== 'TABLES') throw unsupported(`SHOW ${what}`);
  if (current === undefined) throw new SqlError(1046, 'No database selected');
  return shown(`Tables_in_${current}`, () => [...catalog.schema(current).tables.values()].map(({ name }) => name));
}

function shown(name: string, names: () => readonly string[]): Plan {
  const columns = [{ name, type: 'text' }] as const;
  return { columns, run: () => ({ kind: 'rows', columns, rows: [...names()].sort().map((shownName) => [shownName]) }) };
}

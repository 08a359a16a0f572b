import { noSuchTable, SqlError } from '../sql-error';
import type { ParsedStatement, TableReference } from '../sql/ast';
import { parse } from '../sql/library-statement';
import type { Catalog } from '../storage/catalog';
import type { Table } from '../storage/table';
import { planDefinition } from './definitions';
import { informationTable } from './information-schema';
import { planInsert } from './insert';
import type { Plan } from './plan';
import { planSelect } from './select';
import { planDelete, planUpdate } from './update-delete';

const parsed = new Map<string, ParsedStatement>();
const plans = new WeakMap<Catalog, { version: number; readonly byStatement: Map<string, Plan> }>();
/** Shapes come from programs, so there are few; a client that makes ever new ones must not fill the memory. */
const MAX_SHAPES = 500;

/**
 * Parses and compiles a statement; both are remembered.
 *
 * @param shape a statement without its values
 * @throws SqlError for what can't be parsed, isn't carried out here, or names what isn't there
 */
export function planStatement(shape: string, catalog: Catalog, database: string | undefined): Plan {
  if (database === 'information_schema' || /information_schema/i.test(shape)) return make(shape, catalog, database);
  let known = plans.get(catalog);
  if (known?.version !== catalog.version) {
    known = { version: catalog.version, byStatement: new Map() };
    plans.set(catalog, known);
  }
  const key = `${database ?? ''}\u0000${shape}`;
  return remembered(known.byStatement, key, () => make(shape, catalog, database));
}

function remembered<V>(memory: Map<string, V>, key: string, create: () => V): V {
  let value = memory.get(key);
  if (value === undefined) {
    value = create();
    if (memory.size >= MAX_SHAPES) memory.clear();
    memory.set(key, value);
  }
  return value;
}

function make(shape: string, catalog: Catalog, database: string | undefined): Plan {
  const statement = remembered(parsed, shape, () => parse(shape));
  const find = (reference: TableReference) => findTable(reference, catalog, database);
  switch (statement.kind) {
    case 'select':
      return planSelect(statement, statement.from === undefined ? undefined : find(statement.from));
    case 'insert':
      return planInsert(statement, writable(find(statement.table)));
    case 'update':
      return planUpdate(statement, writable(find(statement.table)));
    case 'delete':
      return planDelete(statement, writable(find(statement.table)));
    default:
      return planDefinition(statement, catalog);
  }
}

/** @throws SqlError 1044 for information_schema */
function writable(table: Table): Table {
  if (table.database === 'information_schema') {
    throw new SqlError(1044, "Access denied for user 'root'@'%' to database 'information_schema'");
  }
  return table;
}

function findTable(reference: TableReference, catalog: Catalog, current: string | undefined): Table {
  const database = reference.database ?? current;
  if (database?.toLowerCase() !== 'information_schema') return catalog.table(database, reference.name);
  const table = informationTable(reference.name, catalog);
  if (table === undefined) throw noSuchTable(database, reference.name);
  return table;
}

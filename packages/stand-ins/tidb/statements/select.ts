import { SqlError, unknownColumn, unsupported } from '../sql-error';
import type { Expression, Select } from '../sql/ast';
import { compile } from '../sql/compile';
import type { AggregateCall, Compiled, Environment, Scope } from '../sql/environment';
import type { Row, Table } from '../storage/table';
import { toText, truth, type Value } from '../values/value';
import { aggregate } from './aggregate';
import type { Plan, ResultColumn, Run } from './plan';
import { columnOf, compareKeys, compileLimit, RowSource, tableScope } from './row-source';

interface Output {
  readonly column: ResultColumn;
  readonly value: Compiled;
}

interface OrderKey {
  readonly descending: boolean;
  readonly key: Compiled;
  /** Of ORDER BY <position>: the slot with the position. */
  readonly positionSlot: number | undefined;
}

/** @param table undefined for a SELECT without FROM */
export function planSelect(statement: Select, table: Table | undefined): Plan {
  const aggregates: AggregateCall[] = [];
  const names = tableScope(table, statement.from, 'field list');
  const scope: Scope = { ...names, aggregate: (call) => aggregates.push(call) - 1 };
  const outputs = compileItems(statement, table, scope);
  const afterwards = aliasScope(outputs, scope);
  const having = statement.having === undefined ? undefined : compile(statement.having, afterwards);
  const order = statement.orderBy.map(({ expression, descending }) =>
    compileOrderKey(expression, descending, afterwards),
  );
  const groups = statement.groupBy.map((expression) => {
    if (expression.kind === 'slot' && expression.literal) throw unsupported('GROUP BY <position>');
    return compile(expression, afterwards);
  });
  const limit = compileLimit(statement.limit);
  const source =
    table === undefined || statement.from === undefined
      ? undefined
      : new RowSource(table, statement.from, statement.where);
  const condition =
    table === undefined && statement.where !== undefined
      ? compile(statement.where, tableScope(undefined, undefined, 'where clause'))
      : undefined;
  const isGrouped = groups.length > 0 || aggregates.length > 0 || having !== undefined;
  const columns = outputs.map(({ column }) => column);

  return {
    columns,
    run(run) {
      const environment = readEnvironment(run);
      checkPositions(order, columns.length, environment);
      const rows = inputRows(run, environment, source, condition, statement.lock);
      const output: { readonly row: readonly Value[]; readonly keys: readonly Value[] }[] = [];
      const emit = () => {
        if (having !== undefined && truth(having.evaluate(environment)) !== true) return;
        const row = outputs.map(({ value }) => value.evaluate(environment));
        output.push({ row, keys: order.map((item) => orderValue(item, row, environment)) });
      };
      if (isGrouped) {
        for (const group of groupRows(rows, groups, environment)) {
          environment.aggregates = aggregates.map((call) => aggregate(call, group, environment));
          environment.row = group[0] ?? [];
          emit();
        }
      } else {
        for (const row of rows) {
          environment.row = row;
          emit();
        }
      }
      if (order.length > 0) output.sort((a, b) => compareKeys(a.keys, b.keys, order, environment));
      const all = output.map(({ row }) => row);
      const kept = statement.distinct ? distinct(all, outputs, environment) : all;
      return { kind: 'rows', columns, rows: limit === undefined ? kept : limit.cut(kept, environment) };
    },
  };
}

function readEnvironment({ session, values }: Run): Environment {
  return { session: session.state, values, row: [], proposed: undefined, aggregates: [], writes: false };
}

function inputRows(
  { transaction, session }: Run,
  environment: Environment,
  source: RowSource | undefined,
  condition: Compiled | undefined,
  lock: Select['lock'],
): readonly Row[] {
  if (source === undefined) {
    return condition === undefined || truth(condition.evaluate(environment)) === true ? [[]] : [];
  }
  if (lock === 'nowait') session.failInsteadOfWaiting = true;
  const mode = lock === 'none' ? 'snapshot' : 'lock';
  return Array.from(source.find(transaction, environment, mode), ({ row }) => row);
}

function compileItems(statement: Select, table: Table | undefined, scope: Scope): readonly Output[] {
  const { from } = statement;
  return statement.items.flatMap(({ expression, starOf, alias }, index): readonly Output[] => {
    if (expression !== undefined) {
      const value = compile(expression, scope);
      return [
        {
          column: {
            name: alias ?? (expression.kind === 'column' ? expression.name : `\u0000${index}`),
            type: value.type,
            source: value.column,
          },
          value,
        },
      ];
    }
    if (table === undefined || from === undefined) throw new SqlError(1096, 'No tables used');
    if (starOf !== undefined && starOf.toLowerCase() !== (from.alias ?? from.name).toLowerCase()) {
      throw new SqlError(1051, `Unknown table '${starOf}'`);
    }
    return table.columns.map(({ name }, position) => {
      const value = compile({ kind: 'column', table: undefined, name }, scope);
      return { column: { name, type: value.type, source: columnOf(table, from, position) }, value };
    });
  });
}

/** The name of an expression without alias is its text, which isn't the same for all statements of a shape. */
export function columnName({ name }: ResultColumn, itemTexts: readonly string[]): string {
  return name.startsWith('\u0000') ? (itemTexts[Number(name.slice(1))] ?? '') : name;
}

/** In HAVING, GROUP BY and ORDER BY an alias comes before a column. */
function aliasScope(outputs: readonly Output[], scope: Scope): Scope {
  return {
    ...scope,
    alias: (name) => outputs.find(({ column }) => column.name.toLowerCase() === name.toLowerCase())?.value,
  };
}

function compileOrderKey(expression: Expression, descending: boolean, scope: Scope): OrderKey {
  const positionSlot = expression.kind === 'slot' && expression.literal ? expression.slot : undefined;
  return { descending, key: compile(expression, scope), positionSlot };
}

/** @throws SqlError 1054 for an ORDER BY <position> beyond the select list */
function checkPositions(order: readonly OrderKey[], width: number, { values }: Environment): void {
  for (const { positionSlot } of order) {
    const position = positionSlot === undefined ? undefined : values[positionSlot];
    if (typeof position === 'bigint' && (position < 1n || position > width)) {
      throw unknownColumn(position.toString(), 'order clause');
    }
  }
}

function orderValue({ key, positionSlot }: OrderKey, row: readonly Value[], environment: Environment): Value {
  const position = positionSlot === undefined ? undefined : environment.values[positionSlot];
  return typeof position === 'bigint' ? (row[Number(position) - 1] ?? null) : key.evaluate(environment);
}

function groupRows(
  rows: readonly Row[],
  groups: readonly Compiled[],
  environment: Environment,
): Iterable<readonly Row[]> {
  if (groups.length === 0) return [rows];
  const byKey = new Map<string, Row[]>();
  for (const row of rows) {
    environment.row = row;
    const key = keyOf(
      groups.map((group) => group.evaluate(environment)),
      groups,
      environment,
    );
    const group = byKey.get(key);
    if (group === undefined) byKey.set(key, [row]);
    else group.push(row);
  }
  return byKey.values();
}

function keyOf(values: readonly Value[], compiled: readonly Compiled[], environment: Environment): string {
  return JSON.stringify(
    values.map((value, index) => {
      if (value === null) return null;
      const collation = compiled[index]?.coercion?.collation ?? environment.session.collation;
      return typeof value === 'string' ? collation.key(value) : toText(value);
    }),
  );
}

function distinct(
  rows: readonly (readonly Value[])[],
  outputs: readonly Output[],
  environment: Environment,
): readonly (readonly Value[])[] {
  const values = outputs.map(({ value }) => value);
  const first = new Map<string, readonly Value[]>();
  for (const row of rows) {
    const key = keyOf(row, values, environment);
    if (!first.has(key)) first.set(key, row);
  }
  return [...first.values()];
}

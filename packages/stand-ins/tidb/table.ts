import { LargeMap } from '../large-map';
import { BINARY, type Column } from './column';
import { SqlError } from './errors';
import { unpadded, type Value } from './value';

/** By the columns' positions. */
export type Row = readonly Value[];

/** A statement that made a part of the schema, and the database in use. */
export interface Definition {
  readonly sql: string;
  readonly database: string | undefined;
}

/** A unique key: which row has which values. */
interface Key {
  readonly positions: readonly number[];
  readonly holders: LargeMap<string, number>;
}

/** A table's columns and rows. A row has a number, which it keeps. */
export class Table {
  readonly rows = LargeMap.byNumber<Row>();
  private readonly keys: readonly Key[];
  private lastNumber = 0;

  /** @param unique the columns of each key; the first is the primary one, which may have none */
  constructor(
    readonly database: string,
    readonly name: string,
    readonly columns: readonly Column[],
    readonly unique: readonly (readonly string[])[],
    /** The statements that made it what it is. */
    readonly definitions: readonly Definition[] = [],
    /** Of columns that name none. */
    readonly collation: string = BINARY,
  ) {
    this.keys = unique
      .filter((names) => names.length > 0)
      .map((names) => ({ positions: names.map((name) => this.position(name)), holders: LargeMap.byText() }));
  }

  /** @returns -1 for a column that isn't there */
  position(name: string): number {
    return this.columns.findIndex((column) => column.name.toLowerCase() === name.toLowerCase());
  }

  /** This table with one column more, NULL in the rows that are there. */
  withColumn(column: Column, definition: Definition): Table {
    const { database, name, columns, unique, definitions, collation } = this;
    const wider = new Table(database, name, [...columns, column], unique, [...definitions, definition], collation);
    for (const [number, row] of this.rows) wider.put(number, [...row, null]);
    return wider;
  }

  nextNumber(): number {
    return this.lastNumber + 1;
  }

  /** The row that has the same values as this one in a unique key. */
  duplicateOf(row: Row): number | undefined {
    for (const { positions, holders } of this.keys) {
      const key = keyOf(positions, row);
      const holder = key === undefined ? undefined : holders.get(key);
      if (holder !== undefined) return holder;
    }
    return undefined;
  }

  /** The rows that can have this value in a column: by the column's key if it has one, else undefined. */
  lookUp(position: number | undefined, value: Value = null): readonly number[] | undefined {
    const key = this.keys.find(({ positions }) => positions.length === 1 && positions[0] === position);
    if (key === undefined) return undefined;
    const wanted = valueKey(value);
    const holder = wanted === undefined ? undefined : key.holders.get(wanted);
    return holder === undefined ? [] : [holder];
  }

  /** Removes a row where one with other keys is to take its place, so that others may have its keys. */
  vacate(number: number, row: Row | undefined): void {
    const before = this.rows.get(number);
    if (before && this.keys.some(({ positions }) => differ(positions, before, row))) this.put(number, undefined);
  }

  /** Puts a row under its number, in the place of what is there; undefined removes it. @throws SqlError 1062, nothing done */
  put(number: number, row: Row | undefined): void {
    const before = this.rows.get(number);
    const moves: {
      readonly holders: Key['holders'];
      readonly from: string | undefined;
      readonly to: string | undefined;
    }[] = [];
    for (const { positions, holders } of this.keys) {
      if (!differ(positions, before, row)) continue;
      const to = keyOf(positions, row);
      if (to !== undefined && (holders.get(to) ?? number) !== number) {
        const names = positions.map((position) => this.columns[position]?.name).join(', ');
        throw new SqlError(1062, `Duplicate entry for key '${this.name}.${names}'`);
      }
      moves.push({ holders, from: keyOf(positions, before), to });
    }
    for (const { holders, from, to } of moves) {
      if (from !== undefined) holders.delete(from);
      if (to !== undefined) holders.set(to, number);
    }
    if (row === undefined) this.rows.delete(number);
    else this.rows.set(number, row);
    this.lastNumber = Math.max(this.lastNumber, number);
  }
}

function differ(positions: readonly number[], row: Row | undefined, other: Row | undefined): boolean {
  for (const position of positions) if (row?.[position] !== other?.[position]) return true;
  return false;
}

/** @returns undefined where a value is NULL, which equals none */
function keyOf(positions: readonly number[], row: Row | undefined): string | undefined {
  let key = '';
  for (const position of positions) {
    const part = valueKey(row?.[position] ?? null);
    if (part === undefined) return undefined;
    key += positions.length === 1 ? part : `${part.length}:${part}`;
  }
  return key;
}

function valueKey(value: Value): string | undefined {
  return value === null ? undefined : typeof value === 'string' ? unpadded(value) : String(value);
}

/** An expression, grouped by MySQL's operator precedence. */
export type Expression =
  /** A value of the statement: its number, and whether it stands in the text or is a parameter. */
  | { readonly kind: 'slot'; readonly slot: number; readonly literal: boolean }
  /** DEFAULT as a value to write. */
  | { readonly kind: 'default' }
  | { readonly kind: 'null' }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'column'; readonly table: string | undefined; readonly name: string }
  | { readonly kind: 'prefix'; readonly operator: 'NOT' | '!' | '-' | '+' | '~'; readonly operand: Expression }
  | { readonly kind: 'infix'; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | {
      readonly kind: 'case';
      readonly operand: Expression | undefined;
      readonly whens: readonly When[];
      readonly otherwise: Expression | undefined;
    }
  | { readonly kind: 'call'; readonly name: string; readonly arguments: readonly Expression[] }
  | {
      readonly kind: 'aggregate';
      readonly name: string;
      readonly distinct: boolean;
      readonly argument: Expression | undefined;
    }
  | { readonly kind: 'cast'; readonly operand: Expression; readonly type: CastType }
  | { readonly kind: 'collate'; readonly operand: Expression; readonly collation: string }
  /** `@name` (user) or `@@name` (system). */
  | { readonly kind: 'variable'; readonly system: boolean; readonly name: string };

export interface When {
  readonly condition: Expression;
  readonly result: Expression;
}

export interface CastType {
  readonly name: string;
  readonly length: number | undefined;
  readonly scale: number | undefined;
}

export interface TableReference {
  readonly database: string | undefined;
  readonly name: string;
  readonly alias: string | undefined;
}

export interface SelectItem {
  /** Absent for `*`. */
  readonly expression: Expression | undefined;
  /** The table of `t.*`. */
  readonly starOf: string | undefined;
  readonly alias: string | undefined;
}

export interface OrderItem {
  readonly expression: Expression;
  readonly descending: boolean;
}

export interface Limit {
  readonly count: Expression;
  readonly offset: Expression | undefined;
}

export interface Assignment {
  readonly column: string;
  readonly table: string | undefined;
  readonly value: Expression;
}

export interface Select {
  readonly kind: 'select';
  readonly items: readonly SelectItem[];
  readonly distinct: boolean;
  readonly from: TableReference | undefined;
  readonly where: Expression | undefined;
  readonly groupBy: readonly Expression[];
  readonly having: Expression | undefined;
  readonly orderBy: readonly OrderItem[];
  readonly limit: Limit | undefined;
  readonly lock: 'none' | 'wait' | 'nowait';
}

export interface Insert {
  readonly kind: 'insert';
  readonly table: TableReference;
  readonly columns: readonly string[] | undefined;
  readonly rows: readonly (readonly Expression[])[];
  readonly ignore: boolean;
  readonly replace: boolean;
  readonly onDuplicate: readonly Assignment[];
}

export interface Update {
  readonly kind: 'update';
  readonly table: TableReference;
  readonly assignments: readonly Assignment[];
  readonly where: Expression | undefined;
  readonly orderBy: readonly OrderItem[];
  readonly limit: Limit | undefined;
}

export interface Delete {
  readonly kind: 'delete';
  readonly table: TableReference;
  readonly where: Expression | undefined;
  readonly orderBy: readonly OrderItem[];
  readonly limit: Limit | undefined;
}

export interface ColumnDefinition {
  readonly name: string;
  readonly type: string;
  readonly length: number | undefined;
  readonly scale: number | undefined;
  readonly unsigned: boolean;
  readonly charset: string | undefined;
  readonly collation: string | undefined;
  readonly notNull: boolean;
  readonly autoIncrement: boolean;
  readonly default: Expression | undefined;
  readonly onUpdateNow: boolean;
}

export interface KeyDefinition {
  readonly name: string | undefined;
  readonly columns: readonly string[];
}

export interface CreateTable {
  readonly kind: 'create-table';
  readonly table: TableReference;
  readonly ifNotExists: boolean;
  readonly columns: readonly ColumnDefinition[];
  readonly primaryKey: readonly string[];
  readonly uniqueKeys: readonly KeyDefinition[];
  readonly charset: string | undefined;
  readonly collation: string | undefined;
}

export type ParsedStatement =
  | Select
  | Insert
  | Update
  | Delete
  | CreateTable
  | {
      readonly kind: 'create-database';
      readonly name: string;
      readonly ifNotExists: boolean;
      readonly collation: string | undefined;
    }
  | { readonly kind: 'drop-database'; readonly name: string; readonly ifExists: boolean }
  | { readonly kind: 'drop-table'; readonly tables: readonly TableReference[]; readonly ifExists: boolean }
  | { readonly kind: 'truncate'; readonly table: TableReference };

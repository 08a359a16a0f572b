import type { Column, Table } from '../table';
import { typeOfValue, type Value } from '../value';
import { type Collation, collationNamed, sqliteCollation } from './collation';
import { SqlError, syntaxError, unsupported } from './errors';
import { arithmetic, asNumber, asText, commonType, type Expression, integer, quoteName } from './expression';
import { callFunction, type Caller } from './functions';
import { collationIn, isNode, type LibraryNode, node, nodes, text } from './parser';
import { regroup } from './precedence';

/** What the session that a statement is translated for lets it see. */
export interface Surroundings {
  /** By slot: their types make a part of the translation. */
  readonly values: readonly Value[];
  /** How literals compare with each other. */
  readonly collation: Collation;
  readonly database: string | undefined;
}

/** Where an expression's names are looked for, and what may stand in it. */
export interface Scope {
  readonly table?: Table | undefined;
  readonly alias?: string | undefined;
  /** What errors call the place. */
  place: string;
  /** Whether COUNT and its kin may stand here: as an item of a select list. */
  aggregates?: boolean;
  /** Whether the statement writes: a division by zero is an error then. */
  readonly writes?: boolean;
  /** In an upsert, what has been assigned before, by column: MySQL goes on with the new values. */
  readonly assigned?: Map<string, Expression>;
}

/** Translates the expressions of one statement of SQLite's, and gathers the values that it is bound to. */
export class Translation implements Caller {
  constructor(
    readonly surroundings: Surroundings,
    readonly scope: Scope,
    /** The slot of each parameter of SQLite's. */
    readonly slots: number[] = [],
  ) {}

  /** @throws SqlError 1235 for what isn't carried out here, 1054 for unknown columns */
  expression(from: unknown): Expression {
    const read = node(from, 'this expression');
    const tree = read['isGrouped'] === true ? read : regroup(read);
    if (tree['type'] === 'binary_expr') return this.binary(tree, String(tree['operator']));
    if (tree['type'] === 'unary_expr') return this.unary(tree, String(tree['operator']));
    const operand = this.operand(tree);
    const suffix = isNode(tree['suffix']) ? tree['suffix']['collate'] : undefined;
    const name = collationIn(tree['collate']) ?? collationIn(suffix);
    return name === undefined ? operand : { ...operand, collation: collationNamed(name) };
  }

  private operand(from: LibraryNode): Expression {
    if ('ast' in from) throw unsupported('subqueries');
    switch (from['type']) {
      case 'param':
        return this.slot(String(from['value']));
      case 'null':
        return { sql: 'NULL', type: 'null' };
      case 'bool':
        return integer(from['value'] === true ? '1' : '0');
      case 'column_ref':
        return this.column(from);
      case 'case':
        return this.caseOf(from);
      case 'cast':
        return this.cast(from);
      case 'function':
        return this.call(from);
      case 'aggr_func':
        return this.aggregate(from);
      case 'var':
        throw unsupported(`the variable ${String(from['prefix'])}${String(from['name'])}`);
      default:
        throw unsupported(String(from['type']));
    }
  }

  /** @param name `p3` (parameter) or `l3` (literal), as readStatement writes them */
  private slot(name: string): Expression {
    const [, kind, slot] = /^([pl])(\d+)$/.exec(name) ?? [];
    if (slot === undefined) throw name === 'default' ? unsupported('DEFAULT here') : syntaxError(`:${name}`);
    const value = this.surroundings.values[Number(slot)] ?? null;
    const type = typeOfValue(value);
    if (kind === 'l' && type === 'integer') return integer(String(value)); // binding it would take longer
    const sql = `?${this.slots.push(Number(slot))}`;
    if (type === 'integer') return integer(`CAST(${sql} AS INTEGER)`);
    return { sql: type === 'double' ? `CAST(${sql} AS REAL)` : sql, type };
  }

  /** The value of a literal; undefined for another expression. */
  literal(from: LibraryNode): Value | undefined {
    const slot = from['type'] === 'param' ? /^l(\d+)$/.exec(String(from['value']))?.[1] : undefined;
    return slot === undefined ? undefined : (this.surroundings.values[Number(slot)] ?? null);
  }

  /** @throws SqlError 1054 */
  find(from: LibraryNode): { table: Table; column: Column } {
    const { table, alias, place, writes } = this.scope;
    if (table === undefined && writes === true) throw unsupported('columns in VALUES');
    const [qualifier, name] = [text(from['table']), text(from['column']) ?? ''];
    const column = table?.columns.find((one) => one.name.toLowerCase() === name.toLowerCase());
    const isTable = qualifier === undefined || qualifier.toLowerCase() === (alias ?? table?.name)?.toLowerCase();
    if (table === undefined || column === undefined || !isTable) {
      throw new SqlError(
        1054,
        `Unknown column '${qualifier === undefined ? '' : `${qualifier}.`}${name}' in '${place}'`,
      );
    }
    sqliteCollation(column.type.collation);
    return { table, column };
  }

  /** @param row of SQLite's: the table's, or `excluded` for the one that was to be inserted */
  column(from: LibraryNode, row: 't' | 'excluded' = 't'): Expression {
    const { table, column } = this.find(from);
    const { type, collation } = column.type;
    const assigned = row === 't' ? this.scope.assigned?.get(column.name) : undefined;
    return assigned ?? { sql: `${row}.${quoteName(column.name)}`, type, collation, column: { table, column } };
  }

  /** To SIGNED, which keeps the bits of an unsigned number, and to CHAR. */
  private cast(from: LibraryNode): Expression {
    const [target] = nodes(from['target'], 'CAST');
    const to = String(target?.['dataType']).toUpperCase();
    const value = this.expression(from['expr']);
    if (to === 'CHAR') return asText(value);
    const { sql, type } = value;
    if (!/^SIGNED( INTEGER)?$/.test(to)) throw unsupported(`CAST AS ${to}`);
    if (type === 'integer' || type === 'null') return integer(sql);
    if (type !== 'unsigned') throw unsupported(`CAST of a ${type}`);
    const cast = `iif(typeof(r) = 'integer', r, CAST(bits_as_signed(CAST(r AS TEXT)) AS INTEGER))`;
    return integer(`(SELECT ${cast} FROM (SELECT ${sql} AS r))`);
  }

  private unary(from: LibraryNode, operator: string): Expression {
    const operand = this.expression(from['expr']);
    if (operator === 'NOT' || operator === '!') return integer(`(NOT ${asNumber(operand).sql})`);
    if (operator === '+') return operand;
    if (operator !== '-') throw unsupported(operator);
    // 9223372036854775808 has no place in 64 bits, and its negative has
    if (operand.type === 'unsigned') return integer(`CAST(signed('-' || ${operand.sql}) AS INTEGER)`);
    return arithmetic(integer('0'), '-', operand);
  }

  private binary(from: LibraryNode, operator: string): Expression {
    if (/^(NOT )?(IN|BETWEEN)$/.test(operator)) return this.listed(from, operator);
    const [left, right] = [this.expression(from['left']), this.expression(from['right'])];
    const [a, b] = [asNumber(left).sql, asNumber(right).sql];
    switch (operator) {
      case 'AND':
      case '&&':
        return integer(`(${a} AND ${b})`);
      case 'OR':
      case '||':
        return integer(`(${a} OR ${b})`);
      case 'XOR':
        return integer(`((${a} <> 0) <> (${b} <> 0))`);
      case 'IS':
      case 'IS NOT': {
        const wanted = node(from['right'], operator);
        if (wanted['type'] === 'null') return integer(`(${left.sql} ${operator} NULL)`);
        if (wanted['type'] !== 'bool') throw unsupported(operator);
        return integer(`(${a} ${operator} ${wanted['value'] === true ? 'TRUE' : 'FALSE'})`);
      }
      case 'LIKE':
      case 'NOT LIKE':
        if (this.collate(left, right) !== 'RTRIM') throw unsupported('LIKE in information_schema');
        return integer(`(${asText(left).sql} ${operator} ${asText(right).sql} ESCAPE '\\')`);
      case '+':
      case '-':
      case '*':
        return arithmetic(left, operator, right);
      case 'DIV':
        return this.divided(left, '/', right);
      case '%':
      case 'MOD':
        return this.divided(left, '%', right);
      default:
        if (!/^(<|<=|=|>=|>|<>|!=)$/.test(operator)) throw unsupported(operator);
        return this.compared(left, operator, right);
    }
  }

  /** How two texts compare. @throws SqlError 1235 for a collation that isn't carried out here */
  collate(left: Expression, right: Expression): string {
    return sqliteCollation(left.collation ?? right.collation ?? this.surroundings.collation);
  }

  /** Compares as MySQL does: a text and a number as numbers. */
  compared(left: Expression, operator: string, right: Expression): Expression {
    if (left.type === 'text' && right.type === 'text') {
      return integer(`(${left.sql} ${operator} ${right.sql} COLLATE ${this.collate(left, right)})`);
    }
    return integer(`(${asNumber(left).sql} ${operator} ${asNumber(right).sql})`);
  }

  private listed(from: LibraryNode, operator: string): Expression {
    const value = this.expression(from['left']);
    const isBetween = operator.endsWith('BETWEEN');
    const terms = nodes(node(from['right'], operator)['value'], operator).map((item, index) => {
      const comparison = !isBetween ? '=' : index === 0 ? '>=' : '<=';
      return this.compared(value, comparison, this.expression(item)).sql;
    });
    return integer(`(${operator.startsWith('NOT') ? 'NOT ' : ''}(${terms.join(isBetween ? ' AND ' : ' OR ')}))`);
  }

  /** Whole numbers divided with the fraction cut off; null by zero, and where something is written an error. */
  divided(left: Expression, operator: '/' | '%', right: Expression): Expression {
    const [a, b] = [asNumber(left), asNumber(right)];
    if (a.type === 'double' || b.type === 'double') throw unsupported('dividing other than whole numbers');
    const checked = integer(`iif(${b.sql} = 0, fail('1365:Division by 0'), ${b.sql})`);
    return arithmetic(a, operator, this.scope.writes === true ? checked : b);
  }

  private caseOf(from: LibraryNode): Expression {
    const operand = isNode(from['expr']) ? this.expression(from['expr']) : undefined;
    const results: Expression[] = [];
    const branches = nodes(from['args'], 'CASE').map(({ type, cond, result: value }) => {
      const condition = type === 'else' ? undefined : this.expression(cond);
      const result = this.expression(value);
      results.push(result);
      if (condition === undefined) return `ELSE ${result.sql}`;
      const when = operand === undefined ? asNumber(condition) : this.compared(operand, '=', condition);
      return `WHEN ${when.sql} THEN ${result.sql}`;
    });
    return { sql: `(CASE ${branches.join(' ')} END)`, ...commonType(results) };
  }

  private call(from: LibraryNode): Expression {
    const parts = nodes(node(from['name'], 'this function')['name'], 'this function');
    const name = parts.map((part) => (text(part) ?? '').toUpperCase()).join('.');
    if (isNode(from['over'])) throw unsupported(`${name}(…) OVER`);
    const list = isNode(from['args']) ? nodes(from['args']['value'], 'these arguments') : [];
    if (name !== 'VALUES') return callFunction(name, list, this);
    const [column] = list;
    if (this.scope.assigned === undefined || column?.['type'] !== 'column_ref') throw unsupported('VALUES(…) here');
    return this.column(column, 'excluded');
  }

  private aggregate(from: LibraryNode): Expression {
    const name = String(from['name']).toUpperCase();
    const list = node(from['args'], name);
    if (isNode(from['over'])) throw unsupported(`${name}(…) OVER`);
    if (!/^(COUNT|MIN|MAX)$/.test(name) || list['distinct']) throw unsupported(`${name}(…) here`);
    if (this.scope.place !== 'field list') throw new SqlError(1111, 'Invalid use of group function');
    if (this.scope.aggregates !== true) throw unsupported('an aggregate in an expression');
    if (node(list['expr'], name)['type'] === 'star') return { ...integer('count(*)'), isAggregate: true };
    const { sql, type, collation } = this.expression(list['expr']);
    const collate = type === 'text' ? ` COLLATE ${sqliteCollation(collation ?? this.surroundings.collation)}` : '';
    const call = `${name.toLowerCase()}(${sql}${collate})`;
    return { sql: call, type: name === 'COUNT' ? 'integer' : type, collation, isAggregate: true };
  }
}

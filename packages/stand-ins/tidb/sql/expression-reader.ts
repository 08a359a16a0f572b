import { INFORMATION_SCHEMA } from '../catalog';
import { SqlError, unsupported } from '../errors';
import type { Table } from '../table';
import { order, typeOfValue, type Value } from '../value';
import type { Cursor } from './cursor';
import type { Expression, Run } from './expression';
import { callFunction } from './functions';
import { both, compared, either, arithmetic, logical, not, OPERATORS, refuseCollation, STRENGTH } from './operators';

/** Digits of which BIGINT holds any. */
const WITHIN_BIGINT = /^-?[0-9]{1,18}$/;

/** Where an expression's names are looked for, and what may stand in it. */
export interface Scope {
  readonly table: Table;
  readonly alias?: string | undefined;
  /** What errors call the place. */
  place: string;
  /** Whether columns may be named at all, and VALUES(column). */
  readonly columns?: 'none' | 'proposed too';
}

/** Reads expressions, by MySQL's precedence, into functions of a row. */
export class ExpressionReader {
  /** How many aggregates it has read. */
  aggregates = 0;

  constructor(
    private readonly cursor: Cursor,
    readonly scope: Scope,
  ) {}

  /**
   * @param weakest the strength of the weakest operator that it may hold
   * @throws SqlError 1235 for what isn't carried out here, 1054 for unknown columns
   */
  expression(weakest = 0): Expression {
    let left: Expression;
    let next: Expression | undefined = this.operand();
    do {
      left = next;
      next = this.continued(left, weakest);
    } while (next !== undefined);
    return left;
  }

  /** What the operator that comes next makes of its left side; undefined where none comes that is strong enough. */
  private continued(left: Expression, weakest: number): Expression | undefined {
    const { cursor } = this;
    if (weakest <= STRENGTH.comparison && cursor.accepts('IS')) {
      const isNegated = cursor.accepts('NOT');
      cursor.expect('NULL');
      return logical((run) => (left.evaluate(run) === null) !== isNegated);
    }
    if (weakest <= STRENGTH.predicate) {
      for (const [words, read] of [['IN', this.in] as const, ['BETWEEN', this.between] as const]) {
        if (cursor.accepts(words)) return read.call(this, left);
        if (cursor.accepts('NOT', words)) return not(read.call(this, left));
      }
    }
    const { token } = cursor;
    const operator = token?.kind === 'word' || token?.kind === 'symbol' ? OPERATORS.get(token.text) : undefined;
    if (operator === undefined || operator.strength < weakest) return undefined;
    cursor.position += 1;
    return operator.apply(left, this.expression(operator.strength + 1));
  }

  private in(left: Expression): Expression {
    return this.cursor.parenthesized(() => compared(left, '=', this.expression())).reduce(either);
  }

  private between(left: Expression): Expression {
    const least = compared(left, '>=', this.expression(STRENGTH.sum));
    this.cursor.expect('AND');
    return both(least, compared(left, '<=', this.expression(STRENGTH.predicate)));
  }

  private operand(): Expression {
    const { cursor } = this;
    if (cursor.accepts('NOT')) return not(this.expression(STRENGTH.not));
    if (cursor.accepts('!')) return not(this.operand());
    if (cursor.accepts('+')) return this.expression(STRENGTH.sign);
    if (!cursor.accepts('-')) return this.primary();
    // 2^63 has no place in 64 bits, and its negative has
    if (typeof cursor.token?.value === 'bigint') return fixed(-(cursor.literal() as bigint));
    return arithmetic(fixed(0n), '-', this.expression(STRENGTH.sign));
  }

  private primary(): Expression {
    const { cursor } = this;
    const { token, position } = cursor;
    if (cursor.sees('(')) {
      const [inner, ...others] = cursor.parenthesized(() => this.expression());
      if (inner === undefined || others.length > 0) throw unsupported('a row of values');
      return inner;
    }
    if (token?.kind === 'literal') return fixed(cursor.literal());
    if (token?.kind === 'parameter') {
      cursor.position += 1;
      const index = cursor.tokens.slice(0, position).filter(({ kind }) => kind === 'parameter').length;
      return { evaluate: ({ parameters }) => parameters[index] ?? null, isFixed: true };
    }
    if (cursor.accepts('NULL')) return fixed(null);
    if (cursor.accepts('TRUE')) return fixed(1n);
    if (cursor.accepts('FALSE')) return fixed(0n);
    const isCall = token?.kind === 'word' && cursor.tokens[position + 1]?.text === '(';
    return isCall ? this.call(token.text) : this.column();
  }

  private call(name: string): Expression {
    const { cursor } = this;
    cursor.position += 2;
    const read = { CAST: this.cast, COUNT: this.aggregate, MAX: this.aggregate, MIN: this.aggregate }[name];
    const list = read !== undefined || cursor.sees(')') ? [] : cursor.list(() => this.expression());
    const expression = read?.call(this, name) ?? (name === 'VALUES' ? this.proposed(list) : callFunction(name, list));
    cursor.expect(')');
    return expression;
  }

  private proposed([{ source } = fixed(null)]: readonly Expression[]): Expression {
    if (source === undefined || this.scope.columns !== 'proposed too') throw unsupported('VALUES(…) here');
    return { type: source.column.type.type, evaluate: ({ proposed }) => proposed[source.position] ?? null };
  }

  /** To SIGNED, which keeps the bits of an unsigned number and reads digits, and to CHAR. */
  private cast(): Expression {
    const { cursor } = this;
    const operand = this.expression();
    cursor.expect('AS');
    const target = cursor.acceptsOneOf('SIGNED', 'CHAR');
    if (target === undefined) throw unsupported(`CAST AS ${cursor.token?.text ?? ''}`);
    const evaluate = (run: Run): Value => {
      const value = operand.evaluate(run);
      if (value === null) return null;
      if (target === 'CHAR') return String(value);
      if (typeof value === 'string' && !WITHIN_BIGINT.test(value)) {
        throw unsupported('CAST AS SIGNED of other than whole numbers');
      }
      return BigInt.asIntN(64, BigInt(value));
    };
    return { type: target === 'CHAR' ? 'text' : 'integer', evaluate };
  }

  private aggregate(name: string): Expression {
    this.aggregates += 1;
    const operand = name === 'COUNT' && this.cursor.accepts('*') ? fixed(1n) : this.expression();
    if (this.scope.place !== 'field list') throw new SqlError(1111, 'Invalid use of group function');
    const over: Expression['over'] = (rows, run) => {
      const values = rows.map((row) => operand.evaluate(Object.assign(run, { row }))).filter((value) => value !== null);
      return name === 'COUNT' ? BigInt(values.length) : (values.sort(order).at(name === 'MIN' ? 0 : -1) ?? null);
    };
    return { type: name === 'COUNT' ? 'integer' : operand.type, evaluate: () => null, over };
  }

  private column(): Expression {
    const source = this.find();
    const { position, column } = source;
    const { type, collation } = column.type;
    return {
      type,
      collation: type === 'text' ? collation : undefined,
      evaluate: ({ row }) => row[position] ?? null,
      source,
    };
  }

  /** The column that is named next. @throws SqlError 1054 */
  find(): NonNullable<Expression['source']> {
    const { cursor, scope } = this;
    const { table, alias, place, columns } = scope;
    const first = cursor.name();
    const [qualifier, name] = cursor.accepts('.') ? [first, cursor.name()] : [undefined, first];
    if (columns === 'none') throw unsupported('columns in VALUES');
    const isTable = qualifier === undefined || qualifier.toLowerCase() === (alias ?? table.name).toLowerCase();
    const position = table.position(name);
    const column = table.columns[position];
    if (column === undefined || !isTable) {
      throw new SqlError(
        1054,
        `Unknown column '${qualifier === undefined ? '' : `${qualifier}.`}${name}' in '${place}'`,
      );
    }
    if (table.database !== INFORMATION_SCHEMA) refuseCollation(column.type.collation);
    return { column, position };
  }
}

function fixed(value: Value): Expression {
  return { type: typeOfValue(value), evaluate: () => value, isFixed: true };
}

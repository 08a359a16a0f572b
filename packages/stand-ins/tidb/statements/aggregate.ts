import type { AggregateCall, Environment } from '../sql/environment';
import { arithmetic } from '../sql/operators';
import type { Row } from '../storage/table';
import { Decimal } from '../values/decimal';
import { compare, toNumber, toText, type Value } from '../values/value';

/** The value of an aggregate function over a group's rows. */
export function aggregate(
  { name, distinct, argument }: AggregateCall,
  rows: readonly Row[],
  environment: Environment,
): Value {
  if (argument === undefined) return BigInt(rows.length); // COUNT(*)
  const collation = argument.coercion?.collation ?? environment.session.collation;
  let values: Exclude<Value, null>[] = [];
  for (const row of rows) {
    environment.row = row;
    const value = argument.evaluate(environment);
    if (value !== null) values.push(value);
  }
  if (distinct) {
    values = [...new Map(values.map((value) => [collation.key(toText(value)), value])).values()];
  }
  switch (name) {
    case 'COUNT':
      return BigInt(values.length);
    case 'MIN':
      return values.reduce<Value>(
        (best, value) => (best === null || compare(value, best, collation) < 0 ? value : best),
        null,
      );
    case 'MAX':
      return values.reduce<Value>(
        (best, value) => (best === null || compare(value, best, collation) > 0 ? value : best),
        null,
      );
    case 'SUM':
      return sum(values);
    default: // AVG; the compiler has refused others
      return arithmetic('/', sum(values), BigInt(values.length), false, false);
  }
}

/** Exact for integers and decimals. Null for no rows. */
function sum(values: readonly Exclude<Value, null>[]): Value {
  if (values.length === 0) return null;
  if (values.every((value) => typeof value === 'bigint' || value instanceof Decimal)) {
    return values.reduce<Decimal>((total, value) => total.plus(Decimal.of(value)), new Decimal(0n, 0));
  }
  return values.reduce<number>((total, value) => total + toNumber(value), 0);
}

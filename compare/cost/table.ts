import { type CallKind, type CostLine, type MeasuredCall, type MonthlyCost, totalOf } from './cost';

/** A million calls of one kind in one store. */
export interface CallCost {
  readonly measured: MeasuredCall;
  readonly lines: readonly CostLine[];
}

/** The mark of a price that could not be read at its source. */
export const UNVERIFIED = '\\*';

const CALLS: Readonly<Record<CallKind, string>> = {
  unconditional: 'increment',
  conditional: 'increment, limit',
  read: 'read',
};

const COLUMNS = ['API Gateway', 'Express', 'Lambda', 'store', 'log'];

/** A head and a row for each store and kind of call; traces have a column if there are any. */
export function callTable(costs: readonly CallCost[]): string[][] {
  const traced = costs.some(({ lines }) => lines.some(({ what }) => what === 'traces'));
  const columns = [...COLUMNS, ...(traced ? ['traces'] : [])];
  return [
    ['counter in', 'call', ...columns, 'together'],
    ...costs.map(({ measured: { store, kind }, lines }) => [
      store,
      CALLS[kind],
      ...columns.map((column) => cell(lines.filter(({ what }) => what === column))),
      dollars(totalOf(lines)),
    ]),
  ];
}

/** A head, a row for each item, and their sum. */
export function idleTable(costs: readonly MonthlyCost[]): string[][] {
  const left = costs.reduce((sum, { afterFreeTier }) => sum + afterFreeTier, 0);
  return [
    ['idle, per month', 'list price', 'after the free tier'],
    ...costs.map((cost) => [
      `${cost.what}${cost.verified ? '' : UNVERIFIED}`,
      dollars(cost.usd),
      dollars(cost.afterFreeTier),
    ]),
    ['together', dollars(totalOf(costs)), dollars(left)],
  ];
}

const cell = (lines: readonly CostLine[]): string =>
  lines.length === 0 ? '–' : `${dollars(totalOf(lines))}${lines.every(({ verified }) => verified) ? '' : UNVERIFIED}`;

export const dollars = (usd: number): string => `$${usd.toFixed(2)}`;

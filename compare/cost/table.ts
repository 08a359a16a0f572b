import { type CallKind, type MeasuredCall, type MonthlyCost } from './cost';
import { type CostLine, totalOf } from './cost-line';

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
  keyed: 'with a key',
  replayed: 'a repetition',
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

/** A head and a row for each store: the bytes and the events that each kind of increment writes to the execution log. */
export function logTable(costs: readonly CallCost[]): string[][] {
  const increments = costs.filter(({ measured: { kind } }) => kind !== 'read').map(({ measured }) => measured);
  const kinds = [...new Set(increments.map(({ kind }) => kind))];
  const of = (store: string, kind: CallKind): string => {
    const measured = increments.find((call) => call.store === store && call.kind === kind);
    if (!measured) return '–';
    const bytes = Math.round(measured.executionLogBytes).toLocaleString('en-US');
    return `${bytes}, ${Math.round(measured.executionEvents)}`;
  };
  return [
    ['bytes, events', ...kinds.map((kind) => CALLS[kind])],
    ...[...new Set(increments.map(({ store }) => store))].map((store) => [
      store,
      ...kinds.map((kind) => of(store, kind)),
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

export { chartSvg } from './chart-svg';
export {
  type BaselineComparison,
  baselineRows,
  type CellChange,
  type Change,
  type ChangeVerdict,
  compareWithBaseline,
  MIN_ROUNDS,
} from './baseline';
export type { Estimate } from './bootstrap';
export type { Scheme } from './charts/theme';
export type * from './comparison';
export { SCHEMA_VERSION } from './comparison';
export { comparisonCsv } from './csv';
export { decodeHistogram, valueAt } from './histogram';
export { reportHtml } from './html/page';
export { comparisonJson, InvalidComparisonError, parseComparison } from './json';
export { cellRows } from './rows';
export { type CellSummary, type Exactness, SATURATED_SHARE, type Spread, summarize, throughputOf } from './summary';

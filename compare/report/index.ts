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
export type * from './shards/document';
export { AWS_ITEM_LIMIT, SHARDS_SCHEMA_VERSION, TAIL_SHARE } from './shards/document';
export { shardsChartSvg } from './shards/chart';
export { shardsCsv } from './shards/csv';
export { isOfShards, parseShards, shardsJson } from './shards/json';
export { shardsHtml } from './shards/page';
export { sellingOutRows, steadyRows } from './shards/rows';
export { scaleText, type ShardSummary, summarizeShards } from './shards/summary';

export { counterClient, type CounterClient } from './client.js';
export type { CallOptions, CounterClientOptions, IncrementOptions, ReadOptions } from './options.js';
export type {
  Counted,
  IncrementResult,
  Invalid,
  LimitReached,
  NotApplied,
  Read,
  ReadResult,
  Unavailable,
  Unknown,
} from './results.js';

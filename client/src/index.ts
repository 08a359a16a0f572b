export { counterClient, type CounterClient } from './client.js';
export type { CallOptions, CounterClientOptions, IncrementOptions } from './options.js';
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

import type { Job, JobResult } from './job';

/** What the parent says to a generator. One job at a time. */
export type Order = { readonly order: 'run'; readonly job: Job } | { readonly order: 'abort' };

/** What a generator says to its parent. */
export type Report =
  | { readonly report: 'ready' }
  | { readonly report: 'result'; readonly result: JobResult }
  /** The job can't be done; the next one may be. */
  | { readonly report: 'refused'; readonly message: string };

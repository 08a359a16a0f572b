import type { Job, JobResult } from './job';
import type { Order, Report } from './messages';
import { startOwnProcess } from './own-process';

/** A process of its own that makes calls and says how they went. */
export interface Generator {
  /**
   * Does a job; one at a time.
   *
   * @param options.signal ends the measurement: the result is what was measured so far
   * @throws Error in one line where the job can't be done, or the process ends
   */
  run(job: Job, options?: { readonly signal?: AbortSignal }): Promise<JobResult>;
  close(): Promise<void>;
}

export async function startGenerator(): Promise<Generator> {
  const child = startOwnProcess<Order, Report>('generator.js', 'the load generator');
  await child.next();
  let isBusy = false;

  return {
    async run(job, { signal } = {}) {
      if (isBusy) throw new Error('the load generator does one job at a time');
      isBusy = true;
      const abort = (): void => child.send({ order: 'abort' });
      try {
        const answer = child.next();
        child.send({ order: 'run', job });
        if (signal?.aborted) abort();
        signal?.addEventListener('abort', abort, { once: true });
        const report = await answer;
        if (report.report === 'result') return report.result;
        throw new Error(report.report === 'refused' ? report.message : 'the load generator was started twice');
      } finally {
        signal?.removeEventListener('abort', abort);
        isBusy = false;
      }
    },
    close: () => child.close(),
  };
}

import type { Job } from './job';
import type { Order, Report } from './messages';
import { runJob } from './run-job';

/**
 * The load generator's process: it calls, so that nothing else that the parent does delays a call. It obeys the parent, and
 * lives as long as it.
 */
function main(): void {
  let abort = new AbortController();
  // Ctrl-C reaches the whole process group: what it means for a job is the parent's to say.
  process.on('SIGINT', () => undefined);
  process.on('disconnect', () => process.exit());
  process.on('message', (message: Order) => {
    if (message.order === 'abort') return abort.abort();
    abort = new AbortController();
    void run(message.job, abort.signal).then((report) => say(report));
  });
  say({ report: 'ready' });
}

async function run(job: Job, signal: AbortSignal): Promise<Report> {
  try {
    return { report: 'result', result: await runJob(job, signal) };
  } catch (error) {
    return { report: 'refused', message: error instanceof Error ? error.message : String(error) };
  }
}

function say(report: Report): void {
  process.send?.(report);
}

main();

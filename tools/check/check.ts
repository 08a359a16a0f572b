import { tmpdir } from 'node:os';
import path from 'node:path';
import { type CounterHistory, readHistoryFile, writeHistoryFile } from '../../compare/exactness';
import { type Plan, readArguments, USAGE } from './arguments';
import { measure } from './measure';
import { reportLines } from './report';
import { type CheckVerdict, judge } from './verdict';

/**
 * `npm run check`: decides whether a counter's HTTP API, in whatever language, is exact. The exit code is 1 where it isn't
 * in something that was asked, or where that can't be decided.
 *
 * @throws Error in one line for a wrong argument or an API that can't be called
 */
export async function runCheck(args: readonly string[]): Promise<void> {
  const request = readArguments(args);
  switch (request.kind) {
    case 'help':
      console.log(USAGE);
      return;
    case 'history':
      say(judge(await readHistoryFile(request.file)));
      return;
    case 'measure': {
      const { verdict, file } = await check(request.plan, (line) => console.log(line));
      say(verdict);
      console.log(`history: ${file}`);
      console.log(`To judge it again: npm run check -- --history ${file}`);
    }
  }
}

/** Calls, records and judges. Ctrl-C ends the calls: what was recorded is judged. */
export async function check(
  plan: Plan,
  progress: (line: string) => void,
): Promise<{ readonly verdict: CheckVerdict; readonly file: string }> {
  const interrupted = new AbortController();
  const interrupt = (): void => interrupted.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    const counters: CounterHistory[] = await measure(plan, { progress, signal: interrupted.signal });
    const file = path.resolve(plan.output ?? path.join(tmpdir(), `check-${Date.now()}-${process.pid}.json`));
    await writeHistoryFile(file, counters);
    return { verdict: judge(counters), file };
  } finally {
    process.removeListener('SIGINT', interrupt).removeListener('SIGTERM', interrupt);
  }
}

function say(verdict: CheckVerdict): void {
  for (const line of reportLines(verdict)) console.log(line);
  if (!verdict.isExact) process.exitCode = 1;
}

import type { Repetitions } from '../../compare/report';

type Line = Readonly<Record<string, unknown>>;

/**
 * Counts the repetitions that no caller sees, in the logs of a system on this machine: a function's by its log lines, the
 * state machine's by the tasks that it scheduled. Each log keeps its latest events only, so a busy cell is sampled.
 *
 * @param endpoint base URL of the system
 * @param ids of the cell's counters
 * @returns undefined where no call of the cell is in the logs
 */
export async function countRepetitions(
  endpoint: string,
  store: string,
  ids: readonly string[],
): Promise<Repetitions | undefined> {
  const groups = (await (await fetch(`${endpoint}/_local/logs?limit=100000`)).json()) as Record<
    string,
    readonly { message: string }[]
  >;
  const lines = Object.values(groups).flatMap((events) => events.flatMap(({ message }) => parsed(message)));
  const isOurs = (line: Line): boolean => ids.includes(String(line['id']));

  const executions = new Set(
    lines.filter((line) => line['type'] === 'ExecutionStarted' && parsed(inputOf(line)).some(isOurs)).map(executionOf),
  );
  if (executions.size === 0) return undefined;
  const scheduled = lines.filter((line) => line['type'] === 'TaskScheduled' && executions.has(executionOf(line)));
  const calls = lines.filter((line) => line['store'] === store && isOurs(line)).slice(-executions.size);
  return {
    calls: executions.size,
    conflicts: calls.reduce((sum, { conflicts = 0 }) => sum + Number(conflicts), 0),
    retries: scheduled.length - new Set(scheduled.map(executionOf)).size,
  };
}

const executionOf = (line: Line): string => String(line['execution_arn']);

function inputOf({ details }: Line): string {
  return (details as { input?: string } | undefined)?.input ?? '';
}

/** The object at the end of a text, before which Lambda writes a time and a level; nothing where it holds none. */
function parsed(text: string): Line[] {
  try {
    return [JSON.parse(text.slice(text.indexOf('{'))) as Line];
  } catch {
    return [];
  }
}

import type { HistoryEvent } from './history';
import { withoutExecutionData } from './history';

export type LogLevel = 'ALL' | 'ERROR' | 'FATAL' | 'OFF';

export interface Logging {
  readonly level: LogLevel;
  readonly includeExecutionData: boolean;
  readonly logGroupName: string;
}

const FATAL = new Set(['ExecutionAborted', 'ExecutionFailed', 'ExecutionTimedOut']);

/** An error by its name; `EvaluationFailed` isn't in AWS's table, which is older than JSONata, but is one by its nature. */
const ERROR = /(?:Failed|Aborted|TimedOut)$|^FailStateEntered$/;

/**
 * Whether an event of this type is logged at `level`.
 *
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html, "Log levels for Step Functions execution events"
 */
export function isLogged(type: string, level: LogLevel): boolean {
  switch (level) {
    case 'ALL':
      return true;
    case 'ERROR':
      return ERROR.test(type);
    case 'FATAL':
      return FATAL.has(type);
    case 'OFF':
      return false;
  }
}

/**
 * Writes one execution's events as AWS writes them to CloudWatch Logs: numbers are strings, payloads are JSON inside strings.
 * The text is put together by hand, for this is done a dozen times for every request.
 */
export function logPrinter(executionArn: string, includeExecutionData: boolean): (event: HistoryEvent) => string {
  const end = `","execution_arn":${JSON.stringify(executionArn)},"redrive_count":"0"}`;
  return ({ id, type, details = {}, previousEventId, timestampMs }) => {
    const shown = JSON.stringify(includeExecutionData ? details : withoutExecutionData(details));
    return `{"id":"${id}","type":"${type}","details":${shown},"previous_event_id":"${previousEventId}","event_timestamp":"${timestampMs}${end}`;
  };
}

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

/** An event as AWS writes it to CloudWatch Logs: numbers are strings, payloads are JSON inside strings. */
export function toLogMessage(event: HistoryEvent, executionArn: string, includeExecutionData: boolean): string {
  const details = event.details ?? {};
  return JSON.stringify({
    id: String(event.id),
    type: event.type,
    details: includeExecutionData ? details : withoutExecutionData(details),
    previous_event_id: String(event.previousEventId),
    event_timestamp: String(event.timestampMs),
    execution_arn: executionArn,
    redrive_count: '0',
  });
}

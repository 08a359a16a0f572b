import { asParsed } from '../../as-parsed';
import { type History, withoutExecutionData } from './history';

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
 * One execution's events as AWS writes them to CloudWatch Logs: numbers are strings, payloads are JSON inside strings. Each is
 * printed by its id, when somebody reads it.
 */
export class ExecutionLog {
  constructor(
    private readonly history: History,
    private readonly executionArn: string,
    private readonly includeExecutionData: boolean,
  ) {}

  print(eventId: number): string {
    return JSON.stringify(this.document(eventId));
  }

  document(eventId: number): Record<string, unknown> {
    const { type, details = {}, previousEventId, timestampMs } = this.history.at(eventId);
    return {
      id: String(eventId),
      type,
      details: asParsed(this.includeExecutionData ? details : withoutExecutionData(details)),
      previous_event_id: String(previousEventId),
      event_timestamp: String(timestampMs),
      execution_arn: this.executionArn,
      redrive_count: '0',
    };
  }
}

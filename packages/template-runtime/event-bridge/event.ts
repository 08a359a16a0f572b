import { randomUUID } from 'node:crypto';

/** An event as EventBridge passes it on. */
export interface BusEvent {
  readonly version: string;
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  /** ISO 8601. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface StackStatus {
  readonly stackId: string;
  /** Such as `CREATE_COMPLETE`. */
  readonly status: string;
  readonly region: string;
  readonly account: string;
  readonly time: Date;
}

/**
 * The event that CloudFormation sends when a stack's status has changed.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/event-detail-stack-status-change.html
 */
export function stackStatusEvent({ stackId, status, region, account, time }: StackStatus): BusEvent {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'CloudFormation Stack Status Change',
    source: 'aws.cloudformation',
    account,
    time: time.toISOString().replace(/\.\d+Z$/, 'Z'),
    region,
    resources: [stackId],
    detail: {
      'stack-id': stackId,
      'status-details': { status, 'status-reason': '' },
      'client-request-token': randomUUID(),
    },
  };
}

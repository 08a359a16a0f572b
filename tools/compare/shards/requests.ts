/** How a request of DynamoDB ended, and whether it was a write. */
export type RequestKind =
  | 'written'
  /** A conditional write whose condition didn't hold. */
  | 'refused'
  | 'throttled'
  | 'read'
  /** Whatever else. */
  | 'failed';

/** A request that a state machine made. */
export interface DynamoRequest {
  /** When it was answered, in milliseconds since the first call. */
  readonly atMs: number;
  readonly kind: RequestKind;
  /** Items that a read has asked for. 0 for a write. */
  readonly items: number;
  /** Whether the read was a consistent one. */
  readonly isConsistent: boolean;
}

/** What the target of a measurement writes when it is closed. */
export interface TargetRecord {
  readonly requests: readonly DynamoRequest[];
  /** The counters at the end, by id, each read by the read machine. */
  readonly reads: Readonly<Record<string, number>>;
}

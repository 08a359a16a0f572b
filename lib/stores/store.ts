import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { StoreName } from '../configuration';

/** The stores' names in the state machines, and for people. */
export const STORE_TITLES = {
  dynamo: 'DynamoDB',
  redis: 'Redis',
  momento: 'Momento',
  docdb: 'DocumentDB',
  tidb: 'TiDB',
} as const satisfies Readonly<Record<StoreName, string>>;

/** A store as the stack uses it. */
export interface Store {
  readonly name: StoreName;
  /** The store's name in the state machines: its states are the ones that end in it or start with it. */
  readonly title: string;
  /** Whether its counters are in servers of the stack, and are deleted with them. */
  readonly holdsData: boolean;
  readonly calls: StoreCalls;
  /**
   * Prepares the store, if it needs that.
   *
   * @default - nothing to prepare
   */
  readonly setup?: StoreSetup;
}

/** How the workflows increment and read. */
export interface StoreCalls {
  /** The values of the `${…}` placeholders in the definitions that increment and read. */
  readonly substitutions: Readonly<Record<string, string>>;
  /**
   * The values of further placeholders there, as they stand in a JSON string: they are filled when the stack is synthesized.
   *
   * @default - none
   */
  readonly constants?: Readonly<Record<string, string>>;
  /** Calls that AWS throttled: increments, and reads unless {@link readThrottles} has them. */
  throttles(): Metric;
  /**
   * Reads that AWS throttled.
   *
   * @default - they are among `throttles`
   */
  readThrottles?(): Metric;
  /** Allows a state machine to increment. */
  grantIncrement(grantee: IGrantable): void;
  /** Allows a state machine to read. */
  grantRead(grantee: IGrantable): void;
}

/** How the setup prepares a store. */
export interface StoreSetup {
  /** The values of the `${…}` placeholders in the definition that prepares the stores. */
  readonly substitutions: Readonly<Record<string, string>>;
  /** Allows a state machine to prepare the store. */
  grant(grantee: IGrantable): void;
}

import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { StoreName } from '../configuration';
import type { StoreFunction } from '../store-function';

/** A store as the workflows see it. */
export interface Store {
  readonly name: StoreName;
  /** The store's name in the state machines: its states are the ones that end in it or start with it. */
  readonly title: string;
  /** Values of the `${…}` placeholders in the definitions that increment and read. */
  readonly taskSubstitutions: Readonly<Record<string, string>>;
  /** Calls that AWS refused for want of capacity: increments, and reads where {@link readThrottles} doesn't have them. */
  throttles(): Metric;
  /**
   * Reads that AWS refused for want of capacity.
   *
   * @default - they are among `throttles`
   */
  readThrottles?(): Metric;
  /** Allows a state machine to increment. */
  grantIncrement(grantee: IGrantable): void;
  /** Allows a state machine to read. */
  grantRead(grantee: IGrantable): void;
  /**
   * Prepares the store, where it needs that.
   *
   * @default - nothing to prepare
   */
  readonly setup?: { readonly function: StoreFunction; readonly substitutions: Readonly<Record<string, string>> };
}

/** Values of all placeholders in a definition that calls these stores. */
export function taskSubstitutions(stores: readonly Store[]): Record<string, string> {
  const deployedStores = stores.map(({ name }) => name).join(', ');
  return Object.assign({ DeployedStores: deployedStores }, ...stores.map((store) => store.taskSubstitutions)) as Record<
    string,
    string
  >;
}

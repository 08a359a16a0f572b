import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { StoreName } from '../configuration';
import type { StoreFunction } from '../store-function';

/** A store as the workflows see it. */
export interface Store {
  readonly name: StoreName;
  /** The store's name in the state machines: its states are the ones that end in it or start with it. */
  readonly title: string;
  /** Values of the definition's `${…}` placeholders. */
  readonly incrementSubstitutions: Readonly<Record<string, string>>;
  /** Allows the state machine to call the store. */
  grantIncrement(grantee: IGrantable): void;
  /**
   * Prepares the store, where it needs that.
   *
   * @default - nothing to prepare
   */
  readonly setup?: { readonly function: StoreFunction; readonly substitutions: Readonly<Record<string, string>> };
}

import type { CfnResource } from 'aws-cdk-lib';
import type { StoreName } from '../configuration';

/**
 * Notes in the template which store a secret is for. CloudFormation ignores it; whoever runs the template without the
 * store's own servers knows by it where to put another address.
 */
export function markStoreSecret(secret: CfnResource, store: StoreName): void {
  secret.addMetadata('atomic-counter:store', store);
}

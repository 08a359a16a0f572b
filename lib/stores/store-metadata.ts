import type { CfnResource } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { StoreName } from '../configuration';

/**
 * Records in the CloudFormation template which store a secret is for or a function calls. CloudFormation ignores it; a
 * runtime that runs the template without the store's own servers reads from it where to put another address, and a
 * reader of the template, whose function it is.
 *
 * @param construct a resource, or a construct around one
 */
export function markStore(construct: IConstruct, store: StoreName): void {
  const resource = construct.node.defaultChild ?? construct;
  (resource as CfnResource).addMetadata('atomic-counter:store', store);
}

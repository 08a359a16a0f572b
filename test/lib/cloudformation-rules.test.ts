import { CfnResource } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { DEPLOYMENTS } from './deployments';
import { stackOf } from './synthesized';

beforeAll(() => void jest.spyOn(console, 'error').mockReturnValue()); // CDK prints the stack's warnings

/** Synthesizes as `cdk synth` does: CDK holds the template to the rules of CloudFormation, and to its own. */
describe('the rules of CloudFormation', () => {
  it.each(Object.entries(DEPLOYMENTS))('accept a deployment with %s', (_, settings) => {
    const stack = stackOf(settings, { heldToRules: true });

    expect(() => Template.fromStack(stack)).not.toThrow();
  });

  it('are held to: a template that breaks one is not synthesized', () => {
    const stack = stackOf({ STORES: 'dynamo' }, { heldToRules: true });
    new CfnResource(stack, 'Wrong', { type: 'AWS::SQS::Queue', properties: { VisibilityTimeout: 'soon' } });

    expect(() => Template.fromStack(stack)).toThrow(/VisibilityTimeout: 'soon' is not of type 'integer'/);
  });
});

import { CfnResource } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { DEPLOYMENTS } from './deployments';
import { ROWS } from './setting-bounds';
import { stackOf } from './synthesized';

beforeAll(() => void jest.spyOn(console, 'error').mockReturnValue()); // CDK prints the stack's warnings

/** Synthesizes as `cdk synth` does: CDK holds the template to the rules of CloudFormation, and to its own. */
describe('the rules of CloudFormation', () => {
  const bounds = ROWS.map((row, index) => [`the settings at their bounds, row ${index + 1}`, row] as const);

  it.each([...Object.entries(DEPLOYMENTS), ...bounds])(
    'accept a deployment with %s',
    (_, settings) => {
      const stack = stackOf(settings, { heldToRules: true });

      expect(() => Template.fromStack(stack)).not.toThrow();
    },
    120_000,
  );

  it('are held to: a template that breaks one is not synthesized', () => {
    const stack = stackOf({ STORES: 'dynamo' }, { heldToRules: true });
    new CfnResource(stack, 'Wrong', { type: 'AWS::SQS::Queue', properties: { VisibilityTimeout: 'soon' } });

    expect(() => Template.fromStack(stack)).toThrow(/VisibilityTimeout: 'soon' is not of type 'integer'/);
  });
});

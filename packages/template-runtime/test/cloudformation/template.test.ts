import { stackLocation } from '../../cloudformation/stack-location';
import { resolveTemplate } from '../../cloudformation/template';

const TABLE = { Type: 'AWS::DynamoDB::Table' };

/** The properties of one resource beside a table and a function, resolved. */
function resolved(properties: Record<string, unknown>): unknown {
  const { resources } = resolveTemplate({
    Resources: {
      Table: TABLE,
      Function: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: { 'Fn::Sub': '${AWS::StackName}-add' } } },
      Rule: { Type: 'AWS::Events::Rule', Properties: properties },
    },
    Mappings: { Sizes: { small: { memory: 128 } } },
  });
  return resources.find(({ logicalId }) => logicalId === 'Rule')?.properties;
}

describe('resolveTemplate', () => {
  it.each([
    ['Ref of a resource', { Ref: 'Table' }, 'Stack-Table'],
    ['Ref of a name that is itself resolved', { Ref: 'Function' }, 'Stack-add'],
    ['Ref of a pseudo parameter', { Ref: 'AWS::StackId' }, stackLocation('Stack').stackId],
    ['Fn::GetAtt', { 'Fn::GetAtt': ['Table', 'Arn'] }, 'arn:aws:dynamodb:us-east-1:000000000000:table/Stack-Table'],
    ['Fn::Join', { 'Fn::Join': ['/', ['a', { Ref: 'AWS::Region' }]] }, 'a/us-east-1'],
    ['Fn::Select of Fn::Split', { 'Fn::Select': [1, { 'Fn::Split': ['/', 'a/b'] }] }, 'b'],
    ['Fn::Sub with variables', { 'Fn::Sub': ['${x}-${Table}-${!kept}', { x: '1' }] }, '1-Stack-Table-${kept}'],
    [
      'Fn::Sub of an attribute',
      { 'Fn::Sub': '${Function.Arn}' },
      'arn:aws:lambda:us-east-1:000000000000:function:Stack-add',
    ],
    ['Fn::FindInMap', { 'Fn::FindInMap': ['Sizes', 'small', 'memory'] }, 128],
    ['a property named like none of them', { Reference: 'Table' }, { Reference: 'Table' }],
  ])('resolves %s', (_, value, expected) => {
    expect(resolved({ Value: value })).toEqual({ Value: expected });
  });

  it('leaves out what is AWS::NoValue', () => {
    expect(resolved({ Value: { Ref: 'AWS::NoValue' }, List: [{ Ref: 'AWS::NoValue' }, 1] })).toEqual({ List: [1] });
  });

  it.each([
    ['an intrinsic function', { 'Fn::ImportValue': 'x' }, 'Rule (AWS::Events::Rule) Value: uses Fn::ImportValue, which is not emulated'],
    ['an attribute', { 'Fn::GetAtt': ['Table', 'StreamArn'] }, 'Rule (AWS::Events::Rule) Value: asks for Table.StreamArn, which is not emulated'],
    ['a resource that is not there', { Ref: 'Gone' }, 'Rule (AWS::Events::Rule) Value: refers to Gone, which is not there'],
  ])('refuses %s that it does not know, naming it', (_, value, message) => {
    expect(() => resolved({ Value: value })).toThrow(message);
  });

  it('refuses a type that the laptop does not know, naming the resource', () => {
    expect(() => resolveTemplate({ Resources: { Cdn: { Type: 'AWS::CloudFront::Distribution' } } })).toThrow(
      'Cdn (AWS::CloudFront::Distribution) Type: is not emulated',
    );
  });
});

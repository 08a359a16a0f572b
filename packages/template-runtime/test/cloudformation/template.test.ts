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
    Parameters: {
      Stage: { Type: 'String', Default: 'test' },
      Count: { Type: 'Number', Default: 3 },
      Zones: { Type: 'CommaDelimitedList', Default: 'a, b' },
      Owner: { Type: 'String' },
      Version: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/cdk/version' },
    },
    Conditions: {
      IsTest: { 'Fn::Equals': [{ Ref: 'Stage' }, 'test'] },
      IsLive: { 'Fn::Not': [{ Condition: 'IsTest' }] },
      IsEither: { 'Fn::Or': [{ Condition: 'IsLive' }, { Condition: 'IsTest' }] },
      IsBoth: { 'Fn::And': [{ Condition: 'IsLive' }, { Condition: 'IsTest' }] },
    },
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
    ['Ref of a parameter', { Ref: 'Stage' }, 'test'],
    ['Ref of a number, as CloudFormation hands it on', { Ref: 'Count' }, '3'],
    ['Ref of a list', { Ref: 'Zones' }, ['a', 'b']],
    ['Fn::Sub of a parameter', { 'Fn::Sub': 'on-${Stage}' }, 'on-test'],
    ['Fn::If where the condition holds', { 'Fn::If': ['IsTest', 1, 2] }, 1],
    ['Fn::If of Fn::Not', { 'Fn::If': ['IsLive', 1, 2] }, 2],
    ['Fn::If of Fn::Or', { 'Fn::If': ['IsEither', 1, 2] }, 1],
    ['Fn::If of Fn::And', { 'Fn::If': ['IsBoth', 1, 2] }, 2],
    ['Fn::If only as far as it is needed', { 'Fn::If': ['IsTest', 1, { Ref: 'Gone' }] }, 1],
    ['Fn::FindInMap', { 'Fn::FindInMap': ['Sizes', 'small', 'memory'] }, 128],
    ['a property named like none of them', { Reference: 'Table' }, { Reference: 'Table' }],
  ])('resolves %s', (_, value, expected) => {
    expect(resolved({ Value: value })).toEqual({ Value: expected });
  });

  it('leaves out what is AWS::NoValue', () => {
    expect(resolved({ Value: { Ref: 'AWS::NoValue' }, List: [{ Ref: 'AWS::NoValue' }, 1] })).toEqual({ List: [1] });
  });

  it.each([
    [
      'an intrinsic function',
      { 'Fn::ImportValue': 'x' },
      'Rule (AWS::Events::Rule) Value: uses Fn::ImportValue, which is not emulated',
    ],
    [
      'an attribute',
      { 'Fn::GetAtt': ['Table', 'StreamArn'] },
      'Rule (AWS::Events::Rule) Value: asks for Table.StreamArn, which is not emulated',
    ],
    [
      'a resource that is not there',
      { Ref: 'Gone' },
      'Rule (AWS::Events::Rule) Value: refers to Gone, which is not there',
    ],
    [
      'a parameter',
      { Ref: 'Owner' },
      'Rule (AWS::Events::Rule) Value: needs the parameter Owner, which has no Default',
    ],
    ['a parameter in SSM', { Ref: 'Version' }, 'Value: needs the parameter Version, whose value is in SSM'],
    ['a condition', { 'Fn::If': ['IsGone', 1, 2] }, 'Value: names the condition IsGone, which is not there'],
    ['a place deep in a property', { List: [1, { Name: { Ref: 'Gone' } }] }, 'Value.List[1].Name: refers to Gone'],
  ])('refuses %s that it does not know, naming it', (_, value, message) => {
    expect(() => resolved({ Value: value })).toThrow(message);
  });

  it('refuses a type that the laptop does not know, naming the resource', () => {
    expect(() => resolveTemplate({ Resources: { Cdn: { Type: 'AWS::CloudFront::Distribution' } } })).toThrow(
      'Cdn (AWS::CloudFront::Distribution) Type: is not emulated',
    );
  });

  it('has only the resources and outputs whose condition holds', () => {
    const { resources, outputs } = resolveTemplate({
      Resources: { Table: TABLE, Copy: { ...TABLE, Condition: 'IsLive' } },
      Outputs: { Copy: { Value: { Ref: 'Copy' }, Condition: 'IsLive' } },
      Conditions: { IsLive: { 'Fn::Equals': ['a', 'b'] } },
    });

    expect(resources.map(({ logicalId }) => logicalId)).toEqual(['Table']);
    expect(outputs).toEqual({});
  });

  it('refuses a transform, naming it', () => {
    expect(() => resolveTemplate({ Resources: {}, Transform: 'AWS::Serverless-2016-10-31' })).toThrow(
      'Stack (Template) Transform: "AWS::Serverless-2016-10-31" is not emulated',
    );
  });
});
